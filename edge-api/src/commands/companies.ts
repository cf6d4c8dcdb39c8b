/** Accounts: made by hand or by the contacts that name them, and changed. */
import { type CompanyView, insertCompany, loadCompany, updateCompany } from "../db/companies.ts";
import { isUniqueViolation } from "../db/constraints.ts";
import { type Reference, referenceProblem } from "../db/references.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { CompanyId } from "../domain/ids.ts";
import { domainOf, normaliseEmail } from "../domain/message.ts";
import type { System } from "../domain/system.ts";
import { mergedCustom } from "./fields.ts";

export async function createCompany(
  { db, now }: System,
  { workspaceId }: Actor,
  asked: {
    name: string;
    domain?: string | null | undefined;
    custom: Record<string, unknown>;
    references: Reference[];
  },
): Promise<CompanyView> {
  const company = { ...asked, domain: checkedDomain(asked.domain), custom: mergedCustom({}, asked.custom) };
  const id = await insertCompany(db, workspaceId, company, now()).catch(refuseTaken);
  return loadCompany(db, workspaceId, id);
}

export async function changeCompany(
  { db, now }: System,
  { workspaceId }: Actor,
  id: CompanyId,
  asked: {
    name?: string | undefined;
    domain?: string | null | undefined;
    custom?: Record<string, unknown> | undefined;
    references?: Reference[] | undefined;
  },
): Promise<CompanyView> {
  const row = await loadCompany(db, workspaceId, id);
  mergedCustom(row.custom, asked.custom ?? {});
  const company = {
    name: asked.name ?? row.name,
    domain: asked.domain === undefined ? row.domain : checkedDomain(asked.domain),
    customPatch: asked.custom ?? {},
    references: asked.references,
  };
  await updateCompany(db, row, company, now()).catch(refuseTaken);
  return loadCompany(db, workspaceId, id);
}

/** In the form addresses are kept in, so that the two can be compared. */
function checkedDomain(domain: string | null | undefined): string | null {
  if (!domain) return null;
  const address = normaliseEmail(`somebody@${domain}`);
  if (!address) throw new AppError("invalid_request", "Write a domain: example.com.", "/domain");
  return domainOf(address);
}

function refuseTaken(error: unknown): never {
  if (isUniqueViolation(error, "companies")) {
    throw new AppError("company_exists", "A company of this name exists already.", "/name");
  }
  throw referenceProblem(error);
}
