/** Signed-in people for tests: put into the directory, then in by a link that was really mailed. */
import type { Role } from "@cadenza/shared/vocabulary";
import type { Auth } from "../../src/auth/auth.ts";
import { enter } from "../../src/db/directory.ts";
import { encodeId } from "../../src/http/public-id.ts";
import { type Caller, type Reply, replyOf, type TestSystem, type TestWorkspace, unique } from "../world.ts";

export type SignedIn = Pick<Caller, "call"> & { email: string; cookie: string; userId: string };
type App = { fetch(request: Request): Promise<Response> };

export const organizationOf = (workspace: Pick<TestWorkspace, "id">): string =>
  encodeId("wsp", 0, workspace.id);

/** Makes the person known, with this role in the workspace. @returns their user id. */
export async function addPerson(
  system: TestSystem,
  workspace: Pick<TestWorkspace, "id">,
  { email, role, name = "Robin Reis" }: { email: string; role: Role; name?: string },
): Promise<string> {
  const home = { id: organizationOf(workspace), name: "Northwind", shard: 0, workspaceId: workspace.id };
  const person = { id: crypto.randomUUID(), membershipId: crypto.randomUUID(), email, name, role };
  const { userId } = await enter(system.db, home, person, system.wallNow());
  return userId;
}

/** @returns the session's cookie, as a browser sends it. */
export async function signInByLink(auth: Auth, system: TestSystem, email: string): Promise<string> {
  await auth.api.signInMagicLink({ body: { email }, headers: new Headers() });
  const mail = system.mailed.findLast(({ to }) => to === email);
  const link = new URL(/https?:\S+/.exec(mail!.text)![0]);
  const { headers } = await auth.api.magicLinkVerify({
    query: { token: link.searchParams.get("token")! },
    headers: new Headers(),
    returnHeaders: true,
  });
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

export async function signIn(
  { app, auth, system }: { app: App; auth: Auth; system: TestSystem },
  workspace: Pick<TestWorkspace, "id">,
  role: Role,
): Promise<SignedIn> {
  const email = `${unique(role)}@seller.example`;
  const userId = await addPerson(system, workspace, { email, role });
  const cookie = await signInByLink(auth, system, email);
  return { email, cookie, userId, call: (...asked) => callAs(app, cookie, ...asked) };
}

/** A request as a page of Cadenza itself sends it. */
export async function callAs(
  app: App,
  cookie: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await app.fetch(
    new Request(`https://cadenza.test${path}`, {
      method,
      redirect: "manual",
      headers: {
        cookie,
        ...(method !== "GET" && { origin: "https://cadenza.test", "sec-fetch-site": "same-origin" }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    }),
  );
  return replyOf(response);
}
