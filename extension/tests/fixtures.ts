/**
 * The saved pages that tests read: our own, with invented people, and where CADENZA_CORPUS names a folder those of its
 * `fixtures/` too, which stay there.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Printed } from "../src/page/printed.ts";

export interface Fixture {
  name: string;
  html: Buffer;
  url: string;
  expect: Printed;
}

const own = join(import.meta.dirname, "pages");

/** `prefix`: of the page's name. `""` for all. */
export function ownPages(prefix: string): Fixture[] {
  return readdirSync(own)
    .filter((name) => name.startsWith(prefix) && existsSync(join(own, name, "expected.json")))
    .map((name) => {
      const { url, expect } = JSON.parse(readFileSync(join(own, name, "expected.json"), "utf8"));
      return { name, url, expect, html: readFileSync(join(own, name, "source.html")) };
    });
}

/** Empty without CADENZA_CORPUS: the tests hold on a machine that has no corpus. */
export function corpusPages(...folders: string[]): Fixture[] {
  const corpus = process.env.CADENZA_CORPUS;
  if (!corpus) return [];
  const root = join(corpus, "fixtures");
  const all: Record<string, { url: string; expect: Printed }> = JSON.parse(
    readFileSync(join(root, "expected.json"), "utf8"),
  );
  return Object.entries(all)
    .filter(([name]) => folders.some((folder) => name.startsWith(`${folder}/`)))
    .map(([name, { url, expect }]) => ({ name, url, expect, html: readFileSync(join(root, name)) }));
}
