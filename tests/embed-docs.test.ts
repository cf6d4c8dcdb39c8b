/** The signing examples on docs/embed.md, run as they stand there: what they sign is what the API takes. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleOn, openApi, registerHostApp } from "./host-app.ts";

const page = readFileSync(join(import.meta.dirname, "../docs/embed.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "cadenza-embed-"));
afterAll(() => rmSync(folder, { recursive: true }));

const baseUrl = "https://cadenza.test";
const origin = "https://crm.northwind.example";
const app = openApi(baseUrl);
let settings: Record<string, string>;

beforeAll(async () => {
  const { id, kid, secret } = await registerHostApp(app, "Northwind", [origin]);
  settings = { CADENZA_URL: baseUrl, CADENZA_APP: id, CADENZA_KID: kid, CADENZA_APP_SECRET: secret };
});

/** Runs a program that prints a token. */
function tokenBy(command: string, file: string, code: string, other: Record<string, string> = {}): string {
  const path = join(folder, file);
  writeFileSync(path, code);
  const env = { ...settings, ...other, PATH: process.env.PATH };
  try {
    return execFileSync(command, [path], { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOENT") throw error;
    throw new Error(`${command} is not installed, and an example on docs/embed.md cannot be run without it.`);
  }
}

async function exchange(token: string) {
  const response = await app.fetch(
    new Request(`${baseUrl}/v1/embed/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin },
      body: JSON.stringify({ token }),
    }),
  );
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("a token signed as docs/embed.md says", () => {
  const inNode = () => `${exampleOn(page, "node")}
process.stdout.write(cadenzaToken({ id: 4711, email: "zoe@northwind.example", name: "Zoë Müller-Łuk" }));`;

  it("in Node is exchanged for a session", async () => {
    const { status, body } = await exchange(tokenBy(process.execPath, "token.mjs", inNode()));
    const member = expect.objectContaining({ name: "Zoë Müller-Łuk", role: "rep" });
    expect([status, body.member]).toEqual([200, member]);
  });

  it("in Python is exchanged for a session", async () => {
    const code = `${exampleOn(page, "python")}
print(cadenza_token(4712, "zora@northwind.example", "Zora Müller-Łuk"), end="")`;
    const { status, body } = await exchange(tokenBy("python3", "token.py", code));
    const member = expect.objectContaining({ name: "Zora Müller-Łuk", role: "rep" });
    expect([status, body.member]).toEqual([200, member]);
  });

  it("with a secret of somebody else is refused", async () => {
    const other = { CADENZA_APP_SECRET: "cdz_host_of_somebody_else" };
    const { body } = await exchange(tokenBy(process.execPath, "token.mjs", inNode(), other));
    expect(body.code).toBe("embed_signature_wrong");
  });
});
