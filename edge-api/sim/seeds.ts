/** What a seed stands for: which world, which faults, how long. The same for the command line and the tests. */
import { calm, profileOf } from "./faults.ts";
import { type Mutant, mutants } from "./mutants.ts";
import { checkPlan } from "./plan-check.ts";
import { randomOf } from "./random.ts";
import { Simulation } from "./simulation.ts";
import { crowdedShape, uncontendedShape, usualShape } from "./world.ts";

export async function runSeed(seed: number, mutant: Mutant | null = null): Promise<Simulation> {
  const random = randomOf(seed * 7919 + 17);
  // One in twelve proves the plan.
  if (seed % 12 === 0) {
    const sim = new Simulation(seed, { profile: calm, shape: uncontendedShape, turns: 1, mutant });
    await checkPlan(sim);
    return sim;
  }
  const shape = random.chance(0.04) ? crowdedShape : usualShape;
  const sim = new Simulation(seed, { profile: profileOf(random), shape, turns: random.int(25, 80), mutant });
  await sim.run();
  return sim;
}

export type Catch = { mutant: string; seed: number; seeds: number; invariant: string } | { mutant: string; seed: null };

/** The first seed whose invariants see the mutant. */
export async function catchMutant(mutant: Mutant, seedsMax: number): Promise<Catch> {
  for (let seed = 1; seed <= seedsMax; seed++) {
    const [problem] = (await runSeed(seed, mutant)).invariants.problems;
    if (problem) return { mutant: mutant.name, seed, seeds: seed, invariant: problem.invariant };
  }
  return { mutant: mutant.name, seed: null };
}

export const catchMutants = async (seedsMax: number): Promise<Catch[]> => {
  const caught: Catch[] = [];
  for (const mutant of mutants) caught.push(await catchMutant(mutant, seedsMax));
  return caught;
};
