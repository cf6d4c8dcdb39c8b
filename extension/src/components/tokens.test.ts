/** One look: the extension's pages have the panel's own colours, to the letter. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const tokensOf = (file: string): Record<string, string> => {
  const css = readFileSync(join(import.meta.dirname, file), "utf8");
  const found = css.matchAll(/^ {2}--([\w-]+): (.*);$/gm);
  // A host may set its own; what stands beside it is ours.
  return Object.fromEntries(
    [...found].map(([, name = "", value = ""]) => [
      name,
      /^var\(--[\w-]+, (.*)\)$/.exec(value)?.[1] ?? value,
    ]),
  );
};

it("the tokens of the extension's pages are those of the panel", () => {
  const [panel, page] = [tokensOf("../../../widget/src/styles/panel.css"), tokensOf("page.css")];
  const shared = Object.keys(panel).filter((name) => name in page);
  expect(shared).toEqual(expect.arrayContaining(["ink", "soft", "line", "ground", "accent", "bad", "good"]));
  for (const name of shared) expect([name, page[name]]).toEqual([name, panel[name]]);
});
