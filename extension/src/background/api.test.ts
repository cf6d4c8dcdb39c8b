import { beforeEach, describe, expect, it } from "vitest";
import { createApi } from "./api.ts";

let requests: Request[];
let slept: number[];
let answers: (Response | Error)[];
let isAllowed: boolean;
let token: string;

const api = () =>
  createApi({
    apiUrl: async () => "https://cadenza.acme.example",
    accessToken: async (refusedToken) => {
      if (refusedToken === token) token = "renewed";
      return token;
    },
    isAllowed: async () => isAllowed,
    fetch: async (request) => {
      requests.push(request);
      const answer = answers.shift() ?? new Response(JSON.stringify({ id: "ctc_1" }), json);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    now: () => 0,
    random: () => 0,
    sleep: async (ms) => {
      slept.push(ms);
    },
  });
const json = { headers: { "content-type": "application/json" } };
const problem = (status: number, code: string, headers = {}) =>
  new Response(JSON.stringify({ code, status, detail: "No." }), { status, headers });
const get = { params: { id: "ctc_1" } };

beforeEach(() => {
  [requests, slept, answers, isAllowed, token] = [[], [], [], true, "held"];
});

describe("asking the API", () => {
  it("sends the token to the set address and no cookie, and nothing else", async () => {
    expect(await api().read("contacts.get", get)).toEqual({ id: "ctc_1" });
    const [request] = requests;
    expect([request!.url, request!.headers.get("authorization"), request!.credentials]).toEqual([
      "https://cadenza.acme.example/v1/contacts/ctc_1",
      "Bearer held",
      "omit",
    ]);
  });

  it("asks nothing where the browser does not allow it", async () => {
    isAllowed = false;
    await expect(api().read("contacts.get", get)).rejects.toMatchObject({ code: "no_permission" });
    expect(requests).toEqual([]);
  });

  it("asks once more with a new token where the first was refused, and then says so", async () => {
    answers = [problem(401, "unauthenticated")];
    expect(await api().read("contacts.get", get)).toEqual({ id: "ctc_1" });
    expect(requests.map(({ headers }) => headers.get("authorization"))).toEqual([
      "Bearer held",
      "Bearer renewed",
    ]);
    answers = [problem(401, "unauthenticated"), problem(401, "unauthenticated")];
    await expect(api().read("contacts.get", get)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("reads again what failed on the way, three times in all, as long as the server asks", async () => {
    answers = [new TypeError("Failed to fetch"), problem(429, "rate_limited", { "retry-after": "3" })];
    expect(await api().read("contacts.get", get)).toEqual({ id: "ctc_1" });
    expect(slept).toEqual([250, 3_000]);
    answers = Array.from({ length: 3 }, () => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    requests.length = 0;
    await expect(api().read("contacts.get", get)).rejects.toMatchObject({ code: "internal" });
    expect(requests.length).toBe(3);
  });

  it("does not wait longer for a read than anybody looks at it", async () => {
    answers = [problem(429, "rate_limited", { "retry-after": "600" })];
    await expect(api().read("contacts.get", get)).rejects.toMatchObject({ code: "rate_limited" });
    expect(slept).toEqual([]);
  });

  it("tries what changes something once: the outbox tries again", async () => {
    answers = [new TypeError("Failed to fetch")];
    const request = { params: { id: "seq_1" }, body: { contactId: "ctc_1" }, idempotencyKey: "k1" };
    await expect(api().once("enrollments.create", request)).rejects.toMatchObject({ code: "unreachable" });
    expect([requests.length, requests[0]!.headers.get("idempotency-key")]).toEqual([1, "k1"]);
  });
});
