/**
 * Which of the sign-in library's addresses are open to the world: those listed here, and no other. What people do goes
 * through pages of ours (routes/sign-in.ts), which ask the library themselves; so most of it stays shut.
 */

import type { Context } from "hono";
import { authPath } from "../auth/auth.ts";
import { endSession } from "../auth/sign-in.ts";
import type { Api } from "../http/answer.ts";
import { readBody } from "../http/body.ts";
import type { Router } from "../http/endpoint.ts";
import { isAccessToken, looksLikeJwt } from "../http/oauth-token.ts";
import { addressOf, type RateLimit, requireRoom } from "../http/rate-limit.ts";
import { auditPerson } from "../http/serve-page.ts";
import { personOf } from "../http/session.ts";

type Open = readonly [method: "GET" | "POST", path: `/${string}`, limit?: RateLimit];

/** What a program asks is short; what it registers as is not much longer. */
const bytesMax = 65_536;

/** Google's answer: the library checks the state it tied to this browser, and the code with Google. */
const googleCallback = "/callback/google";
const revocation = "/oauth2/revoke";

const open: readonly Open[] = [
  ["GET", googleCallback, "guess"],
  // OAuth 2.1 for other programs, and the device grant (RFC 8628).
  ["GET", "/oauth2/authorize"],
  ["POST", "/oauth2/token", "token"],
  ["POST", revocation, "token"],
  ["POST", "/oauth2/register", "register"],
  ["POST", "/device/code", "register"],
  ["GET", "/jwks"],
  ["GET", "/.well-known/oauth-authorization-server"],
];

export function authRoutes({ hono }: Router): void {
  // Where a program looks first: RFC 8414 puts the issuer's path last, RFC 9728 says which issuer.
  hono.get(`/.well-known/oauth-authorization-server${authPath}`, (c) => c.env.auth.handler(c.req.raw));
  hono.get("/.well-known/oauth-protected-resource", (c) => {
    const { publicUrl } = c.env.systems[0]!;
    return c.json({
      resource: publicUrl,
      authorization_servers: [`${publicUrl}${authPath}`],
      scopes_supported: ["read", "write"],
      bearer_methods_supported: ["header"],
    });
  });
  for (const [method, path, limit] of open) {
    hono.on(method, `${authPath}${path}`, async (c) => {
      const { auth, systems } = c.env;
      if (limit) await requireRoom(systems[0]!, limit, addressOf(c.req.raw));
      const body = method === "POST" ? await readBody(c.req.raw, bytesMax) : null;
      // RFC 7009, 2.2: a token nobody knows is as good as revoked. The library breaks on one it could not have signed.
      if (path === revocation && (await isForeign(body!, c.env))) return c.json({});
      const request = body === null ? c.req.raw : new Request(c.req.raw, { body });
      const answer = await auth.handler(request);
      if (answer.status >= 500) {
        // The library says why in its own log line, which knows nothing of the request: this one names it.
        systems[0]!.logError(
          `${c.var.requestId} ${method} ${path} failed`,
          new Error("the sign-in library broke"),
        );
      }
      if (path === googleCallback) await welcome(c, answer);
      return answer;
    });
  }
}

/** A JWT that is none of ours, or has run out. */
async function isForeign(body: Uint8Array, bindings: Api["Bindings"]): Promise<boolean> {
  const token = new URLSearchParams(new TextDecoder().decode(body)).get("token") ?? "";
  return looksLikeJwt(token) && !(await isAccessToken(token, bindings));
}

/** Whoever Google let in has a session of their own: the one this browser had, whosever it was, ends. */
async function welcome({ req, env, var: { requestId } }: Context<Api>, answer: Response): Promise<void> {
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  const request = new Request(req.url, { headers: { cookie: cookies.join("; ") } });
  const person = await personOf(request, env);
  if (!person) return;
  if (req.header("cookie")) await endSession(env.auth, req.raw.headers);
  const visit = { systems: env.systems, request: req.raw, requestId };
  await auditPerson(visit, "signIn.google", person.user, person.organizationId);
}
