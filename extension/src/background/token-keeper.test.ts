import { beforeEach, describe, expect, it } from "vitest";
import { areaInMemory } from "../storage/area.ts";
import { oauthAt } from "./oauth.ts";
import { createTokenKeeper } from "./token-keeper.ts";

const redirectUri = "https://abcdefghijklmnop.chromiumapp.org/";
let local: ReturnType<typeof areaInMemory>;
let session: ReturnType<typeof areaInMemory>;
let clock: number;
let apiUrl: string | null;
/** What the server was asked: the path and its fields. */
let asked: [string, Record<string, string>][];
let answers: (path: string, fields: Record<string, string>) => Response | Promise<Response>;
let shown: (url: URL) => string | undefined;
let issued: number;

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const tokens = () => {
  issued++;
  return json(200, { access_token: `access-${issued}`, expires_in: 300, refresh_token: `refresh-${issued}` });
};

beforeEach(() => {
  [local, session, clock, apiUrl, asked, issued] = [
    areaInMemory(),
    areaInMemory(),
    1_000_000,
    "https://cadenza.acme.example",
    [],
    0,
  ];
  answers = (path) => {
    if (path === "/auth/oauth2/register") return json(201, { client_id: "client-1" });
    if (path === "/auth/device/code") {
      return json(200, {
        device_code: "device-1",
        user_code: "ABCD-EFGH",
        verification_uri: "https://cadenza.acme.example/device",
        expires_in: 900,
        interval: 5,
      });
    }
    return tokens();
  };
  shown = (url) => `${redirectUri}?code=code-1&state=${url.searchParams.get("state")}`;
});

const start = () =>
  createTokenKeeper({
    local,
    session,
    now: () => clock,
    apiUrl: async () => apiUrl,
    show: async (url) => shown(new URL(url)),
    deviceName: () => "Cadenza in Chrome",
    oauth: (url) =>
      oauthAt(url, redirectUri, async (request) => {
        const text = await request.text();
        const fields = text.startsWith("{")
          ? JSON.parse(text)
          : Object.fromEntries(new URLSearchParams(text));
        const { pathname } = new URL(request.url);
        asked.push([pathname, fields]);
        return answers(pathname, fields);
      }),
  });

describe("signing in", () => {
  it("proves with PKCE that it is the same browser, for its own address and this API", async () => {
    const question = { url: new URL("about:blank") };
    shown = (url) => {
      question.url = url;
      return `${redirectUri}?code=code-1&state=${url.searchParams.get("state")}`;
    };
    const keeper = start();
    await keeper.signIn();
    const query = Object.fromEntries(question.url.searchParams);
    expect(query).toMatchObject({
      client_id: "client-1",
      redirect_uri: redirectUri,
      code_challenge_method: "S256",
      resource: apiUrl,
      scope: "read write offline_access",
    });
    const [, traded] = asked.at(-1)!;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(traded.code_verifier));
    expect(query.code_challenge).toBe(Buffer.from(digest).toString("base64url"));
    expect(await keeper.standing()).toBe("signed_in");
    expect(await keeper.accessToken()).toBe("access-1");
  });

  it("takes no answer to a question it did not ask, and none that is a no", async () => {
    const keeper = start();
    for (const answer of [
      `${redirectUri}?code=code-1&state=another`,
      `${redirectUri}?error=access_denied`,
      undefined,
    ]) {
      shown = () => answer;
      await expect(keeper.signIn()).rejects.toMatchObject({ code: "sign_in_stopped" });
    }
    expect(asked.filter(([path]) => path === "/auth/oauth2/token")).toEqual([]);
    expect(await keeper.standing()).toBe("signed_out");
  });

  it("makes one program a browser, however often somebody signs in", async () => {
    const keeper = start();
    await keeper.signIn();
    await keeper.signOut();
    await keeper.signIn();
    expect(asked.filter(([path]) => path === "/auth/oauth2/register")).toHaveLength(1);
  });

  it("says so where something else answers at that address", async () => {
    answers = () => new Response("<h1>Welcome</h1>", { status: 200 });
    await expect(start().signIn()).rejects.toThrow("not Cadenza");
    apiUrl = null;
    await expect(start().signIn()).rejects.toMatchObject({ code: "no_address" });
  });

  it("works by a code typed elsewhere, polled for until it was", async () => {
    const keeper = start();
    expect(await keeper.pair()).toMatchObject({ user_code: "ABCD-EFGH" });
    const given = answers;
    answers = () => json(400, { error: "authorization_pending" });
    expect([await keeper.pollPairing(), await keeper.standing()]).toEqual([false, "signed_out"]);
    answers = given;
    // The worker died in between.
    const next = start();
    expect([await next.pollPairing(), await next.standing()]).toEqual([true, "signed_in"]);
    await expect(next.pollPairing()).rejects.toMatchObject({ code: "sign_in_stopped" });
  });

  it("ends with a no to the code, and with the code's time", async () => {
    const keeper = start();
    await keeper.pair();
    answers = () => json(400, { error: "access_denied" });
    await expect(keeper.pollPairing()).rejects.toMatchObject({ code: "sign_in_stopped" });
    clock += 901_000;
    await expect(keeper.pollPairing()).rejects.toMatchObject({ code: "sign_in_stopped" });
  });
});

