/**
 * Another program asks to act for a person: what they are asked, and where their answer goes. The library keeps the
 * codes and tokens; that a program is connected, and in which workspace, is ours (db/connections.ts).
 */
import { authPath } from "../auth/auth.ts";
import { answerConsent, answerDevice, findDevice } from "../auth/consent.ts";
import { connect, endConnection, findClient, listConnections } from "../db/connections.ts";
import { loadWorkspace } from "../db/workspaces.ts";
import { AppError } from "../domain/errors.ts";
import type { Router } from "../http/endpoint.ts";
import { page } from "../http/page.ts";
import { BadRequest } from "../http/problem.ts";
import { addressOf, requireRoom } from "../http/rate-limit.ts";
import { hallOf, type MemberVisit, redirect, servePage } from "../http/serve-page.ts";
import { connectionsPage } from "../pages/connections.ts";
import { type Asking, consentPage, deviceConsentPage, deviceDonePage, devicePage } from "../pages/consent.ts";

export function oauthPages(app: Router): void {
  servePage(app, "oauth.signIn", async ({ url }) => {
    // The library signed these for its own pages; what the program asked is the rest.
    const asked = new URLSearchParams([...url.searchParams].filter(([name]) => !/^(exp|sig|ba_)/.test(name)));
    const again = asksAnew(asked);
    const next = `${authPath}/oauth2/authorize?${asked}`;
    return redirect(`/sign-in?${new URLSearchParams({ ...(again && { again: "1" }), next })}`);
  });

  servePage(app, "oauth.ask", async (visit) => {
    const { searchParams, search } = visit.url;
    const asking = await askingOf(visit, searchParams.get("client_id"), searchParams.get("scope"));
    return page(200, consentPage(asking, search.slice(1), targetsOf(searchParams.get("redirect_uri"))));
  });

  servePage(app, "oauth.answer", async (visit) => {
    const { form, auth, request, person } = visit;
    const query = form.get("query") ?? "";
    const accepted = form.get("answer") === "yes";
    const answer = await answerConsent(auth, request.headers, { query, accepted });
    if (!answer) throw stale();
    const clientId = new URLSearchParams(query).get("client_id") ?? "";
    if (accepted) await connectHere(visit, person.user.id, clientId);
    return redirect(answer);
  });

  servePage(app, "device.ask", async (visit) => {
    const code = visit.url.searchParams.get("user_code")?.trim() ?? "";
    if (!code) return page(200, devicePage());
    await requireRoom(visit.first, "guess", `${addressOf(visit.request)} ${visit.person.user.id}`);
    const device = await findDevice(visit.auth, visit.request.headers, code);
    if (!device) {
      const errors = { user_code: "No device shows this code (any more). Look again, or start anew there." };
      return page(422, devicePage({ values: { user_code: code }, errors }));
    }
    return page(200, deviceConsentPage(await askingOf(visit, device.clientId, device.scope), code));
  });

  servePage(app, "device.answer", async (visit) => {
    const { form, auth, request, person } = visit;
    await requireRoom(visit.first, "guess", `${addressOf(request)} ${person.user.id}`);
    const code = form.get("user_code") ?? "";
    const accepted = form.get("answer") === "yes";
    const device = await findDevice(auth, request.headers, code);
    // Connected first: a device that polls in between gets tokens that hold.
    if (device && accepted) await connectHere(visit, person.user.id, device.clientId);
    if (!device || !(await answerDevice(auth, request.headers, { code, accepted }))) throw stale();
    return page(200, deviceDonePage(accepted));
  });

  servePage(app, "app.connections", async (visit) => {
    const { first, person, url } = visit;
    const items = await listConnections(first.db, person.user.id, first.wallNow());
    const shown = items.map((item) => ({ ...item, isThisOne: item.id === person.sessionId }));
    return page(200, connectionsPage(await hallOf(visit, "settings"), shown, url.searchParams.has("done")));
  });

  servePage(app, "connections.end", async ({ first, person, param }) => {
    if (!(await endConnection(first.db, person.user.id, param("id")))) {
      throw new AppError("connection_not_found", "It was ended already.");
    }
    return redirect("/app/connections?done");
  });
}

/**
 * A program may want the person to sign in although they are. Once they have, that wish is granted: asked again, it
 * would send them here for ever.
 */
function asksAnew(asked: URLSearchParams): boolean {
  const words = asked.get("prompt")?.split(" ") ?? [];
  const rest = words.filter((word) => word !== "login" && word !== "create");
  const isAsked = rest.length < words.length || asked.has("max_age");
  asked.delete("max_age");
  asked.delete("prompt");
  if (rest.length) asked.set("prompt", rest.join(" "));
  return isAsked;
}

async function askingOf(visit: MemberVisit, clientId: string | null, scope: string | null): Promise<Asking> {
  const client = clientId && (await findClient(visit.first.db, clientId));
  if (!client) throw stale();
  const { name } = await loadWorkspace(visit.system.db, visit.actor.workspaceId);
  return {
    clientName: client.name,
    redirectHosts: client.redirectHosts,
    scopes: (scope ?? "").split(" "),
    workspace: name,
    person: visit.person.user.name || visit.person.user.email,
    role: visit.actor.role!,
  };
}

/** The program acts in the workspace the person was in when they said yes. */
async function connectHere(
  { first, publicId, actor }: MemberVisit,
  userId: string,
  clientId: string,
): Promise<void> {
  const organizationId = publicId("wsp", actor.workspaceId);
  await connect(first.db, { userId, clientId, organizationId }, first.wallNow());
}

/** Where the answer's redirect leads. A scheme of a native program is named as such; a Content-Security-Policy can. */
function targetsOf(redirectUri: string | null): string[] {
  const url = redirectUri && URL.canParse(redirectUri) ? new URL(redirectUri) : null;
  if (!url) return [];
  return [/^https?:$/.test(url.protocol) ? url.origin : url.protocol];
}

const stale = () =>
  new BadRequest(
    "invalid_request",
    "This question was answered before, or is too old. Start again from the program.",
  );
