/** What goes back: a status and JSON, kept as text so that an answer given twice is the same to the byte. */
import type { Context } from "hono";
import type { Auth } from "../auth/auth.ts";
import type { System } from "../domain/system.ts";
import type { EngineLimits } from "../run.ts";
import type { Caller } from "./auth.ts";

/** What every handler of the Worker can reach; it comes with each request, so that the router is built once. */
/** The folder of the panel's files. */
export type Assets = { fetch(request: Request): Promise<Response> };

export type Api = {
  Bindings: {
    systems: System[];
    serviceToken: string;
    setupToken?: string | undefined;
    limits?: EngineLimits;
    auth: Auth;
    assets?: Assets | undefined;
  };
  Variables: { requestId: string; caller?: Caller };
};

/** A stream is a file that is written while it is sent: it brings its own content type. */
export type Answer = {
  status: number;
  body: string | ReadableStream<Uint8Array> | null;
  headers?: Record<string, string>;
};

/** A file: its bytes are made while it is sent, so that it need never be held whole. */
export type Download = { type: string; filename: string; chunks: AsyncIterable<string> };

export function downloadAnswer({ type, filename, chunks }: Download): Answer {
  const iterator = chunks[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  const disposition = `attachment; filename="${filename}"`;
  return { status: 200, body, headers: { "content-type": type, "content-disposition": disposition } };
}

export function respond(answer: Answer): Response {
  const headers = new Headers(answer.headers);
  if (typeof answer.body === "string") {
    headers.set("content-type", answer.status < 400 ? "application/json" : "application/problem+json");
  }
  return new Response(answer.body, { status: answer.status, headers });
}

export const securityHeaders = async (c: Context<Api>, next: () => Promise<void>): Promise<void> => {
  await next();
  const set = (name: string, value: string) => c.res.headers.has(name) || c.res.headers.set(name, value);
  set("x-request-id", c.var.requestId);
  if (c.var.caller?.isTest) set("cadenza-mode", "test");
  set("x-content-type-options", "nosniff");
  set("cache-control", "no-store");
  set("referrer-policy", "no-referrer");
  set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  set("cross-origin-resource-policy", "same-origin");
  set("strict-transport-security", "max-age=31536000; includeSubDomains");
};
