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

export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? ((request: Request) => fetch(request));
  return async (name, ...[request]) => {
    const response = await send(await requestFor(options, name, (request ?? {}) as AnyRequest));
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

async function requestFor(options: ClientOptions, name: RouteName, asked: AnyRequest): Promise<Request> {
  const [method, path] = routes[name];
  const filled = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(asked.params?.[key] ?? ""));
  const url = new URL(options.baseUrl.replace(/\/+$/, "") + filled);
  for (const [key, value] of Object.entries(asked.query ?? {})) {
    if (value !== undefined && value !== null) url.searchParams.set(key, String(value));
  }
  const headers = new Headers({ accept: "application/json" });
  const token = typeof options.token === "function" ? await options.token() : options.token;
  if (token) headers.set("authorization", `Bearer ${token}`);
  if (asked.body !== undefined) headers.set("content-type", "application/json");
  if (asked.idempotencyKey) headers.set("idempotency-key", asked.idempotencyKey);
  if (asked.ifMatch !== undefined) headers.set("if-match", `"${asked.ifMatch}"`);
  const body = asked.body === undefined ? null : JSON.stringify(asked.body);
  return new Request(url, { method, headers, body, ...(asked.signal && { signal: asked.signal }) });
}

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
