/** What hosts are typed against: one file that needs no other, and says what the panel really has. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../widget/build.ts";
import { exampleOn } from "./host-app.ts";

const root = join(import.meta.dirname, "..");
const guide = readFileSync(join(root, "docs/embed.md"), "utf8");
const types = () => readFileSync(join(root, "widget/dist/widget.d.ts"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "cadenza-types-"));

beforeAll(async () => {
  await ensureBuilt();
  mkdirSync(join(folder, "types"));
  writeFileSync(join(folder, "types/cadenza-widget.d.ts"), types());
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** What TypeScript says about a host's file, set up as the guide says and otherwise as strict as it gets. */
function complaintsAbout(code: string): string[] {
  const file = join(folder, "host.ts");
  writeFileSync(file, code);
  const { compilerOptions } = JSON.parse(exampleOn(guide, "tsconfig")) as { compilerOptions: object };
  const strict = {
    ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false },
    ...{ target: "es2022", module: "esnext", moduleResolution: "bundler", types: [] },
    lib: ["es2022", "dom", "dom.iterable"],
  };
  const config = { compilerOptions: { ...strict, ...compilerOptions }, files: ["host.ts"] };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const program = ts.createProgram([file], options);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const address = "https://cadenza.example.com/widget@1.js";

describe("the published types", () => {
  it("type the guide's own example, the elements and their events, with nothing else of ours at hand", () => {
    const code = `${exampleOn(guide, "mount").replace('("cadenza"),', '("cadenza")!,')}
      import type { KnownPerson } from "${address}";
      const person: KnownPerson = { email: "dana@acme.example" };
      panel.update({ record: { contactId: "ctc_1" }, person, locale: "de" });
      const found: string | undefined = document.querySelector("cadenza-panel")?.tagName;
      document.querySelector("cadenza-panel")!.refresh();
      document.createElement("cadenza-sequences").options = { sequenceId: "seq_1" };
      document.addEventListener("cadenza:task-done", ({ detail }) => detail.outcome.trim() + found);
      document.addEventListener("cadenza:sequence-opened", ({ detail }) => detail.sequenceId?.trim());
      panel.unmount();`;
    expect(complaintsAbout(code)).toEqual([]);
    expect(types()).not.toMatch(/\bfrom "|\bimport\b/);
  });

  it("notice what is wrong", () => {
    const complaints = complaintsAbout(`import { mount } from "${address}";
      mount(document.body, { app: 5 });
      mount(document.body, { record: { entity: "company", id: "1" } });
      document.addEventListener("cadenza:enrolled", ({ detail }) => detail.sequenceNames);`);
    expect(complaints).toEqual([
      expect.stringContaining("'number' is not assignable to type 'string'"),
      expect.stringContaining(`"company"' is not assignable`),
      expect.stringContaining("'sequenceNames' does not exist"),
    ]);
  });

  it("name what the module exports, and no more", async () => {
    const exported = [...types().matchAll(/^export declare (?:class|function) (\w+)/gm)].map(
      ([, name]) => name,
    );
    const built = await import(join(root, "widget/dist/widget.js"));
    expect(exported.sort()).toEqual(Object.keys(built).sort());
    const element = built.CadenzaPanel.prototype;
    const options = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), "options");
    expect([typeof options?.set, typeof element.refresh]).toEqual(["function", "function"]);
    for (const name of ["CadenzaPanel", "CadenzaSequences"]) {
      const [, doc = ""] = new RegExp(`/\\*\\* Attributes: (.+) \\*/\\nexport declare class ${name}`).exec(
        types(),
      )!;
      const documented = [...doc.matchAll(/`([\w-]+)`/g)].map(([, one]) => one);
      expect(documented.length).toBeGreaterThan(4);
      expect(built[name].observedAttributes).toEqual(expect.arrayContaining(documented));
    }
  });
});

describe("the guide's events", () => {
  const told = [...sourceOfEvents().matchAll(/^ {2}"(cadenza:[\w-]+)": (\{[^}]*\}|Record<never, never>);/gm)];
  const fieldsOf = (shape: string) => [...shape.matchAll(/(\w+):/g)].map(([, field]) => `\`${field}\``);

  it("are those of the panel, each with what it holds", () => {
    expect(told.length).toBe(8);
    const rows = [...guide.matchAll(/^\| `(cadenza:[\w-]+)` +\| (.+?) +\| /gm)].map(([, name, holds]) => [
      name,
      holds,
    ]);
    const events = rows.slice(0, told.length);
    expect(events).toEqual(
      told.map(([, name, shape = ""]) => [name, fieldsOf(shape).join(", ") || "nothing"]),
    );
  });

  it("and those of the sequences page", () => {
    const page = readFileSync(join(root, "widget/src/sequences/page.ts"), "utf8");
    const names = [...page.matchAll(/^ {2}"cadenza:(sequences?-[\w-]+)":/gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(5);
    const [, section = ""] = /## The sequences page\n([\s\S]*?)\n## /.exec(guide)!;
    for (const name of names)
      expect(section).toMatch(
        new RegExp(`\`(cadenza:sequence)?${name.replace("sequence", "")}\`|\`cadenza:${name}\``),
      );
  });

  function sourceOfEvents(): string {
    return readFileSync(join(root, "widget/src/events.ts"), "utf8");
  }
});
