/** A signed-in person: the session's cookie, which workspace they are in, and what they are there at this moment. */
import type { Role } from "@cadenza/shared/vocabulary";
import type { Context } from "hono";
import { findMembership } from "../db/directory.ts";
import { findMemberOf, type MemberRow, markRemoved, syncMember } from "../db/members.ts";
import type { System } from "../domain/system.ts";
import type { Api } from "./answer.ts";
import { type Caller, memberActor } from "./auth.ts";
import { BadRequest } from "./problem.ts";

export type Person = {
  user: { id: string; email: string; name: string };
  sessionId: string;
  /** The workspace's public id. */
  organizationId: string | null;
  /** Its cookie: better-auth is asked in their name with it. */
  headers: Headers;
};

/** What the library set anew while it was asked who is signed in, for the answer to that request to take along. */
const renewals = new WeakMap<Request, string[]>();

/**
 * Whoever uses their session stays signed in: once a day the library prolongs it, and its cookie with it. The cookie
 * goes out with whatever is answered, a refusal too, but never over one that the answer itself sets or ends.
 */
export async function keepSignedIn(c: Context<Api>, next: () => Promise<void>): Promise<void> {
  await next();
  const nameOf = (cookie: string) => cookie.slice(0, cookie.indexOf("="));
  const own = new Set(c.res.headers.getSetCookie().map(nameOf));
  for (const cookie of renewals.get(c.req.raw) ?? []) {
    if (!own.has(nameOf(cookie))) c.res.headers.append("set-cookie", cookie);
  }
}

/** @returns null when nobody is signed in. Which workspaces they belong to is not looked at. */
export async function personOf(
  request: Request,
  { auth }: Pick<Api["Bindings"], "auth">,
): Promise<Person | null> {
  const cookie = request.headers.get("cookie");
  if (!cookie) return null;
  const headers = new Headers({ cookie });
  const { response: found, headers: answered } = await auth.api.getSession({ headers, returnHeaders: true });
  // A dead session's cookie is left alone: a slow request must not take away that of a sign-in that overtook it.
  if (!found) return null;
  const renewed = answered.getSetCookie();
  if (renewed.length) renewals.set(request, renewed);
  const { user, session } = found;
  const { activeOrganizationId } = session as { activeOrganizationId?: string | null };
  return {
    user: { id: user.id, email: user.email, name: user.name },
    sessionId: session.id,
    organizationId: activeOrganizationId ?? null,
    headers,
  };
}

/** @throws 403 when a page elsewhere asks in the person's name, or they belong to no workspace. */
export async function sessionCaller(request: Request, bindings: Api["Bindings"]): Promise<Caller | null> {
  const person = await personOf(request, bindings);
  if (!person) return null;
  refuseForeignPage(request, bindings.systems[0]!.publicUrl);
  const found = await memberIn(person.user, person.organizationId, bindings.systems);
  if (!found) throw notAMember();
  const { system, member } = found;
  const actor = memberActor(member.workspaceId, member);
  return { system, actor, scopes: null, via: "session", session: person };
}

/** For what only somebody in a browser can do. @throws 403 for a key, and for a program that acts for a person */
export function requireSession({ actor, session }: Pick<Caller, "actor" | "session">): Person {
  if (session) return session;
  if (actor.memberId === null) throw new BadRequest("member_needed", "A key is nobody: sign in as a person.");
  throw new BadRequest("session_needed", "A program cannot do this for you: sign in at /sign-in.");
}

/**
 * A browser sends the cookie whoever wrote the page (SameSite=Lax holds most of it back, not all): what changes
 * something has to come from a page of ours. Fetch Metadata and Origin both say which page it was.
 */
export function refuseForeignPage(request: Request, publicUrl: string): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const ours = origin === new URL(publicUrl).origin && (site === null || site === "same-origin");
  if (!ours) throw new BadRequest("foreign_page", "Only a page of Cadenza itself may do this in your name.");
}

/** What a person is in a workspace now. Their record there is made to agree with the directory where it does not. */
export async function memberIn(
  user: Person["user"],
  organizationId: string | null,
  systems: System[],
): Promise<{ system: System; member: MemberRow } | null> {
  const membership = organizationId && (await findMembership(systems[0]!.db, user.id, organizationId));
  const system = membership && systems[membership.shard];
  if (!membership || !system) return null;
  const { workspaceId, role } = membership;
  const known = await findMemberOf(system.db, workspaceId, user.id);
  if (known && known.role === role && known.removedAt === null) return { system, member: known };
  const member = await syncMember(system.db, workspaceId, synced(user, role, system.now()));
  if (await findMembership(systems[0]!.db, user.id, organizationId)) return { system, member };
  // Removed in between, and their record just came back to life. Who removes writes the directory first: no gap is left.
  await markRemoved(system.db, member, system.now());
  return null;
}

const synced = ({ id, email, name }: Person["user"], role: Role, at: number) => ({
  userId: id,
  email,
  name: name || email,
  role,
  at,
});

export const notAMember = () =>
  new BadRequest("not_a_member", "You do not belong to this workspace. Choose one at /workspaces.");
