import { describe, expect, test } from "vitest";
import { logLine, said, withoutSecrets } from "./log-line.ts";

const secrets = [
  `cdz_key_NrfcW713_${"0123456789abcdef".repeat(4)}`,
  `cdz_test_key_NrfcW713_${"f".repeat(63)}0`,
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJyb2JpbiIsImV4cCI6MX0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
  "cdz_embed_eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJyb2JpbiJ9.c2ln",
  "kX9vQ2pLmN4rT7wYzA1bC3dE5fG6hJ8k",
  "dana.silva+crm@buyer.example",
];

describe("what is logged", () => {
  test("names an error and every cause of it", () => {
    const broken = new TypeError("no such table: contacts");
    expect(said(new Error("the read failed", { cause: broken }))).toBe(
      "Error: the read failed ← TypeError: no such table: contacts",
    );
    expect(said("a word")).toBe("a word");
    expect([said(undefined), said(null)]).toEqual(["", ""]);
    expect(JSON.parse(logLine("req_1 failed", broken))).toEqual({
      message: "req_1 failed",
      error: "TypeError: no such table: contacts",
    });
  });

  test("says which query failed, and not with what", () => {
    const error = new Error("Failed query: select id from contacts where email = ?\nparams: hunter2,dana", {
      cause: new Error("D1_ERROR: no such column"),
    });
    const text = said(error);
    expect(text).toContain("select id from contacts where email = ?");
    expect(text).toContain("D1_ERROR: no such column");
    expect(text).not.toMatch(/hunter2|dana/);
  });

  test.each(secrets)("leaves out %s, wherever it stands", (secret) => {
    for (const text of [
      secret,
      `550 <${secret}> refused`,
      `${secret},x`,
      `token="${secret}"`,
      `a=${secret}&b=1`,
    ]) {
      expect(withoutSecrets(text)).not.toContain(secret.slice(0, 40));
      expect(withoutSecrets(text)).toMatch(/<(secret|address)>/);
    }
    const inside = new Error("outside", { cause: new Error("between", { cause: new Error(secret) }) });
    expect(logLine(secret, inside)).not.toContain(secret);
  });

  test("is looked through once: a word of half a million letters holds nobody up", () => {
    expect(withoutSecrets("x.".repeat(250_000))).toHaveLength(500_000);
    expect(withoutSecrets(`${"x.".repeat(250_000)} dana@buyer.example`)).toMatch(/ <address>$/);
  });

  test("keeps what is no secret: routes, codes, tables, and the id to quote", () => {
    for (const text of [
      "req_0123456789abcdef0123456789abcdef GET /v1/sequences/:id/enrollments/batch failed",
      "UNIQUE constraint failed: auth_oauth_client_resource.client_id: SQLITE_CONSTRAINT",
      "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION",
      "a decision was refused by the database and its enrollment parked",
      "TypeError: Cannot read properties of undefined (reading 'leaseUntil')",
    ]) {
      expect(withoutSecrets(text)).toBe(text);
    }
  });

  test("is one line of bounded length, also for an error that is its own cause", () => {
    const endless = new Error("x ".repeat(5_000));
    endless.cause = endless;
    expect(logLine("m", endless).length).toBeLessThan(2_500);
    const long = new Error("x ".repeat(5_000), { cause: new Error("why") });
    expect(said(long)).toMatch(/ ← Error: why$/);
    expect(logLine("m", new Error("two\nlines"))).not.toContain("\n");
  });
});
