import { afterEach, describe, expect, it, vi } from "vitest";
import { refused } from "../api/refusal.ts";
import { type Answering, answer } from "./answer.ts";
import { askBy } from "./ask.ts";
import { questions } from "./questions.ts";
import { verbs } from "./verbs.ts";

const own = { id: "abcdefghijklmnop", origin: "chrome-extension://abcdefghijklmnop" };
const page = { id: own.id, origin: own.origin };
const asked: [string, unknown][] = [];
const answering = new Proxy({} as Answering, {
  get: (_, verb: string) => async (question: unknown) => {
    asked.push([verb, question]);
    if (verb === "account.signIn") throw refused("sign_in_stopped");
    if (verb === "account.signOut") throw new RangeError("a bug, with a token in its words");
    return verb === "outbox.list" ? [] : null;
  },
});
const put = (given: unknown, sender: { id?: string; origin?: string } = page) =>
  answer(answering, own, given, sender);

afterEach(() => {
  asked.length = 0;
  vi.useRealTimers();
});

describe("the table of questions", () => {
  it("gives each a time-out, and each a schema", () => {
    expect(Object.keys(questions)).toEqual(Object.keys(verbs));
    for (const { timeoutMs } of Object.values(verbs)) expect(timeoutMs).toBeGreaterThan(0);
  });
});

describe("the background", () => {
  it("answers the extension's own pages", async () => {
    expect(await put({ verb: "outbox.list", question: {} })).toEqual({ answer: [] });
    const question = { route: "contacts.get", params: { id: "ctc_1" } };
    expect(await put({ verb: "api.ask", question })).toEqual({ answer: null });
    expect(asked.at(-1)).toEqual(["api.ask", question]);
  });

  it.each([
    ["another extension", { id: "somebody", origin: "chrome-extension://somebody" }],
    ["a script in a page", { id: own.id, origin: "https://mail.google.com" }],
    ["nobody known", {}],
  ])("does nothing for %s", async (_, sender) => {
    const reply = await put({ verb: "outbox.list", question: {} }, sender);
    expect([reply, asked]).toEqual([{ refusal: expect.objectContaining({ code: "not_understood" }) }, []]);
  });

  it.each([
    null,
    "outbox.list",
    { verb: "outbox.list" },
    { verb: "outbox.empty", question: {} },
    { verb: "constructor", question: {} },
    { verb: "__proto__", question: {} },
    { verb: "outbox.list", question: { more: 1 } },
    { verb: "outbox.list", question: {}, url: "https://evil.example" },
    { verb: "api.ask", question: { route: "https://evil.example" } },
    { verb: "api.ask", question: { route: "apiKeys.create" } },
    { verb: "api.ask", question: { route: "contacts.get", baseUrl: "https://evil.example" } },
    { verb: "subject.read", question: { tabId: -1 } },
    { verb: "outbox.drop", question: { key: "x".repeat(256) } },
  ])("does nothing on %j", async (given) => {
    const reply = await put(given);
    expect([reply, asked]).toEqual([{ refusal: expect.objectContaining({ code: "not_understood" }) }, []]);
  });

  it("says why in words, and nothing of a bug's", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    expect(await put({ verb: "account.signIn", question: {} })).toEqual({
      refusal: { code: "sign_in_stopped", detail: expect.stringContaining("stopped") },
    });
    expect(JSON.stringify(await put({ verb: "account.signOut", question: {} }))).not.toContain("token");
    expect(console.error).toHaveBeenCalledOnce();
  });
});

describe("a page", () => {
  it("gets the answer, or the reason as it was given", async () => {
    const ask = askBy((message) => put(message));
    expect(await ask("outbox.list", {})).toEqual([]);
    await expect(ask("account.signIn", {})).rejects.toMatchObject({ code: "sign_in_stopped" });
  });

  it("asks again when the worker died over it, once, and not what would be done twice", async () => {
    let sent = 0;
    const dying = askBy(async () => {
      if (++sent === 1) throw new Error("The message port closed before a response was received.");
      return { answer: [] };
    });
    expect([await dying("outbox.list", {}), sent]).toEqual([[], 2]);
    const dead = askBy(async () => {
      sent++;
      throw new Error("Extension context invalidated.");
    });
    await expect(dead("outbox.list", {})).rejects.toMatchObject({ code: "not_understood" });
    expect(sent).toBe(4);
    await expect(dead("outbox.list", {}, { mayRepeat: false })).rejects.toMatchObject({
      code: "not_understood",
    });
    expect(sent).toBe(5);
  });

  it("waits no longer than the table says", async () => {
    vi.useFakeTimers();
    const waiting = expect(askBy(() => new Promise(() => {}))("outbox.list", {})).rejects.toMatchObject({
      code: "unreachable",
    });
    await vi.advanceTimersByTimeAsync(verbs["outbox.list"].timeoutMs);
    await waiting;
  });
});
