/** The bare router: request ids, headers, and what is answered where there is no route. */
import { contracts } from "@cadenza/shared/contract/all";
import { type Method, type RouteName, routes } from "@cadenza/shared/routes";
import { type Context, Hono } from "hono";
import { nothingHerePage } from "../pages/refusals.ts";
import { type Api, respond, securityHeaders } from "./answer.ts";
import { cors } from "./cors.ts";
import type { Router } from "./endpoint.ts";
import { page } from "./page.ts";
import { type PageName, pageRoutes } from "./page-routes.ts";
import { BadRequest, internalProblem, problemAnswer } from "./problem.ts";
import { keepSignedIn } from "./session.ts";

export function createRouter(): Router {
  const hono = new Hono<Api>();
  hono.use("*", async (c, next) => {
    c.set("requestId", `req_${crypto.randomUUID().replaceAll("-", "")}`);
    await next();
  });
  hono.use("*", securityHeaders);
  hono.use("*", cors);
  hono.use("*", keepSignedIn);
  hono.notFound((c) => {
    const nowhere = noRoute(c);
    return isLost(c, nowhere)
      ? page(404, nothingHerePage())
      : respond(problemAnswer(nowhere, c.var.requestId)!);
  });
  hono.onError((error, c) => {
    const refusal = problemAnswer(error, c.var.requestId);
    if (refusal) return respond(refusal);
    c.env.systems[0]?.logError(`${c.var.requestId} ${c.req.method} ${c.req.routePath} failed`, error);
    return respond(internalProblem(c.var.requestId));
  });
  return { hono, mounted: new Set(), mountedPages: new Set() };
}

export function assertComplete({ mounted, mountedPages }: Router): void {
  const names = Object.keys(routes) as RouteName[];
  const unmounted = names.filter((name) => !mounted.has(name));
  const uncontracted = names.filter((name) => !Object.hasOwn(contracts, name));
  const unserved = (Object.keys(pageRoutes) as PageName[]).filter((name) => !mountedPages.has(name));
  const problems = [
    ...unserved.map((name) => `the page ${name} has no handler`),
    ...unmounted.map((name) => `${name} has no handler`),
    ...uncontracted.map((name) => `${name} has no contract`),
  ];
  if (problems.length) throw new Error(`The API is not complete: ${problems.join(", ")}.`);
}

function noRoute(c: Context<Api>): BadRequest {
  const allowed = methodsAt(c.req.path);
  if (!allowed.length)
    return new BadRequest("route_not_found", "There is nothing at this address. See /docs.");
  const list = allowed.join(", ");
  return new BadRequest("method_not_allowed", `This address takes ${list}.`, [], { allow: list });
}

/** A person who followed a link, not a program. */
const isLost = ({ req }: Context<Api>, { code }: BadRequest): boolean =>
  code === "route_not_found" &&
  req.method === "GET" &&
  !/^\/(v1|internal|auth|\.well-known)(\/|$)/.test(req.path) &&
  /\btext\/html\b/.test(req.header("accept") ?? "");

const patterns = [...Object.values(routes), ...Object.values(pageRoutes)].map(([method, path]) => ({
  method: method as Method,
  pattern: new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}$`),
}));

function methodsAt(path: string): string[] {
  const methods = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  return [...new Set<string>(methods.includes("GET") ? [...methods, "HEAD"] : methods)].sort();
}
