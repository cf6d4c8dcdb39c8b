/** What a seed stands for: which world, which faults, how long. The same for the command line and the tests. */
import { calm, profileOf } from "./faults.ts";
import type { Mutant } from "./mutants.ts";
import { checkPlan } from "./plan-check.ts";
import { randomOf } from "./random.ts";
import { Simulation } from "./simulation.ts";
import { Shard } from "./sqlite-d1.ts";
import { crowdedShape, uncontendedShape, usualShape } from "./world.ts";

export async function runSeed(
  seed: number,
  mutant: Mutant | null = null,
  shard = new Shard(),
): Promise<Simulation> {
  const random = randomOf(seed * 7919 + 17);
  // One in twelve proves the plan.
  if (seed % 12 === 0) {
    const sim = new Simulation(seed, { profile: calm, shape: uncontendedShape, turns: 1, mutant, shard });
    await checkPlan(sim);
    return sim;
  }
  const shape = random.chance(0.04) ? crowdedShape : usualShape;
  const options = { profile: profileOf(random), shape, turns: random.int(25, 80), mutant, shard };
  const sim = new Simulation(seed, options);
  await sim.run();
  return sim;
}

export type Catch = { mutant: string; seed: number; invariant: string } | { mutant: string; seed: null };

/** The first seed whose invariants see the mutant. */
export async function catchMutant(mutant: Mutant, seedsMax: number): Promise<Catch> {
  let changes = mutant.rewrite ? 0 : 1;
  const counting = {
    ...mutant,
    ...(mutant.rewrite && {
      rewrite(sql: string) {
        const changed = mutant.rewrite!(sql);
        if (changed !== sql) changes++;
        return changed;
      },
    }),
  };
  for (let seed = 1; seed <= seedsMax; seed++) {
    const [problem] = (await runSeed(seed, counting)).invariants.problems;
    if (problem) return { mutant: mutant.name, seed, invariant: problem.invariant };
  }
  if (!changes) throw new Error(`this mutant changes no statement any more: ${mutant.name}`);
  return { mutant: mutant.name, seed: null };
}
