/** What a request did, for the audit log: who, how they got in, from where, to which record. */
import type { Contract } from "@cadenza/shared/contract/contract";
import type { RouteName } from "@cadenza/shared/routes";
import type { Context } from "hono";
import { insertAuditEntry } from "../db/audit.ts";
import type { Answer, Api } from "./answer.ts";
import { type Caller, noWorkspace } from "./auth.ts";

export type Done = {
  /** The route's name, or what a page did. */
  action: string;
  /** The public id of what it was done to. */
  record: string | null;
  /** `done`, or the code it was refused with. */
  outcome: string;
  requestId: string;
};

/**
 * After the deed: what was done is done, so a log that cannot be written is an error of its own and not the
 * request's. Where it came from is the network address and the browser as they call themselves.
 */
export async function recordAudit(
  { system, actor, via }: Caller,
  request: Request,
  done: Done,
): Promise<void> {
  try {
    await insertAuditEntry(system.db, {
      workspaceId: actor.workspaceId,
      at: system.wallNow(),
      actor: actor.name,
      via,
      ip: request.headers.get("cf-connecting-ip"),
      userAgent: request.headers.get("user-agent")?.slice(0, 300) ?? null,
      ...done,
    });
  } catch (error) {
    system.logError(`${done.requestId} ${done.action} is missing from the audit log`, error);
  }
}

/**
 * What changes something or is taken along whole, for a workspace that is known. Reading is nobody's deed, and arriving
 * mail neither.
 */
export async function auditRequest(
  c: Context<Api>,
  action: RouteName,
  { access, download, limit }: Contract,
  caller: Caller,
  answer: Answer,
): Promise<void> {
  if (c.req.method === "GET" && !download && limit !== "export") return;
  if (access === "read" || access === "inbound" || caller.actor.workspaceId === noWorkspace) return;
  const outcome = outcomeOf(answer);
  if (outcome === null) return;
  const record = recordIn(c.req.param("id"), outcome) ?? madeIn(answer);
  await recordAudit(caller, c.req.raw, { action, record, outcome, requestId: c.var.requestId });
}

/** Done, or refused for who asked: what a person mistyped is nobody's business. */
function outcomeOf({ status, body }: Answer): string | null {
  if (status < 400) return "done";
  if (status !== 403 || typeof body !== "string") return null;
  return (JSON.parse(body) as { code: string }).code;
}

/**
 * The record that an address names. One that was refused may hold anything, and a token that somebody put where an id
 * belongs must not be kept: then only what has the form of an id is.
 */
export function recordIn(param: string | undefined, outcome: string): string | null {
  if (param === undefined || (outcome !== "done" && !/^[a-z]{3}_[0-9A-Za-z]+$/.test(param))) return null;
  return param.slice(0, 100);
}

/** The id of what a route made. */
function madeIn({ status, body }: Answer): string | null {
  if (status >= 400 || typeof body !== "string") return null;
  const made = JSON.parse(body) as Record<string, unknown>;
  const own = [made, ...Object.values(made)].find(
    (value): value is { id: string } => typeof (value as { id?: unknown } | null)?.id === "string",
  );
  return own?.id ?? null;
}
