/**
 * Two people changed the same sequence: what both did is put together, piece by piece, against what both had seen. What
 * only one of them changed is taken as it is; where both wrote something else, both texts are kept for somebody to
 * choose. Nothing that anybody wrote is dropped. Pure.
 */
import { type Draft, type DraftStep, type StepField, same } from "./draft.ts";

export type Clash = {
  /** Of the step; null: the sequence itself. */
  key: string | null;
  field: StepField | "name" | "scheduleId" | "mailboxId";
  mine: unknown;
  theirs: unknown;
};

const ownFields = ["name", "scheduleId", "mailboxId"] as const;
const stepFields = ["type", "name", "delay", "window", "subject", "body", "title", "kind"] as const;

/** @returns what both did, with mine where both clash. */
export function mergeDrafts(base: Draft, mine: Draft, theirs: Draft): { draft: Draft; clashes: Clash[] } {
  const clashes: Clash[] = [];
  const merged = pieces(null, ownFields, { base, mine, theirs }, clashes);
  const idOf = ({ id }: DraftStep) => id;
  const before = new Map(base.steps.map((step) => [step.id, step]));
  const there = new Map(theirs.steps.map((step) => [step.id, step]));
  const here = new Map(mine.steps.filter(idOf).map((step) => [step.id, step]));

  // Saved by me, and the answer never came: theirs has it, with an id I have not heard of.
  const fresh = theirs.steps.filter(({ id }) => !before.has(id));
  const adopted = new Map<string, DraftStep>();
  for (const step of mine.steps.filter(({ id }) => id === undefined)) {
    const twin = fresh.find((one) => ![...adopted.values()].includes(one) && same(text(one), text(step)));
    if (twin) adopted.set(step.key, twin);
  }

  const kept = mine.steps.flatMap((step): DraftStep[] => {
    if (step.id === undefined) {
      const twin = adopted.get(step.key);
      return [twin ? { ...step, id: twin.id! } : step];
    }
    const [seen, theirStep] = [before.get(step.id), there.get(step.id)];
    if (!seen) return [step];
    if (theirStep) {
      return [
        { ...step, ...pieces(step.key, stepFields, { base: seen, mine: step, theirs: theirStep }, clashes) },
      ];
    }
    // They deleted it. What I wrote into it meanwhile stays, as a new step.
    if (same(text(step), text(seen))) return [];
    const { id: _id, ...own } = step;
    return [own];
  });

  const taken = new Set([...adopted.values()].map(idOf));
  const missing = theirs.steps.filter(({ id }) => !here.has(id) && !taken.has(id));
  // New of theirs; or deleted by me, and changed by them since.
  const added = missing.filter((step) => {
    const seen = before.get(step.id);
    return !seen || !same(text(step), text(seen));
  });
  return { draft: { ...mine, ...merged, steps: inOrder(base, kept, added, theirs) }, clashes };
}

function pieces<Whole extends object, Field extends keyof Whole>(
  key: string | null,
  fields: readonly Field[],
  { base, mine, theirs }: { base: Whole; mine: Whole; theirs: Whole },
  clashes: Clash[],
): Pick<Whole, Field> {
  const merged = {} as Pick<Whole, Field>;
  for (const field of fields) {
    const isMine = !same(mine[field], base[field]);
    const isTheirs = !same(theirs[field], base[field]);
    merged[field] = isMine ? mine[field] : theirs[field];
    if (isMine && isTheirs && !same(mine[field], theirs[field])) {
      clashes.push({ key, field: field as Clash["field"], mine: mine[field], theirs: theirs[field] });
    }
  }
  return merged;
}

const text = ({ key: _key, id: _id, ...step }: DraftStep) => step;

/** My order, unless only they changed it; what they added stands behind the step they put it behind. */
function inOrder(base: Draft, kept: DraftStep[], added: DraftStep[], theirs: Draft): DraftStep[] {
  const order = (steps: DraftStep[]) => steps.map(({ id }) => id).filter((id) => id !== undefined);
  const common = new Set(order(kept).filter((id) => order(base.steps).includes(id)));
  const ofCommon = (steps: DraftStep[]) => order(steps).filter((id) => common.has(id));
  let steps = kept;
  if (same(ofCommon(kept), ofCommon(base.steps))) {
    const place = (step: DraftStep) => theirs.steps.findIndex(({ id }) => id === step.id);
    const sorted = kept.filter(({ id }) => common.has(id!)).sort((a, b) => place(a) - place(b));
    steps = kept.map((step) => (common.has(step.id!) ? sorted.shift()! : step));
  }
  for (const step of added) {
    const at = theirs.steps.findIndex(({ id }) => id === step.id);
    const previous = theirs.steps[at - 1]?.id;
    const behind = previous === undefined ? -1 : steps.findIndex(({ id }) => id === previous);
    steps = steps.toSpliced(behind + 1, 0, step);
  }
  return steps;
}
