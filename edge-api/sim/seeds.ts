/** What a seed stands for: which world, which faults, how long. The same for the command line and the tests. */
import { calm, profileOf } from "./faults.ts";
import type { Mutant } from "./mutants.ts";
import { checkPlan } from "./plan-check.ts";
import { randomOf } from "./random.ts";
import { Simulation } from "./simulation.ts";
import { crowdedShape, uncontendedShape, usualShape } from "./world.ts";

export async function runSeed(seed: number, mutant: Mutant | null = null): Promise<Simulation> {
  const random = randomOf(seed * 7919 + 17);
  // One in ten proves the plan; a mutant wants faults.
  if (!mutant && seed % 10 === 0) {
    const sim = new Simulation(seed, { profile: calm, shape: uncontendedShape, turns: 1, mutant });
    await checkPlan(sim);
    return sim;
  }
  const shape = random.chance(0.08) ? crowdedShape : usualShape;
  const sim = new Simulation(seed, { profile: profileOf(random), shape, turns: random.int(15, 50), mutant });
  await sim.run();
  return sim;
}
