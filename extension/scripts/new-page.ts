/** `pnpm new-page`: turns a saved page into a fixture folder, with what the readers find today as its first expectation. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, extname, join, relative } from "node:path";
import { argumentsOf, helpOption, Refusal, run } from "../../edge-api/scripts/command-line.ts";
import type { Printed } from "../src/page/printed.ts";
import { openPageBrowser } from "./page-browser.ts";
import { readSavedPage, webAddress } from "./saved-page.ts";

const usage = `pnpm new-page FILE.html URL [--name NAME] [--into FOLDER]

  FILE.html      a saved page, with invented people: what is added here is published
  URL            the address it was saved from
  --name NAME    the fixture's name  (else the file's)
  --into FOLDER  where fixtures lie  (else extension/tests/pages)

Writes NAME/source.html and NAME/expected.json. Put right by hand what the readers got wrong, then make them agree.`;

const root = join(import.meta.dirname, "../..");

await run(async () => {
  const { values, positionals } = argumentsOf(process.argv.slice(2), {
    name: { type: "string" },
    into: { type: "string", default: join(root, "extension/tests/pages") },
    ...helpOption,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [file, given, ...more] = positionals;
  if (!file || !given || more.length > 0) throw new Refusal(usage);
  const url = webAddress(given);
  const html = readSavedPage(file);
  const folder = join(values.into, slugOf(values.name ?? basename(file, extname(file))));
  if (existsSync(folder))
    throw new Refusal(`${relative(root, folder)} is there already: give another --name.`);
  const browser = await openPageBrowser();
  const found = await browser.read(html, url).finally(() => browser.close());
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "source.html"), html);
  writeFileSync(join(folder, "expected.json"), `${JSON.stringify({ url, expect: known(found) }, null, 2)}\n`);
  console.log(
    `${relative(root, folder)} expects ${String(found.type)}: read expected.json, it says what is found, not what is right.`,
  );
  return 0;
});

function slugOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  if (!slug) throw new Refusal(`"${name}" has no letter to name a folder by: give --name.`);
  return slug;
}

/** Without provenance, which may change, and without what is unknown. */
function known(found: Printed): Printed {
  const kept = Object.entries(found)
    .filter(([key, value]) => value !== null && !["sources", "confidence", "reader"].includes(key))
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([key, value]) => [key, Array.isArray(value) ? value.map(knownIn) : value]);
  return Object.fromEntries(kept);
}

function knownIn(value: Printed[string]): Printed[string] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? known(value) : value;
}
