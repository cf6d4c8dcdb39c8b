/** What the built extension asks the browser for is what docs/permissions.md gives a reason for, and nothing more. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { builtExtension, ensureExtensionBuilt, manifest } from "../build.ts";

beforeAll(ensureExtensionBuilt, 180_000);

const page = readFileSync(join(import.meta.dirname, "../../docs/permissions.md"), "utf8");
/** The rows of the table under this heading: the first cell, and whether the last one says anything. */
const rowsUnder = (heading: string) =>
  [
    ...page
      .split(`## ${heading}\n`)[1]!
      .split("\n## ")[0]!
      .matchAll(/^\| `([^`]+)` \|(.*)\|$/gm),
  ].map(([, name = "", rest = ""]) => ({ name, why: rest.split("|").at(-1)!.trim(), rest }));

describe("the built manifest", () => {
  it("asks for each permission that has a reason, and for no other", () => {
    const rows = rowsUnder("Permissions");
    expect(manifest().permissions.toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
    for (const { name, why } of rows) expect([name, why.length > 20]).toEqual([name, true]);
  });

  it("asks for each site that has a reason, and for all but Gmail only when it is needed", () => {
    const rows = rowsUnder("Sites");
    const always = rows.filter(({ rest }) => rest.trim().startsWith("always")).map(({ name }) => name);
    const asked = rows.filter(({ name }) => !always.includes(name)).map(({ name }) => name);
    const { host_permissions, optional_host_permissions } = manifest();
    expect([host_permissions, optional_host_permissions]).toEqual([always, asked]);
  });

  it("opens nothing to pages and loosens no policy", () => {
    const built = manifest();
    for (const field of [
      "web_accessible_resources",
      "externally_connectable",
      "content_security_policy",
      "optional_permissions",
    ]) {
      expect([field, built[field]]).toEqual([field, undefined]);
    }
    expect(built.manifest_version).toBe(3);
  });

  it("has the id that its key says", () => {
    const hash = createHash("sha256").update(Buffer.from(manifest().key, "base64")).digest("hex");
    const id = [...hash.slice(0, 32)].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
    expect(id.join("")).toBe("dfhihegapcfpchbbbcdabhghcbhcajbg");
  });
});

describe("the built package", () => {
  const files = () =>
    readdirSync(builtExtension, { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.(js|html)$/.test(file),
    );

  it("has the panel and everything it fetches later", () => {
    const scripts = files().filter((file) => file.startsWith("panel/"));
    expect(scripts.length).toBeGreaterThan(5);
    const wanted = scripts.flatMap((file) =>
      [...readFileSync(join(builtExtension, file), "utf8").matchAll(/["'](\.\/[\w./-]+\.js)["']/g)].map(
        ([, name = ""]) => join(file, "..", name),
      ),
    );
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((file) => !scripts.includes(file))).toEqual([]);
  });

  it("loads no script from anywhere else, and the pages compile none", () => {
    const pages = files().filter((file) => !file.startsWith("static/background"));
    const broken = pages.filter((file) => {
      const text = readFileSync(join(builtExtension, file), "utf8");
      return /<script[^>]+src="(?!\/)|import\(["']https?:|new Function\(|\beval\(/.test(text);
    });
    expect(broken).toEqual([]);
  });
});
