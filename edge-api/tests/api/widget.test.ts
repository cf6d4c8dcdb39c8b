/** The panel's files, as pages anywhere load them. */
import { describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { type Reply, replyOf, testSystem } from "../world.ts";

const integrity = "sha384-wmqk4oPa0WC5vqRCWyg4XilubZOH1xiwUDSpbojdINLdpCT8y3mbbLF2sekibZE9";
const files = { "widget/core-BrJyLAyV.js": "sha384-core" };
const built: Record<string, string> = {
  "/versions.json": JSON.stringify({ version: "1.2.3", entry: "widget.js", integrity, files }),
  "/widget.d.ts": "export declare function mount(): void;",
  "/widget.js": "import('./widget/core-BrJyLAyV.js');",
  "/widget/core-BrJyLAyV.js": "export const panel = 1;",
  "/widget/look-CGcAL7Vt.css": ":host{}",
  "/widget/notes.js": "not hashed",
  "/sizes.json": "[]",
  "/secret-AAAAAAAA.js": "outside",
};

/** A folder that answers as the platform's does, and remembers what it was asked. */
function folder(files = built) {
  const asked: Request[] = [];
  return {
    asked,
    fetch: async (request: Request): Promise<Response> => {
      asked.push(request);
      const { pathname } = new URL(request.url);
      const body = files[decodeURIComponent(pathname)];
      return body === undefined
        ? new Response("Not Found", { status: 404 })
        : new Response(body, {
            headers: { "set-cookie": "a=b", "content-type": "text/plain" },
          });
    },
  };
}

const system = testSystem();
const serving = (assets?: ReturnType<typeof folder>) => {
  const app = createApp([system], { serviceToken: "test-service-token", assets });
  return async (path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Reply> =>
    replyOf(await app.fetch(new Request(`https://cadenza.test${path}`, { method, headers })));
};
const ask = serving(folder());

const forMinutes = "public, max-age=300, stale-while-revalidate=86400";
const forEver = "public, max-age=31536000, immutable";

/** What a page of any origin needs to run it, under the strictest of its own rules. */
const open = ({ headers }: Reply) => [
  headers.get("access-control-allow-origin"),
  headers.get("cross-origin-resource-policy"),
  headers.get("x-content-type-options"),
  headers.get("set-cookie"),
];
const anybody = ["*", "cross-origin", "nosniff", null];

describe("the panel's entry", () => {
  test.each([
    ["/widget.js", forMinutes],
    ["/widget@1.js", forMinutes],
    ["/widget@1.2.3.js", forEver],
  ])("%s is the one that was built, kept as long as its name allows", async (path, cache) => {
    const reply = await ask(path);
    expect([reply.status, reply.text]).toEqual([200, built["/widget.js"]]);
    expect(reply.headers.get("cache-control")).toBe(cache);
    expect(reply.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(reply.headers.get("etag")).toBe(`"${integrity}"`);
    expect(open(reply)).toEqual(anybody);
  });

  test("says which version it is, and what a page that pins it writes", async () => {
    const reply = await ask("/widget/versions.json");
    expect([reply.status, reply.body]).toEqual([
      200,
      {
        version: "1.2.3",
        entry: "/widget@1.2.3.js",
        integrity,
        files: { "/widget/core-BrJyLAyV.js": "sha384-core" },
      },
    ]);
    expect([reply.headers.get("cache-control"), open(reply)]).toEqual([forMinutes, anybody]);
  });

  test("is not sent again to who has it", async () => {
    for (const known of [`"${integrity}"`, `W/"${integrity}"`, `"x", "${integrity}"`, "*"]) {
      const reply = await ask("/widget.js", { "if-none-match": known });
      expect([known, reply.status, reply.text]).toEqual([known, 304, ""]);
      expect([reply.headers.get("cache-control"), open(reply)]).toEqual([forMinutes, anybody]);
    }
    expect((await ask("/widget.js", { "if-none-match": '"older"' })).status).toBe(200);
  });

  test("is told of without being sent", async () => {
    for (const path of ["/widget.js", "/widget@1.js", "/widget/core-BrJyLAyV.js"]) {
      const [head, got] = [await ask(path, {}, "HEAD"), await ask(path)];
      expect([head.status, head.text]).toEqual([200, ""]);
      expect(head.headers.get("etag")).toBe(got.headers.get("etag"));
    }
  });

  test.each([
    "/widget@2.js",
    "/widget@1.2.4.js",
    "/widget@1.2.js",
    "/widget@1.2.3-beta.js",
    "/widget@latest.js",
  ])("%s is not found, and the answer names what is", async (path) => {
    const reply = await ask(path);
    expect([reply.status, reply.body.code]).toEqual([404, "route_not_found"]);
    expect(reply.body.detail).toBe("The panel is served in version 1.2.3: /widget@1.js or /widget@1.2.3.js.");
    expect(open(reply)).toEqual(anybody);
    expect(reply.headers.get("cache-control")).toBe("no-store");
  });

  test("is not found where nothing was built, or nothing is bound", async () => {
    for (const bare of [serving(folder({})), serving()]) {
      for (const path of [
        "/widget.js",
        "/widget@1.js",
        "/widget@1.d.ts",
        "/widget/versions.json",
        "/widget/core-BrJyLAyV.js",
      ]) {
        const reply = await bare(path);
        expect([path, reply.status, reply.body.code]).toEqual([path, 404, "route_not_found"]);
      }
    }
  });
});

describe("what hosts are typed against", () => {
  test.each([
    ["/widget@1.d.ts", forMinutes],
    ["/widget@1.2.3.d.ts", forEver],
  ])("%s lies beside the script, as text", async (path, cache) => {
    const reply = await ask(path);
    expect([reply.status, reply.text]).toEqual([200, built["/widget.d.ts"]]);
    expect(reply.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect([reply.headers.get("cache-control"), open(reply)]).toEqual([cache, anybody]);
    const script = await ask(path.replace(".d.ts", ".js"));
    expect(reply.headers.get("etag")).not.toBe(script.headers.get("etag"));
  });

  test.each(["/widget@2.d.ts", "/widget@1.2.d.ts", "/widget.d.ts", "/widget@1.ts"])(
    "%s is not found",
    async (path) => expect((await ask(path)).status).toBe(404),
  );
});

describe("what it loads", () => {
  test.each([
    ["/widget/core-BrJyLAyV.js", "text/javascript; charset=utf-8"],
    ["/widget/look-CGcAL7Vt.css", "text/css; charset=utf-8"],
  ])("%s never changes", async (path, type) => {
    const reply = await ask(path);
    expect([reply.status, reply.text]).toEqual([200, built[path]]);
    expect(reply.headers.get("cache-control")).toBe(forEver);
    expect(reply.headers.get("content-type")).toBe(type);
    expect(open(reply)).toEqual(anybody);
    const again = await ask(path, { "if-none-match": reply.headers.get("etag")! });
    expect(again.status).toBe(304);
  });

  test.each([
    "/widget/",
    "/widget/notes.js",
    "/widget/gone-AAAAAAAA.js",
    "/widget/core-BrJyLAyV.js/",
    "/widget/core-BrJyLAyV.html",
    "/widget/sub/core-BrJyLAyV.js",
    "/widget/..%2fsecret-AAAAAAAA.js",
    "/widget/%2e%2e/secret-AAAAAAAA.js",
    "/widget/..%5csecret-AAAAAAAA.js",
    "/widget/.-AAAAAAAA.js",
    "/widget/%63ore-BrJyLAyV.js",
    "/widget//secret-AAAAAAAA.js",
    "/versions.json",
    "/sizes.json",
    "/secret-AAAAAAAA.js",
    "/index.html",
  ])("%s is nothing of it", async (path) => {
    const reply = await ask(path);
    expect([reply.status, reply.body?.code ?? null]).toEqual([404, "route_not_found"]);
  });
});

test("the folder learns nothing of who asks, and takes nothing but a look", async () => {
  const assets = folder();
  const from = {
    cookie: "session=1",
    authorization: "Bearer x",
    range: "bytes=0-1",
    origin: "https://a.example",
  };
  expect((await serving(assets)("/widget.js?token=1", from)).status).toBe(200);
  expect(assets.asked.map(({ url }) => new URL(url).pathname)).toEqual(["/versions.json", "/widget.js"]);
  for (const { url, method, headers } of assets.asked) {
    expect([method, new URL(url).search, [...headers.keys()]]).toEqual(["GET", "", []]);
  }
  for (const method of ["POST", "PUT", "DELETE"])
    expect((await ask("/widget.js", {}, method)).status).toBe(404);
});
