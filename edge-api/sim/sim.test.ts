/** The engine in the simulated world, as `pnpm sim` runs it: `pnpm sim --seed N` plays a bad one again. */
import { describe, expect, test } from "vitest";
import { mutants } from "./mutants.ts";
import { catchMutant, runSeed } from "./seeds.ts";

/** Seeds that once broke an invariant. What a seed means changes with the world's code; they cost little and stay. */
const regressions = [1, 9, 13, 14, 20, 24, 25, 39, 57, 82, 128, 293, 1458, 2186];

const seeds = { from: 3000, count: 280, inOneTest: 20 };

const brokenBy = async (seed: number) => ({ seed, problems: (await runSeed(seed)).invariants.problems });
const nothing = (seed: number) => ({ seed, problems: [] });

describe("whatever is lost, doubled, late or stopped", () => {
  test("seeds that were bad once are good", { timeout: 120_000 }, async () => {
    for (const seed of regressions) expect(await brokenBy(seed)).toEqual(nothing(seed));
  });

  const firsts = Array.from({ length: seeds.count / seeds.inOneTest }, (_, i) => seeds.from + i * seeds.inOneTest);
  test.each(firsts)("no mail is sent twice, lost, or sent after a stop (seeds from %i)", { timeout: 120_000 }, async (first) => {
    for (let seed = first; seed < first + seeds.inOneTest; seed++) expect(await brokenBy(seed)).toEqual(nothing(seed));
  });

  test("a seed is one run, exactly", { timeout: 60_000 }, async () => {
    const [once, again] = [await runSeed(8), await runSeed(8)];
    expect(again.scheduler.steps).toBe(once.scheduler.steps);
    expect(again.shard.all("SELECT * FROM events")).toEqual(once.shard.all("SELECT * FROM events"));
  });
});

describe("an engine that is broken on purpose is caught", () => {
  test.each(mutants)("$name", { timeout: 120_000 }, async (mutant) => {
    expect(await catchMutant(mutant, 100)).toMatchObject({ seed: expect.any(Number) });
  });
});
