/**
 * Every text of the panel in every language: nothing missing, nothing left in English, and whatever a sentence is told
 * with is in it. New tables of words are found by themselves.
 */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { de } from "./de.ts";
import { wholeEnglish } from "./en-rare.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";

type Tree = { [key: string]: unknown };
type Texts = Record<"en" | "de" | "es" | "fr", Tree>;

const panel = join(import.meta.dirname, "..");
const files = readdirSync(panel, { recursive: true, encoding: "utf8" }).filter((file) =>
  /(^|[/-])words\.ts$/.test(file),
);

/** Wherever a module exports one object with the four languages. */
async function tables(): Promise<[string, Texts][]> {
  const found: [string, Texts][] = [["messages", { en: wholeEnglish, de, es, fr } as unknown as Texts]];
  for (const file of files) {
    const module = (await import(pathToFileURL(join(panel, file)).href)) as Tree;
    for (const [name, value] of Object.entries(module)) {
      if (value && typeof value === "object" && "en" in value && "de" in value) {
        found.push([`${relative(panel, join(panel, file))} ${name}`, value as unknown as Texts]);
      }
    }
  }
  return found;
}

/** Every leaf with its path: texts, sentences, and lists of texts. */
function leaves(tree: unknown, path = ""): [string, unknown][] {
  if (!tree || typeof tree !== "object") return [[path, tree]];
  return Object.entries(tree).flatMap(([key, value]) => leaves(value, path ? `${path}.${key}` : key));
}

/** Stands for whatever a sentence is told with, so that it is found again in what was said. */
const given = (place: number): unknown =>
  new Proxy(
    Object.assign(() => `⟦${place}⟧`, { toString: () => `⟦${place}⟧` }),
    {
      get: (target, key) =>
        key === Symbol.toPrimitive || key === "toString" || key === "valueOf"
          ? () => `⟦${place}⟧`
          : key in target
            ? target[key as keyof typeof target]
            : `⟦${place}.${String(key)}⟧`,
    },
  );
const said = (leaf: unknown): string => {
  if (typeof leaf !== "function") return String(leaf);
  const parts = Array.from({ length: 6 }, (_, place) => given(place));
  return String((leaf as (...parts: unknown[]) => unknown)(...parts));
};
const placesIn = (text: string) => [...new Set(text.match(/⟦[^⟧]+⟧|\{\}/g))].sort();

const all = await tables();

const others = ["de", "es", "fr"] as const;

describe.each(all)("the words of %s", (_, texts) => {
  const english = leaves(texts.en);

  it.each(others)("are the same ones in %s", (language) => {
    const kinds = (tree: Tree) => leaves(tree).map(([path, leaf]) => `${path}: ${typeof leaf}`);
    expect(kinds(texts[language]).sort()).toEqual(kinds(texts.en).sort());
  });

  it.each(others)("say in %s whatever English says of who, what and when", (language) => {
    const spoken = new Map(leaves(texts[language]));
    for (const [path, leaf] of english) {
      expect([path, placesIn(said(spoken.get(path)))]).toEqual([path, placesIn(said(leaf))]);
    }
  });

  it.each(others)("are empty in %s only where English is, and quote as one does there", (language) => {
    const spoken = new Map(leaves(texts[language]));
    const foreign = language === "de" ? /“[^“„]*”/ : /[“”„]/;
    for (const [path, leaf] of english) {
      const text = said(spoken.get(path));
      expect([path, text.trim() === ""]).toEqual([path, said(leaf).trim() === ""]);
      expect([path, foreign.test(text)]).toEqual([path, false]);
    }
  });
});

describe("the tables of words", () => {
  it("are found: the first screen's, and one a folder of views at the least", () => {
    expect(all.length).toBeGreaterThanOrEqual(6);
  });
});