describe("the token", () => {
  it("is renewed before it ends, once for all who ask, and survives the worker", async () => {
    await start().signIn();
    const keeper = start();
    expect(await keeper.accessToken()).toBe("access-1");
    clock += 271_000;
    expect(await Promise.all([keeper.accessToken(), keeper.accessToken()])).toEqual(["access-2", "access-2"]);
    expect(asked.filter(([, { grant_type }]) => grant_type === "refresh_token")).toEqual([
      ["/auth/oauth2/token", expect.objectContaining({ refresh_token: "refresh-1", client_id: "client-1" })],
    ]);
    clock += 271_000;
    await keeper.accessToken();
    expect(asked.at(-1)![1].refresh_token).toBe("refresh-2");
  });

  it("is renewed where the API did not take it, whatever its end says", async () => {
    const keeper = start();
    await keeper.signIn();
    expect(await keeper.accessToken("access-1")).toBe("access-2");
    expect(await keeper.accessToken("access-1")).toBe("access-2");
  });

  it("that is no longer renewed is said to have ended, until somebody signs in again", async () => {
    const keeper = start();
    await keeper.signIn();
    clock += 400_000;
    answers = (path) =>
      path.endsWith("/token") ? json(400, { error: "invalid_grant" }) : json(201, { client_id: "client-2" });
    await expect(keeper.accessToken()).rejects.toMatchObject({ code: "sign_in_expired" });
    const tries = asked.length;
    await expect(keeper.accessToken()).rejects.toMatchObject({ code: "sign_in_expired" });
    expect([asked.length, await keeper.standing()]).toEqual([tries, "sign_in_expired"]);
  });

  it("outlives a server that is down: that is no reason to sign in again", async () => {
    const keeper = start();
    await keeper.signIn();
    clock += 400_000;
    for (const answer of [() => new Response("", { status: 503 }), () => Promise.reject(new TypeError())]) {
      const given = answers;
      answers = answer;
      await expect(keeper.accessToken()).rejects.toMatchObject({ code: "unreachable" });
      answers = given;
      expect(await keeper.standing()).toBe("signed_in");
    }
    expect(await keeper.accessToken()).toBe("access-2");
  });

  it("of one address is never shown to another", async () => {
    const keeper = start();
    await keeper.signIn();
    apiUrl = "https://elsewhere.example";
    expect(await keeper.standing()).toBe("signed_out");
    await expect(keeper.accessToken()).rejects.toMatchObject({ code: "signed_out" });
  });
});

describe("signing out", () => {
  it("revokes what could be renewed and leaves nothing behind but the browser's name", async () => {
    const keeper = start();
    await keeper.signIn();
    await keeper.signOut();
    expect(asked.at(-1)).toEqual(["/auth/oauth2/revoke", { client_id: "client-1", token: "refresh-1" }]);
    expect([Object.keys(local.kept), session.kept]).toEqual([["device"], {}]);
  });

  it("works without a network, and while a token is being renewed", async () => {
    const keeper = start();
    await keeper.signIn();
    clock += 400_000;
    let answer = (_: Response) => {};
    answers = (path) =>
      path.endsWith("/revoke")
        ? Promise.reject(new TypeError())
        : new Promise((resolve) => {
            answer = resolve;
          });
    const renewed = expect(keeper.accessToken()).rejects.toMatchObject({ code: "signed_out" });
    while (asked.at(-1)![1].grant_type !== "refresh_token") await Promise.resolve();
    await keeper.signOut();
    answer(tokens());
    await renewed;
    expect([await keeper.standing(), session.kept]).toEqual(["signed_out", {}]);
  });
});
