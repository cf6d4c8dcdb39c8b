import { describe, expect, test } from "vitest";
import { createClient, ProblemError } from "./client.ts";

function answering(status: number, body: string) {
  const calls: { method: string; url: string; headers: Record<string, string>; body: string }[] = [];
  const client = createClient({
    baseUrl: "https://cadenza.test/",
    token: async () => "cdz_key_x_y",
    fetch: async (request) => {
      const headers = Object.fromEntries([...request.headers.entries()]);
      calls.push({ method: request.method, url: request.url, headers, body: await request.text() });
      return new Response(status === 204 ? null : body, { status });
    },
  });
  return { client, calls };
}

describe("the client", () => {
  test("fills the path, the query, the headers and the body", async () => {
    const { client, calls } = answering(200, "{}");
    await client("contacts.update", { params: { id: "ctc_a/b" }, body: { title: "COO" }, ifMatch: 3 });
    await client("contacts.list", { query: { q: "dana & co", limit: 5 } });
    await client("deals.create", { body: { name: "Deal" }, idempotencyKey: "once" });
    expect(calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "PATCH https://cadenza.test/v1/contacts/ctc_a%2Fb",
      "GET https://cadenza.test/v1/contacts?q=dana+%26+co&limit=5",
      "POST https://cadenza.test/v1/deals",
    ]);
    expect(calls[0]).toMatchObject({
      headers: { authorization: "Bearer cdz_key_x_y", "if-match": '"3"' },
      body: '{"title":"COO"}',
    });
    expect(calls[1]!.headers["content-type"]).toBeUndefined();
    expect(calls[2]!.headers["idempotency-key"]).toBe("once");
  });

  test("answers 204 with nothing", async () => {
    expect(
      await answering(204, "").client("suppressions.delete", { params: { id: "sup_1" } }),
    ).toBeUndefined();
  });

  test("throws what was refused, as the server said it", async () => {
    const problem = {
      type: "/docs#busy",
      title: "Busy",
      status: 409,
      code: "busy",
      detail: "Try again.",
      requestId: "r",
    };
    const refused = answering(409, JSON.stringify(problem)).client("workspace.get");
    await expect(refused).rejects.toBeInstanceOf(ProblemError);
    await expect(refused).rejects.toMatchObject({ code: "busy", problem });
  });

  test("throws something readable when a proxy answers in its own words", async () => {
    const refused = answering(502, "<h1>Bad gateway</h1>").client("workspace.get");
    await expect(refused).rejects.toMatchObject({ code: "internal", message: "The server answered 502." });
  });
});
