/**
 * A page from its row in page-routes.ts: who asks, may they, is it a form of ours, then the handler. A refusal becomes
 * a page too: whoever is not signed in is sent to sign in and comes back.
 */
import type { Permission } from "@cadenza/shared/access";
import type { IdPrefix } from "@cadenza/shared/contract/fields";
import { problems } from "@cadenza/shared/problem";
import type { RouteName } from "@cadenza/shared/routes";
import type { Context } from "hono";
import { countUnread } from "../db/notices.ts";
import { loadWorkspace } from "../db/workspaces.ts";
import { AppError } from "../domain/errors.ts";
import type { System } from "../domain/system.ts";
import type { Hall, Place } from "../pages/document.ts";
import { brokenPage, otherAddressPage, refusedPage } from "../pages/refusals.ts";
import type { Api } from "./answer.ts";
import { recordAudit, recordIn } from "./audit.ts";
import { type Caller, memberActor, requirePermission, unauthenticated } from "./auth.ts";
import type { Asked, Router } from "./endpoint.ts";
import { readForm } from "./form.ts";
import { notFound } from "./not-found.ts";
import { page } from "./page.ts";
import { type PageAccess, type PageName, type PageRoutes, pageRoutes } from "./page-routes.ts";
import { BadRequest } from "./problem.ts";
import { decodeId, encodeId, type Keys } from "./public-id.ts";
import { memberIn, notAMember, type Person, personOf, refuseForeignPage } from "./session.ts";

export type Visit = Api["Bindings"] & {
  request: Request;
  requestId: string;
  url: URL;
  param(name: string): string;
  /** What a form sent; empty for a GET. */
  form: URLSearchParams;
  /** The first shard: the directory of people lives there. */
  first: System;
  /** Who is signed in, if anybody. */
  findPerson(): Promise<Person | null>;
  /** Work that the answer does not wait for. */
  later(work: Promise<void>): Promise<void>;
};
export type PersonVisit = Visit & { person: Person };
export type MemberVisit = PersonVisit &
  Caller &
  Pick<Asked<RouteName>, "publicId"> & {
    /** Says what a form made, for the audit log. */
    made(record: string): void;
  };

type VisitOf<Access extends PageAccess> = Access extends "public"
  ? Visit
  : Access extends "person"
    ? PersonVisit
    : MemberVisit;

export function servePage<Name extends PageName>(
  { hono, mountedPages }: Router,
  name: Name,
  handle: (visit: VisitOf<PageRoutes[Name][2]>) => Promise<Response>,
): void {
  if (mountedPages.has(name)) throw new Error(`The page ${name} has two handlers.`);
  mountedPages.add(name);
  const [method, path, access] = pageRoutes[name];
  hono.on(method, path, async (c) => {
    try {
      const visit = await enter(c, access);
      if (!("actor" in visit)) return await handle(visit as never);
      return await recorded(c, name, visit, (asked) => {
        requirePermission(asked, access as Permission);
        return handle(asked as never);
      });
    } catch (error) {
      return refusal(c, error);
    }
  });
}

/**
 * What a member's form did: a redirect says that it is done, and so does 201 where the answer is a secret that is shown
 * right there. What they mistyped is nobody else's business.
 */
async function recorded(
  c: Context<Api>,
  action: PageName,
  visit: Omit<MemberVisit, "made">,
  work: (visit: MemberVisit) => Promise<Response>,
): Promise<Response> {
  const { requestId } = c.var;
  let made: string | null = null;
  const note = async (outcome: string) => {
    const record = recordIn(c.req.param("id"), outcome) ?? made;
    if (c.req.method === "POST") await recordAudit(visit, c.req.raw, { action, record, outcome, requestId });
  };
  const asked: MemberVisit = {
    ...visit,
    made(record) {
      made = record;
    },
  };
  try {
    const answer = await work(asked);
    if (answer.status === 303 || answer.status === 201) await note("done");
    return answer;
  } catch (error) {
    if (error instanceof AppError && problems[error.code].status === 403) await note(error.code);
    throw error;
  }
}

