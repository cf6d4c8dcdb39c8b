/** `pnpm read-page` and `pnpm new-page`, as a person types them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { start } from "../../tests/pnpm.ts";
import { differences } from "./expectation.ts";
import { ownPages } from "./fixtures.ts";

// Each starts a browser of its own.
vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), "cadenza-pages-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Where the person stands is where a path begins.
const run = (script: string, ...args: string[]) => start(script, args, { INIT_CWD: folder }).ended;
const save = (name: string, html: string | Buffer) => writeFileSync(join(folder, name), html);

const [fixture] = ownPages("gmail-thread-signatures");

describe("pnpm read-page", () => {
  it("prints what the readers find as one JSON object and nothing else", async () => {
    save("thread.html", fixture!.html);
    const { code, stdout, stderr } = await run("read-page", "thread.html", "--url", fixture!.url);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(differences(fixture!.expect, JSON.parse(stdout))).toEqual([]);
  });

  it("takes a page that nobody reads, and says none", async () => {
    save("any.html", "<p>Hello");
    const { stdout } = await run("read-page", "any.html", "--url", "https://shop.example/");
    expect(JSON.parse(stdout)).toEqual({ type: "none", reader: null, confidence: "low", warnings: [] });
  });

  it("lets no request leave and no script run, whatever the page asks for", async () => {
    let connections = 0;
    const server = createServer((_, response) => response.end());
    server.on("connection", () => connections++);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const there = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    save(
      "asks.html",
      `<head><link rel="preconnect" href="${there}"><link rel="stylesheet" href="${there}/a.css"><link rel="prefetch" href="${there}/b">
       <meta http-equiv="refresh" content="0;url=${there}/away"><script src="${there}/c.js"></script></head>
       <body><img src="${there}/d.png" onerror="fetch('${there}/e')"><iframe src="${there}/f"></iframe>
       <script>fetch("${there}/g"); location = "${there}/h"; new WebSocket("${there.replace("http", "ws")}");</script>
       <video src="${there}/i" autoplay></video><style>@import url(${there}/j.css); body { background: url(${there}/k) }</style>
       <iframe srcdoc="<img src='${there}/l'><script>fetch('${there}/m')</script>"></iframe></body>`,
    );
    try {
      const { code, stdout } = await run(
        "read-page",
        "asks.html",
        "--url",
        "https://mail.google.com/mail/u/0/#inbox",
      );
      expect({ code, type: JSON.parse(stdout).type, connections }).toEqual({
        code: 0,
        type: "none",
        connections: 0,
      });
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it.each([
    [["any.html"], /pnpm read-page FILE\.html --url URL/],
    [["--url", "https://x.example/"], /pnpm read-page FILE\.html --url URL/],
    [["any.html", "--url", "file:///etc/passwd"], /"file:\/\/\/etc\/passwd" is no address/],
    [["missing.html", "--url", "https://x.example/"], /missing\.html cannot be read/],
  ])("refuses %j in words, with nothing on stdout", async (args, said) => {
    const { code, stdout, stderr } = await run("read-page", ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(said);
  });
});

describe("pnpm new-page", () => {
  const into = join(folder, "pages");

  it("adds a folder with the page and what is found in it today", async () => {
    save("Thread (1).html", fixture!.html);
    const { code, stdout } = await run("new-page", "Thread (1).html", fixture!.url, "--into", into);
    expect(code).toBe(0);
    expect(stdout).toMatch(/thread-1 expects thread: read expected\.json/);
    const written = JSON.parse(readFileSync(join(into, "thread-1/expected.json"), "utf8"));
    expect(written.url).toBe(fixture!.url);
    expect(written.expect.contacts[0]).toMatchObject({ type: "person", name: "Lena Vogt", role: "sender" });
    expect(written.expect.contacts[0]).not.toHaveProperty("sources");
    expect(readFileSync(join(into, "thread-1/source.html"))).toEqual(fixture!.html);
  });

  it("never writes over a fixture that is there", async () => {
    save("other.html", "<p>other");
    const { code, stderr } = await run(
      "new-page",
      "other.html",
      fixture!.url,
      "--into",
      into,
      "--name",
      "thread-1",
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/thread-1 is there already: give another --name/);
    expect(readFileSync(join(into, "thread-1/source.html"))).toEqual(fixture!.html);
  });
});
