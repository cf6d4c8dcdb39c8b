/**
 * The API as one typed function, for the widget, the extension, the demo and the tests:
 * `client("contacts.get", { params: { id } })`. Types come from the contracts; none of their code comes along.
 */
import type * as z from "zod";
import type { Contracts } from "./contract/all.ts";
import type { Problem, ProblemCode } from "./problem.ts";
import { type RouteName, routes } from "./routes.ts";

/** What the server refused, as it said it. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "ProblemError";
    this.code = problem.code;
  }
}

export type ClientOptions = {
  baseUrl: string;
  /** A function is asked at every request: tokens that live for minutes change. */
  token?: string | (() => string | Promise<string>);
  fetch?: (request: Request) => Response | Promise<Response>;
};

type Part<Name extends RouteName, Key extends "params" | "query" | "body"> = Contracts[Name] extends {
  readonly [K in Key]: infer Schema extends z.ZodType;
}
  ? undefined extends z.input<Schema>
    ? { [K in Key]?: z.input<Schema> }
    : Record<never, never> extends z.input<Schema>
      ? { [K in Key]?: z.input<Schema> }
      : { [K in Key]: z.input<Schema> }
  : Record<never, never>;

export type RequestOf<Name extends RouteName> = Part<Name, "params"> &
  Part<Name, "query"> &
  Part<Name, "body"> & {
    /** POST only: the same key gives the same answer again. */
    idempotencyKey?: string;
    /** Edits only: the `rev` that was seen. */
    ifMatch?: number;
    signal?: AbortSignal;
  };

export type AnswerOf<Name extends RouteName> = Contracts[Name] extends {
  readonly response: infer Schema extends z.ZodType;
}
  ? z.input<Schema>
  : Contracts[Name] extends { readonly download: readonly string[] }
    ? string
    : undefined;

/** Every route whose request may be left out can be called without one. */
type Arguments<Name extends RouteName> =
  Record<never, never> extends RequestOf<Name> ? [request?: RequestOf<Name>] : [request: RequestOf<Name>];

export type Client = <Name extends RouteName>(
  name: Name,
  ...request: Arguments<Name>
) => Promise<AnswerOf<Name>>;

export function createClient({
  baseUrl,
  token,
  fetch: send = (request) => fetch(request),
}: ClientOptions): Client {
  return async (name, ...[request]) => {
    const { params, query = {}, body, idempotencyKey, ifMatch, signal } = (request ?? {}) as AnyRequest;
    const [method, path] = routes[name];
    const filled = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params?.[key] ?? ""));
    const url = new URL(baseUrl.replace(/\/+$/, "") + filled);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) url.searchParams.set(key, String(value));
    }
    const bearer = typeof token === "function" ? await token() : token;
    const headers = {
      accept: "application/json",
      ...(bearer && { authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(idempotencyKey && { "idempotency-key": idempotencyKey }),
      ...(ifMatch !== undefined && { "if-match": `"${ifMatch}"` }),
    };
    const content = body === undefined ? null : JSON.stringify(body);
    const response = await send(new Request(url, { method, headers, body: content, signal: signal ?? null }));
    const text = await response.text();
    if (!response.ok) throw new ProblemError(problemFrom(response, text));
    const isJson = response.headers.get("content-type") === "application/json";
    return (isJson ? JSON.parse(text) : text || undefined) as AnswerOf<typeof name>;
  };
}

type AnyRequest = {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  idempotencyKey?: string;
  ifMatch?: number;
  signal?: AbortSignal;
};

/** Whatever stands between may answer in its own words. */
function problemFrom(response: Response, text: string): Problem {
  try {
    const problem = JSON.parse(text) as Problem;
    if (typeof problem.code === "string") return problem;
  } catch {
    // Falls through: an HTML error page of a proxy is not a problem document.
  }
  const detail = `The server answered ${response.status}.`;
  return {
    type: "about:blank",
    title: detail,
    status: response.status,
    code: "internal",
    detail,
    requestId: "",
  };
}
