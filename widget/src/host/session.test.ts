import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deskFor } from "./session.ts";

/** The API as far as a page's way to it goes: it takes the tokens it is told to take. */
let exchanged: string[];
let bearers: (string | null)[];
let expired: Set<string>;
/** Sessions that ended before their time. */
let ended: Set<string>;
let livesMs: number;
let apis = 0;
/** Desks live as long as a page: each test is another one's. */
let api: string;

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
const tokenOf = (sub: string, iat: number) =>
  `${encode({ alg: "HS256" })}.${encode({ sub, iat, name: "Zoë?>" })}.x`;
const answer = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
const problem = (status: number, code: string) => answer(status, { code, detail: code, status });

beforeEach(() => {
  [exchanged, bearers, expired, ended, livesMs] = [[], [], new Set(), new Set(), 600_000];
  api = `https://api-${++apis}.example`;
  vi.useFakeTimers({ now: 1_000_000_000_000 });
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.url.endsWith("/v1/embed/session")) {
      const { token } = (await request.json()) as { token: string };
      exchanged.push(token);
      if (expired.has(token)) return problem(401, "embed_token_expired");
      return answer(200, {
        accessToken: `session ${exchanged.length}`,
        expiresAt: new Date(Date.now() + livesMs).toISOString(),
      });
    }
    const bearer = request.headers.get("authorization");
    bearers.push(bearer);
    return ended.has(bearer!) ? problem(401, "unauthenticated") : answer(200, { contact: {} });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ask = ({ client }: ReturnType<typeof deskFor>, email = "dana@acme.example") =>
  client("record.get", { query: { email } });

describe("the session of a page", () => {
  it("is exchanged once for all panels of a user, however many ask at once", async () => {
    const token = tokenOf("robin", 1);
    const desks = Array.from({ length: 20 }, () => deskFor(api, "app_1", token));
    await Promise.all(desks.map((desk, index) => ask(desk, `${index}@acme.example`)));
    expect(new Set(desks).size).toBe(1);
    expect(exchanged).toEqual([token]);
    expect(new Set(bearers)).toEqual(new Set(["Bearer session 1"]));
  });

  it("is another for another user of the page, and for another app", async () => {
    const robin = deskFor(api, "app_1", tokenOf("robin", 1));
    const vic = deskFor(api, "app_1", tokenOf("vic", 1));
    expect(new Set([robin, vic, deskFor(api, "app_2", tokenOf("robin", 1))]).size).toBe(3);
    await ask(robin);
    await ask(vic);
    expect(bearers).toEqual(["Bearer session 1", "Bearer session 2"]);
  });

  it("is renewed before it ends", async () => {
    const desk = deskFor(api, "app_1", tokenOf("robin", 1));
    await ask(desk);
    vi.advanceTimersByTime(livesMs - 31_000);
    await ask(desk);
    expect(exchanged).toHaveLength(1);
    vi.advanceTimersByTime(2_000);
    await ask(desk);
    expect(bearers.at(-1)).toBe("Bearer session 2");
  });

  it("that ended before its time is exchanged again, and the question asked once more", async () => {
    const desk = deskFor(api, "app_1", tokenOf("robin", 1));
    await ask(desk);
    ended.add("Bearer session 1");
    await expect(ask(desk)).resolves.toEqual({ contact: {} });
    expect(bearers).toEqual(["Bearer session 1", "Bearer session 1", "Bearer session 2"]);
  });

  it("goes on with the newest token: an older one that comes late is not taken", async () => {
    const [older, newer] = [tokenOf("robin", 1), tokenOf("robin", 2)];
    deskFor(api, "app_1", newer);
    await ask(deskFor(api, "app_1", older));
    expect(exchanged).toEqual([newer]);
  });
});

describe("a token that has expired", () => {
  it("is asked for again, and what was asked waits for the new one", async () => {
    const [old, fresh] = [tokenOf("robin", 1), tokenOf("robin", 2)];
    expired.add(old);
    const desk = deskFor(api, "app_1", old);
    let asked = 0;
    desk.join(() => {
      asked++;
      return fresh;
    });
    await expect(ask(desk)).resolves.toEqual({ contact: {} });
    expect([asked, exchanged]).toEqual([1, [old, fresh]]);
  });

  it("may be followed by one set as an attribute, which every waiting question then goes on with", async () => {
    const [old, fresh] = [tokenOf("robin", 1), tokenOf("robin", 2)];
    expired.add(old);
    const desk = deskFor(api, "app_1", old);
    const wanted = new Promise<void>((done) => desk.join(() => done()));
    const answers = Promise.all([ask(desk, "a@x.example"), ask(desk, "b@x.example")]);
    await wanted;
    deskFor(api, "app_1", fresh);
    await expect(answers).resolves.toHaveLength(2);
    expect(exchanged).toEqual([old, fresh]);
  });

  it("without another within a minute, is told as such", async () => {
    const old = tokenOf("robin", 1);
    expired.add(old);
    const desk = deskFor(api, "app_1", old);
    const wanted = new Promise<void>((done) => desk.join(() => done()));
    const refused = expect(ask(desk)).rejects.toMatchObject({ code: "embed_token_expired" });
    await wanted;
    await vi.advanceTimersByTimeAsync(60_000);
    await refused;
  });

  it("is not asked for at a panel that has left", async () => {
    const [old, fresh] = [tokenOf("robin", 1), tokenOf("robin", 2)];
    expired.add(old);
    const desk = deskFor(api, "app_1", old);
    const heard: string[] = [];
    desk.join(() => void heard.push("left"))();
    desk.join(() => {
      heard.push("stayed");
      return fresh;
    });
    await ask(desk);
    expect(heard).toEqual(["stayed"]);
  });
});
