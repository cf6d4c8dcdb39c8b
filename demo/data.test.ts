/** What the demo ships is also what a newcomer's first sequence is made of. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseSequenceFile } from "../edge-api/scripts/load-sequence.ts";

const folder = join(import.meta.dirname, "data/sequences");

it.each(readdirSync(folder))("%s leaves signing to the mailbox, so that no mail is signed twice", (name) => {
  const { steps = [] } = parseSequenceFile(readFileSync(join(folder, name), "utf8"));
  const bodies = steps.flatMap((step) => ("body" in step ? [step.body] : []));
  expect(bodies.length).toBeGreaterThan(0);
  expect(bodies.filter((body) => /sender\.|\b(Best|Regards|Cheers),?\s*$/i.test(body))).toEqual([]);
});
