/** What goes back: a status and JSON, kept as text so that an answer given twice is the same to the byte. */
import type { Context } from "hono";
import type { Auth } from "../auth/auth.ts";
import type { System } from "../domain/system.ts";
import type { EngineLimits } from "../run.ts";

/** What every handler of the Worker can reach; it comes with each request, so that the router is built once. */
export type Api = {
  Bindings: {
    systems: System[];
    serviceToken: string;
    setupToken?: string | undefined;
    limits?: EngineLimits;
    auth: Auth;
  };
  Variables: { requestId: string };
};

export type Answer = { status: number; body: string | null; headers?: Record<string, string> };

export function respond(answer: Answer): Response {
  const headers = new Headers(answer.headers);
  if (answer.body !== null) {
    headers.set("content-type", answer.status < 400 ? "application/json" : "application/problem+json");
  }
  return new Response(answer.body, { status: answer.status, headers });
}

export const securityHeaders = async (c: Context<Api>, next: () => Promise<void>): Promise<void> => {
  await next();
  const set = (name: string, value: string) => c.res.headers.has(name) || c.res.headers.set(name, value);
  set("x-request-id", c.var.requestId);
  set("x-content-type-options", "nosniff");
  set("cache-control", "no-store");
  set("referrer-policy", "no-referrer");
  set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  set("cross-origin-resource-policy", "same-origin");
  set("strict-transport-security", "max-age=31536000; includeSubDomains");
};
