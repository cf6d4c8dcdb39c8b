/**
 * A route from its contract: who asks, may they, is the request right, then the handler with everything parsed, typed
 * and turned into what it is inside; and its result back onto the wire. A handler never sees a Request.
 */

import { type Contracts, contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { type IdPrefix, marks } from "@cadenza/shared/contract/fields";
import { type RouteName, routes } from "@cadenza/shared/routes";
import type { Context, Hono } from "hono";
import type * as z from "zod";
import type { Actor } from "../domain/actor.ts";
import type { System } from "../domain/system.ts";
import { type Answer, type Api, type Download, downloadAnswer, respond } from "./answer.ts";
import { auditRequest, recordAudit } from "./audit.ts";
import { type Caller, identify, noWorkspace, requireLive, requirePermission } from "./auth.ts";
import { parseJson, readBody, requireRaw } from "./body.ts";
import { fieldErrors, readAs } from "./field-errors.ts";
import { answerOnce, isOnce } from "./idempotency.ts";
import { notFound } from "./not-found.ts";
import type { PageName } from "./page-routes.ts";
import { BadRequest, internalProblem, invalidRequest, problemAnswer } from "./problem.ts";
import { encodeId, type Keys } from "./public-id.ts";
import { addressOf, type RateLimit, requireRoom } from "./rate-limit.ts";
import { compileFromWire, compileToWire, type Inner, type Place } from "./wire.ts";

type Part<Name extends RouteName, Key extends "params" | "query" | "body"> = Contracts[Name] extends {
  readonly [K in Key]: infer Schema extends z.ZodType;
}
  ? Inner<z.output<Schema>>
  : undefined;

export type Asked<Name extends RouteName> = {
  params: Part<Name, "params">;
  query: Part<Name, "query">;
  body: Part<Name, "body">;
  /** The body as it came, where the contract takes it raw. */
  raw: Uint8Array;
  /** The revision the caller saw (If-Match), or null when it did not say. */
  ifRev: number | null;
  actor: Actor;
  /** Who asks, and how they got in. */
  caller: Caller;
  auth: Api["Bindings"]["auth"];
  /** The page that asks, as its browser says; null when no page does. */
  origin: string | null;
  /** For what is done in a workspace's name before anybody of it was known: an entry in its audit log. */
  audit(caller: Caller, action: RouteName, record: string): Promise<void>;
  /** Of the shard the caller's workspace lives on. */
  system: System;
  /** All shards, and the limits the engine runs under here: for the operator's routes. */
  systems: System[];
  limits: Api["Bindings"]["limits"];
  publicId<Prefix extends IdPrefix>(prefix: Prefix, key: Keys[Prefix]): string;
};

/** A row may hold more than the contract names: what is not named stays here. */
export type Result<Name extends RouteName> = Contracts[Name] extends {
  readonly response: infer Schema extends z.ZodType;
}
  ? Inner<z.output<Schema>>
  : Contracts[Name] extends { readonly download: readonly string[] }
    ? Download
    : // biome-ignore lint/suspicious/noConfusingVoidType: a handler without an answer may return nothing at all
      void | undefined;

/** The router, and which routes and pages have a handler: `assertComplete` refuses to start with one missing. */
export type Router = { hono: Hono<Api>; mounted: Set<RouteName>; mountedPages: Set<PageName> };

export function endpoint<Name extends RouteName>(
  { hono, mounted }: Router,
  name: Name,
  handle: (asked: Asked<Name>) => Promise<Result<Name>> | Result<Name>,
): void {
  if (mounted.has(name)) throw new Error(`The route ${name} has two handlers.`);
  const [method, path] = routes[name];
  const prepared = prepare(name, contracts[name]);
  mounted.add(name);
  hono.on(method, path, (c) => serve(c, prepared, handle as Handle));
}

type Handle = (asked: never) => Promise<unknown> | unknown;
type Prepared = ReturnType<typeof prepare>;

/** What can be worked out once per route and not once per request. */
function prepare(name: RouteName, contract: Contract) {
  const part = (schema: z.ZodType | undefined) => schema && { schema, convert: compileFromWire(schema) };
  return {
    name,
    contract,
    params: part(contract.params),
    query: part(contract.query),
    body: part(contract.body),
    toWire: contract.response && compileToWire(contract.response),
  };
}

async function serve(c: Context<Api>, prepared: Prepared, handle: Handle): Promise<Response> {
  const { contract } = prepared;
  const key = c.req.header("idempotency-key");
  return respond(
    await orProblem(c, async () => {
      const caller = await identify(c.req.raw, contract.access, c.env);
      c.set("caller", caller);
      const refused = await refusal(c, prepared, caller);
      if (refused) return refused;
      if (contract.limit) await requireRoom(caller.system, contract.limit as RateLimit, whoOf(c, caller));
      if (contract.raw) requireRaw(c.req.header("content-type"), contract.raw.type);
      const takesBody = contract.body || contract.raw;
      const bytes = takesBody ? await readBody(c.req.raw, contract.raw?.bytesMax) : new Uint8Array();
      const run = async () => {
        const answer = await orProblem(c, () => perform(c, prepared, caller, bytes, handle));
        await auditRequest(c, prepared.name, contract, caller, answer);
        return answer;
      };
      if (key === undefined || !isOnce(contract, c.req.method)) return run();
      const request = { key, method: "POST", url: c.req.url, body: bytes };
      return answerOnce(caller, { ...request, answersSecret: contract.answersSecret === true }, run);
    }),
  );
}

/** That somebody may not do it is worth an entry in the audit log; who they are is known by now. */
async function refusal(
  c: Context<Api>,
  { name, contract }: Prepared,
  caller: Caller,
): Promise<Answer | null> {
  const { access } = contract;
  if (access === "public" || access === "service") return null;
  const answer = await orProblem(c, async () => {
    requirePermission(caller, access, c.req.method !== "GET" && c.req.method !== "HEAD");
    requireLive(caller, contract);
    return { status: 204, body: null };
  });
  if (answer.status < 400) return null;
  await auditRequest(c, name, contract, caller, answer);
  return answer;
}

async function perform(
  c: Context<Api>,
  prepared: Prepared,
  caller: Caller,
  bytes: Uint8Array,
  handle: Handle,
): Promise<Answer> {
  const { contract } = prepared;
  const { system, actor } = caller;
  const place = (where: Place["in"]): Place => ({ shard: system.shard, in: where });
  const asked: Asked<RouteName> = {
    params: parse(prepared.params, c.req.param(), place("path")) as never,
    query: parse(prepared.query, queryOf(c), place("query")) as never,
    body: parse(prepared.body, bodyOf(c, prepared, bytes), place("body")) as never,
    raw: bytes,
    ifRev: contract.ifMatch ? revisionOf(c.req.header("if-match"), contract.ifMatch) : null,
    actor,
    caller,
    auth: c.env.auth,
    system,
    systems: c.env.systems,
    limits: c.env.limits,
    origin: c.req.header("origin") ?? null,
    audit: (who, action, record) =>
      recordAudit(who, c.req.raw, { action, record, outcome: "done", requestId: c.var.requestId }),
    publicId: (prefix, key) => encodeId(prefix, system.shard, key),
  };
  const result = await handle(asked as never);
  if (contract.download) return downloadAnswer(result as Download);
  if (!prepared.toWire) return { status: 204, body: null };
  const wire = prepared.toWire(result, place("body"), "");
  return { status: contract.status ?? 200, body: JSON.stringify(wire), headers: etagOf(wire) };
}

/** Who a limit counts for: whoever is known, else the network address. */
const whoOf = (c: Context<Api>, { actor }: Caller): string =>
  actor.workspaceId === noWorkspace ? addressOf(c.req.raw) : `${actor.workspaceId} ${actor.name}`;

function parse(part: Prepared["params"], value: unknown, place: Place): unknown {
  if (!part) return undefined;
  const parsed = readAs(part.schema, value);
  if (!parsed.success) {
    if (place.in === "path") throw noSuchPath(part.schema);
    throw invalidRequest(fieldErrors(parsed.error, place.in));
  }
  return part.convert && parsed.data !== undefined ? part.convert(parsed.data, place, "") : parsed.data;
}

/** An id in the path that is none at all is as much "not found" as one that names nothing. */
function noSuchPath(params: z.ZodType): BadRequest {
  const shape = (params as z.ZodObject).shape;
  for (const field of Object.values(shape)) {
    const mark = marks.get(field);
    if (mark?.kind === "id") return notFound(mark.prefix, "path", "");
  }
  return new BadRequest("route_not_found", "There is nothing at this address.");
}

function queryOf(c: Context<Api>): Record<string, string> {
  const all = c.req.queries();
  const doubled = Object.keys(all).filter((name) => all[name]!.length > 1);
  if (doubled.length) {
    throw invalidRequest(
      doubled.map((name) => ({ in: "query", pointer: `/${name}`, detail: "Give this once." })),
    );
  }
  return c.req.query();
}

function bodyOf(c: Context<Api>, prepared: Prepared, bytes: Uint8Array): unknown {
  return prepared.body && parseJson(bytes, c.req.header("content-type") ?? null);
}

function revisionOf(header: string | undefined, ifMatch: "optional" | "required"): number | null {
  if (header === undefined || header === "*") {
    if (ifMatch === "optional" || header === "*") return null;
    throw new BadRequest("precondition_required", 'Send the `rev` you saw: `If-Match: "3"`.');
  }
  const match = /^(?:W\/)?"(\d{1,15})"$/.exec(header);
  if (match) return Number(match[1]);
  throw invalidRequest([{ in: "header", pointer: "/if-match", detail: 'Write the `rev` in quotes: "3".' }]);
}

function etagOf(wire: unknown): Record<string, string> {
  const rev = (wire as { rev?: unknown } | null)?.rev;
  return typeof rev === "number" ? { etag: `"${rev}"` } : {};
}

/** Refusals become answers here; anything else is a bug: logged with the request's id, and never told. */
async function orProblem(c: Context<Api>, work: () => Promise<Answer>): Promise<Answer> {
  const { requestId } = c.var;
  try {
    return await work();
  } catch (error) {
    const refusal = problemAnswer(error, requestId);
    if (refusal) return refusal;
    c.env.systems[0]?.logError(`${requestId} ${c.req.method} ${c.req.routePath} failed`, error);
    return internalProblem(requestId);
  }
}