/** For what is done before the page knows a workspace: signing in, accepting an invitation, leaving. */
export async function auditPerson(
  { systems, request, requestId }: Pick<Visit, "systems" | "request" | "requestId">,
  action: PageName,
  user: Person["user"],
  organizationId: string | null,
): Promise<void> {
  const found = await memberIn(user, organizationId, systems);
  if (!found) return;
  const { system, member } = found;
  const caller = { system, actor: memberActor(member.workspaceId, member), scopes: null, via: "session" };
  await recordAudit(caller, request, { action, record: null, outcome: "done", requestId });
}

async function enter(
  c: Context<Api>,
  access: PageAccess,
): Promise<Visit | PersonVisit | Omit<MemberVisit, "made">> {
  const { raw: request } = c.req;
  const first = c.env.systems[0]!;
  refuseForeignPage(request, first.publicUrl);
  const visit: Visit = {
    ...c.env,
    request,
    requestId: c.var.requestId,
    url: new URL(request.url),
    param: (name) => c.req.param(name) ?? "",
    form: request.method === "POST" ? await readForm(request) : new URLSearchParams(),
    first,
    findPerson: () => personOf(request, c.env),
    later: (work) => later(c, work),
  };
  if (access === "public") return visit;
  const person = await visit.findPerson();
  if (!person) throw unauthenticated("Sign in first.");
  if (access === "person") return { ...visit, person };
  const found = await memberIn(person.user, person.organizationId, c.env.systems);
  if (!found) throw notAMember();
  const { system, member } = found;
  return {
    ...visit,
    person,
    ...{ system, actor: memberActor(member.workspaceId, member), scopes: null, via: "session" },
    session: person,
    publicId: (prefix, key) => encodeId(prefix, system.shard, key),
  };
}

/** Tests have no execution context: there the work is waited for. */
async function later(c: Context<Api>, work: Promise<void>): Promise<void> {
  const logged = work.catch((error) =>
    c.env.systems[0]!.logError(`${c.var.requestId} what ${c.req.routePath} left for later failed`, error),
  );
  try {
    c.executionCtx.waitUntil(logged);
  } catch {
    await logged;
  }
}

/** 303, so that reloading the page that follows never sends a form again. */
export function redirect(location: string, headers: Headers = new Headers()): Response {
  headers.set("location", location);
  return new Response(null, { status: 303, headers });
}

/** The row that a page's address names. @throws 404 */
export function keyIn<Prefix extends IdPrefix>(visit: MemberVisit, prefix: Prefix): Keys[Prefix] {
  const key = decodeId(prefix, visit.system.shard, visit.param("id"));
  if (key === null) throw notFound(prefix, "path", "");
  return key;
}

/** What a member sees around a page of theirs. */
export async function hallOf({ system, actor, person }: MemberVisit, at: Place | null): Promise<Hall> {
  const [workspace, unread] = await Promise.all([
    loadWorkspace(system.db, actor.workspaceId),
    countUnread(system.db, actor.workspaceId, actor.memberId!),
  ]);
  return {
    ...{ workspace: workspace.name, zone: workspace.timeZone, role: actor.role!, unread, at },
    person: person.user.name || person.user.email,
  };
}

async function refusal(c: Context<Api>, error: unknown): Promise<Response> {
  if (!(error instanceof AppError)) {
    c.env.systems[0]!.logError(`${c.var.requestId} ${c.req.method} ${c.req.routePath} failed`, error);
    return page(500, brokenPage(c.var.requestId));
  }
  const { pathname, search } = new URL(c.req.url);
  const { publicUrl } = c.env.systems[0]!;
  // Our own page, opened under another name of this machine: its forms and cookies belong to the one that is set.
  if (error.code === "foreign_page" && c.req.header("sec-fetch-site") === "same-origin") {
    return page(403, otherAddressPage(publicUrl + pathname));
  }
  if (error.code === "unauthenticated") {
    const asked = new URLSearchParams(c.req.method === "GET" ? { next: pathname + search } : {});
    // Straight from the button that signs in, and not known: the browser threw the cookie away.
    if (/\/sign-in\/confirm(\?|$)/.test(c.req.header("referer") ?? "")) asked.set("error", "no_cookie");
    return redirect(asked.size ? `/sign-in?${asked}` : "/sign-in");
  }
  if (error.code === "not_a_member") return redirect("/workspaces");
  const { status, title } = problems[error.code];
  return page(status, refusedPage(title, error.message), error instanceof BadRequest ? error.headers : {});
}
