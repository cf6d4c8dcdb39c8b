/** The pages under docs/ say what the code does today. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pages } from "../edge-api/scripts/docs.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

describe("docs", () => {
  for (const [name, text] of Object.entries(pages)) {
    it(`docs/${name} is what \`pnpm docs\` writes`, () => {
      expect(read(`docs/${name}`)).toBe(text);
    });
  }

  const written = [
    ...readdirSync(root).filter((name) => name.endsWith(".md")),
    ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ];

  it("every relative link in every page leads to a file", () => {
    const dead = written.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
        .map(([, target = ""]) => target)
        .filter((target) => !existsSync(join(root, file, "..", target)))
        .map((target) => `${file} → ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it("every attack in docs/security.md is tried by the test it names", () => {
    const rows = [...read("docs/security.md").matchAll(/\| `([\w/.-]+\.test\.ts)`: "(.+)" \|$/gm)];
    expect(rows.length).toBeGreaterThan(25);
    const missing = rows
      .filter(([, file = "", title = ""]) => !read(`edge-api/tests/${file}`).includes(title))
      .map(([, file, title]) => `${file}: ${title}`);
    expect(missing).toEqual([]);
  });

  it("the README opens with the two commands", () => {
    const head = read("README.md").slice(0, 1500);
    expect(head).toContain("npx -y pnpm@12.21.0 demo");
    expect(head).toContain("npx -y pnpm@12.21.0 test");
  });

  it("every command the pages name exists", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const builtIn = new Set(["install", "exec", "test"]);
    const unknown = written.flatMap((file) =>
      [...read(file).matchAll(/`(?:npx -y )?pnpm(?:@12\.21\.0)? ([a-z][\w:-]*)/g)]
        .map(([, name = ""]) => name)
        .filter((name) => !builtIn.has(name) && !(name in scripts))
        .map((name) => `${file}: pnpm ${name}`),
    );
    expect(unknown).toEqual([]);
  });
});

it("packages are checked against the Node the tools run on, not the one that started pnpm", () => {
  const { node } = JSON.parse(read("package.json")).devDependencies;
  expect(read("pnpm-workspace.yaml")).toMatch(new RegExp(`^nodeVersion: ${node}$`, "m"));
});
