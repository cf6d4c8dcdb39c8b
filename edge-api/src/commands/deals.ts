/** Opportunities: made and changed. What they point at has to be the workspace's own. */
import { type DealFields, type DealView, insertDeal, loadDeal, updateDeal } from "../db/deals.ts";
import { listLiveOfDeal } from "../db/enrollments.ts";
import { checkOwned } from "../db/owned.ts";
import { type Reference, referenceProblem } from "../db/references.ts";
import type { Actor } from "../domain/actor.ts";
import { dealEnd, endWithDeal } from "../domain/deal.ts";
import type { Decision } from "../domain/decision.ts";
import { AppError } from "../domain/errors.ts";
import type { DealId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { edit } from "./edit.ts";
import { mergedCustom } from "./fields.ts";
import { ownerOfNew, requireGivable } from "./ownership.ts";
import { commitDecisions } from "./ports.ts";

type Changes = { [Field in keyof DealFields]?: DealFields[Field] | undefined };
const fieldNames = ["name", "stage", "amount", "currency", "contactId", "companyId", "ownerId"] as const;

export async function createDeal(
  { db, now }: System,
  actor: Actor,
  asked: Changes & { name: string; custom: Record<string, unknown>; references: Reference[] },
): Promise<DealView> {
  const { workspaceId } = actor;
  const nothing = {
    stage: null,
    amount: null,
    currency: null,
    contactId: null,
    companyId: null,
    ownerId: null,
  };
  const deal = {
    ...fieldsOf({ name: asked.name, ...nothing }, { ...asked, ownerId: ownerOfNew(actor, asked.ownerId) }),
    custom: mergedCustom({}, asked.custom),
    references: asked.references,
  };
  checkAmount(deal);
  await checkOwned(db, workspaceId, asked);
  const id = await insertDeal(db, workspaceId, deal, now()).catch(refuseTaken);
  return loadDeal(db, workspaceId, id);
}

/** A stage that says the deal is over ends what runs for it, in the batch that writes the stage. */
export async function changeDeal(
  system: System,
  actor: Actor,
  id: DealId,
  changes: Changes & { custom?: Record<string, unknown> | undefined; references?: Reference[] | undefined },
  ifRev: number | null,
): Promise<DealView> {
  const { db, now } = system;
  const { workspaceId } = actor;
  await checkOwned(db, workspaceId, changes);
  const end = dealEnd(changes.stage ?? null);
  const changed = await edit(
    ifRev,
    () => loadDeal(db, workspaceId, id),
    async (row) => {
      requireGivable(actor, changes.ownerId, row.ownerId);
      const deal = {
        ...fieldsOf(row, changes),
        custom: mergedCustom(row.custom, changes.custom ?? {}),
        references: changes.references ?? row.references,
      };
      checkAmount(deal);
      const ends = end ? await endings(system, actor, id, end) : [];
      return updateDeal(
        db,
        row,
        deal,
        now(),
        ends.length ? (first) => commitDecisions(system, ends, first) : undefined,
      ).catch(refuseTaken);
    },
  );
  if (end) await endOvertaken(system, actor, id, end);
  return changed;
}

async function endings(system: System, actor: Actor, id: DealId, end: "won" | "lost"): Promise<Decision[]> {
  const live = await listLiveOfDeal(system.db, id);
  return live.flatMap((enrollment) => {
    const change = endWithDeal(enrollment, end, { actor: actor.name, at: system.now() });
    return change.ok ? [change.decision] : [];
  });
}

/** Who moved on between our read and the batch, or was enrolled just then. */
async function endOvertaken(system: System, actor: Actor, id: DealId, end: "won" | "lost"): Promise<void> {
  for (let attempt = 0; attempt < endTries; attempt++) {
    const decisions = await endings(system, actor, id, end);
    if (!decisions.length) return;
    await commitDecisions(system, decisions);
  }
  throw new AppError("busy", "Its enrollments keep changing at this moment. Try again.");
}

const endTries = 10;

/** "" says as little as null. */
const fieldsOf = (before: DealFields, changes: Changes): DealFields =>
  Object.fromEntries(
    fieldNames.map((name) => [
      name,
      changes[name] === undefined ? before[name] : changes[name] === "" ? null : changes[name],
    ]),
  ) as DealFields;

function checkAmount({ amount, currency }: DealFields): void {
  if (amount !== null && currency === null) {
    throw new AppError("invalid_request", "An amount needs its currency.", "/currency");
  }
}

function refuseTaken(error: unknown): never {
  throw referenceProblem(error);
}
