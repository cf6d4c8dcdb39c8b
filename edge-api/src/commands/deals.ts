/** Opportunities: made and changed. What they point at has to be the workspace's own. */
import { type DealFields, type DealView, insertDeal, loadDeal, updateDeal } from "../db/deals.ts";
import { checkOwned } from "../db/owned.ts";
import { type Reference, referenceProblem } from "../db/references.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { DealId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { edit } from "./edit.ts";
import { mergedCustom } from "./fields.ts";

type Changes = { [Field in keyof DealFields]?: DealFields[Field] | undefined };
const fieldNames = ["name", "stage", "amount", "currency", "contactId", "companyId", "ownerId"] as const;

export async function createDeal(
  { db, now }: System,
  { workspaceId }: Actor,
  asked: Changes & { name: string; custom: Record<string, unknown>; references: Reference[] },
): Promise<DealView> {
  const nothing = {
    stage: null,
    amount: null,
    currency: null,
    contactId: null,
    companyId: null,
    ownerId: null,
  };
  const deal = {
    ...fieldsOf({ name: asked.name, ...nothing }, asked),
    custom: mergedCustom({}, asked.custom),
    references: asked.references,
  };
  checkAmount(deal);
  await checkOwned(db, workspaceId, asked);
  const id = await insertDeal(db, workspaceId, deal, now()).catch(refuseTaken);
  return loadDeal(db, workspaceId, id);
}

export async function changeDeal(
  { db, now }: System,
  { workspaceId }: Actor,
  id: DealId,
  changes: Changes & { custom?: Record<string, unknown> | undefined; references?: Reference[] | undefined },
  ifRev: number | null,
): Promise<DealView> {
  await checkOwned(db, workspaceId, changes);
  return edit(
    ifRev,
    () => loadDeal(db, workspaceId, id),
    (row) => {
      const deal = {
        ...fieldsOf(row, changes),
        custom: mergedCustom(row.custom, changes.custom ?? {}),
        references: changes.references ?? row.references,
      };
      checkAmount(deal);
      return updateDeal(db, row, deal, now()).catch(refuseTaken);
    },
  );
}

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
