/**
 * The panel's files, for pages anywhere: the entry under names that stay, which move to the newest panel within minutes,
 * and what never changes under names of its own. Nobody is asked who they are, and nothing else of the folder is served.
 */
import type { Context } from "hono";
import type { Api } from "../http/answer.ts";
import type { Router } from "../http/endpoint.ts";
import { BadRequest } from "../http/problem.ts";

/** What the build leaves beside the files. */
type Served = {
  version: string;
  entry: string;
  integrity: string;
  /** What runs in our own frame. */
  frame: string;
  /** Of what the entry loads, and what that loads. */
  files: Record<string, string>;
};

const forMinutes = "public, max-age=300, stale-while-revalidate=86400";
const forEver = "public, max-age=31536000, immutable";

/** `core-BrJyLAyV.js`: the hash says what is in it. As it stands in the address, so that nothing is decoded into a path. */
const hashed = /^\/widget\/[A-Za-z0-9_-]{1,100}-[A-Za-z0-9_-]{8,64}\.(js|css)$/;

const types: Record<string, string> = {
  ts: "text/plain; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};

export function widgetRoutes({ hono }: Router): void {
  hono.get("/widget.js", async (c) => {
    const served = await servedBy(c);
    return fileAt(c, `/${served.entry}`, { cache: forMinutes, tag: served.integrity });
  });
  // `.d.ts`: what hosts that write TypeScript are typed against.
  hono.get("/:name{widget@.+\\.(js|d\\.ts)}", async (c) => {
    const served = await servedBy(c);
    const [major] = served.version.split(".");
    const [, asked, ending] = /^widget@(.+?)\.(js|d\.ts)$/.exec(c.req.param("name"))!;
    if (asked !== major && asked !== served.version) {
      throw nothing(
        `The panel is served in version ${served.version}: /widget@${major}.js or /widget@${served.version}.js.`,
      );
    }
    const cache = asked === major ? forMinutes : forEver;
    const file = ending === "js" ? served.entry : "widget.d.ts";
    return fileAt(c, `/${file}`, { cache, tag: served.integrity + (ending === "js" ? "" : ending) });
  });
  // Which version that is, and what a page that pins it writes into `integrity`.
  hono.get("/widget/versions.json", async (c) => {
    const { version, integrity, files } = await servedBy(c);
    const body = { version, entry: `/widget@${version}.js`, integrity, files: addressed(files) };
    return c.json(body, 200, { "cache-control": forMinutes });
  });
  hono.get("/widget/*", (c) => {
    const { pathname } = new URL(c.req.url);
    if (!hashed.test(pathname)) throw nothing("The panel has no such file.");
    return fileAt(c, pathname, { cache: forEver, tag: pathname.slice("/widget/".length) });
  });
}

/** By their addresses, as an import map names them. */
const addressed = (files: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([file, integrity]) => [`/${file}`, integrity]));

export async function servedBy(c: Context<Api>): Promise<Served> {
  const found = await ask(c, "/versions.json");
  if (!found) throw nothing("The panel was not built.");
  return (await found.json()) as Served;
}

async function fileAt(
  c: Context<Api>,
  path: string,
  { cache, tag }: { cache: string; tag: string },
): Promise<Response> {
  const headers = { etag: `"${tag}"`, "cache-control": cache };
  if (isKnown(c.req.header("if-none-match"), headers.etag)) {
    return new Response(null, { status: 304, headers });
  }
  const found = await ask(c, path);
  if (!found) throw nothing("The panel has no such file.");
  const type = types[path.slice(path.lastIndexOf(".") + 1)]!;
  return new Response(found.body, { headers: { ...headers, "content-type": type } });
}

/** By the path alone: neither who asks nor how they ask is anything to the folder. */
async function ask({ env }: Context<Api>, path: string): Promise<Response | null> {
  const found = await env.assets?.fetch(new Request(`https://assets.local${path}`));
  if (found?.ok) return found;
  await found?.body?.cancel();
  return null;
}

/** RFC 9110, 13.1.2: weakly compared, for a cache on the way may have made it weak. */
const isKnown = (header: string | undefined, tag: string): boolean =>
  header !== undefined &&
  (header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^W\//, "") === tag));

const nothing = (detail: string) => new BadRequest("route_not_found", detail);
