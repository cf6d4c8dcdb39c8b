/**
 * Which pages elsewhere may read what we answer (CORS). The list is the host apps' origins, compared whole: a request
 * that says who asks is readable for the pages of that workspace's own apps; a refusal to nobody known, for any app's,
 * so that a host's developer sees why. Cookies are never part of it.
 *
 * Invariant: `*` stands on public assets alone, and `Access-Control-Allow-Credentials` nowhere.
 */
import type { Context } from "hono";
import { isRegisteredOrigin } from "../db/embed-sessions.ts";
import type { Api } from "./answer.ts";

const publicAsset = /^\/(openapi\.json|widget\.js|widget@[^/]*|widget\/.*)$/;

const preflightHeaders = {
  "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
  "access-control-allow-headers": "authorization, content-type, idempotency-key, if-match",
  // What is remembered too long is only the question: each request is asked for anew.
  "access-control-max-age": "600",
};
const exposedHeaders = "etag, x-request-id, retry-after, ratelimit, idempotency-replayed, cadenza-mode";

export async function cors(c: Context<Api>, next: () => Promise<void>): Promise<Response | undefined> {
  if (publicAsset.test(c.req.path)) {
    await next();
    c.res.headers.set("access-control-allow-origin", "*");
    c.res.headers.set("cross-origin-resource-policy", "cross-origin");
    return;
  }
  if (!c.req.path.startsWith("/v1/")) {
    await next();
    return;
  }
  const origin = c.req.header("origin");
  const isPreflight = c.req.method === "OPTIONS" && c.req.header("access-control-request-method");
  if (isPreflight && origin && (await mayRead(c, origin))) {
    const allow = { "access-control-allow-origin": origin, vary: "Origin", ...preflightHeaders };
    return new Response(null, { status: 204, headers: allow });
  }
  await next();
  c.res.headers.append("vary", "Origin");
  if (origin && !isPreflight && (await mayRead(c, origin))) {
    c.res.headers.set("access-control-allow-origin", origin);
    c.res.headers.set("access-control-expose-headers", exposedHeaders);
  }
}

/** What was done is done: an answer that cannot be asked about goes out, and its page cannot read it. */
async function mayRead(c: Context<Api>, origin: string): Promise<boolean> {
  const { caller } = c.var;
  if (caller?.page === origin) return true;
  // A cookie comes along by itself, a key does not.
  if (caller?.via === "session") return false;
  try {
    const workspaceId = caller?.actor.workspaceId || null;
    const systems = workspaceId === null ? c.env.systems : [caller!.system];
    const found = await Promise.all(systems.map(({ db }) => isRegisteredOrigin(db, origin, workspaceId)));
    return found.includes(true);
  } catch (error) {
    c.env.systems[0]?.logError(`${c.var.requestId} whose page asks could not be looked up`, error);
    return false;
  }
}
