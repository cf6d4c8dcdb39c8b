/** A host application for tests: registered over the API, signing for its users as its server would. */
import { SignJWT } from "jose";
import { api, type Reply, type TestSystem, type TestWorkspace, unique } from "../world.ts";

type App = { fetch(request: Request): Promise<Response> };
export type Secret = { kid: string; secret: string };
export type TestHost = { id: string; origin: string; origins: string[] } & Secret;

/** With one secret, and two origins of its own. */
export async function registerHost(
  app: App,
  workspace: Pick<TestWorkspace, "token">,
  asked: { newMemberRole?: "viewer" | "rep" | null; origins?: string[] } = {},
): Promise<TestHost> {
  const { client } = api(app, workspace.token);
  const origin = `https://${unique("crm")}.example`;
  const { origins = [origin, `https://${unique("other")}.example`], newMemberRole = "rep" } = asked;
  const made = await client("embedApps.create", { body: { name: "CRM", origins, newMemberRole } });
  const { kid, secret } = await client("embedApps.createSecret", { params: { id: made.id } });
  return { id: made.id, origin: made.origins[0]!, origins: made.origins, kid, secret };
}

/** What the host's server signs. Anything can be overridden; `undefined` leaves a claim out. */
export async function signToken(
  system: TestSystem,
  host: Pick<TestHost, "id" | "kid" | "secret">,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(system.wallNow() / 1_000);
  const user = unique("robin");
  const all = {
    iss: host.id,
    aud: system.publicUrl,
    sub: user,
    email: `${user}@seller.example`,
    name: "Robin Reis",
    iat: now,
    exp: now + 3_600,
    ...claims,
  };
  return new SignJWT(all)
    .setProtectedHeader({ alg: "HS256", kid: host.kid, ...header })
    .sign(new TextEncoder().encode(host.secret));
}

/** As a page on `origin` asks; null: as a program does. Each from an address of its own, for addresses are limited. */
export const exchange = (
  app: App,
  origin: string | null,
  token: unknown,
  more: Record<string, unknown> = {},
): Promise<Reply> => {
  const from = { "cf-connecting-ip": unique("address"), ...(origin !== null && { origin }) };
  return api(app).call("POST", "/v1/embed/session", { token, ...more }, from);
};
