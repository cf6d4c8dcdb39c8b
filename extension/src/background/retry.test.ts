import { ProblemError } from "@cadenza/shared/client";
import type { ProblemCode } from "@cadenza/shared/problem";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refused } from "../api/refusal.ts";
import { isWorthRetrying, retryAfterMs, retryDelayMs } from "./retry.ts";

const problem = (status: number, code: ProblemCode = "internal") =>
  new ProblemError({ type: "", title: "", detail: "", requestId: "", status, code });

describe("the retry policy", () => {
  it("waits longer each time, up to five minutes, and never less than half of it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (tries, random) => {
          const whole = Math.min(300_000, 500 * 2 ** (tries - 1));
          const delay = retryDelayMs(tries, random);
          expect(delay).toBeGreaterThanOrEqual(whole / 2);
          expect(delay).toBeLessThanOrEqual(whole);
        },
      ),
    );
  });

  it("waits as long as the server asks, an hour at most", () => {
    expect(retryDelayMs(1, 0, 20_000)).toBe(20_000);
    expect(retryDelayMs(1, 0, 9e9)).toBe(3_600_000);
  });

  it.each([
    [new TypeError("Failed to fetch"), true],
    [refused("unreachable"), true],
    [problem(500), true],
    [problem(503), true],
    [problem(429, "rate_limited"), true],
    [problem(409, "idempotency_in_progress"), true],
    [problem(409, "busy"), false],
    [problem(401, "unauthenticated"), false],
    [problem(422, "invalid_request"), false],
    [refused("sign_in_expired"), false],
    [refused("no_permission"), false],
  ])("knows whether another try can help: %s", (error, expected) => {
    expect(isWorthRetrying(error)).toBe(expected);
  });

  it("reads Retry-After as seconds or a date, and nothing into anything else", () => {
    const now = Date.UTC(2026, 10, 24);
    expect(retryAfterMs("7", now)).toBe(7_000);
    expect(retryAfterMs("Tue, 24 Nov 2026 00:01:00 GMT", now)).toBe(60_000);
    expect(retryAfterMs("Mon, 23 Nov 2026 00:00:00 GMT", now)).toBe(0);
    expect([retryAfterMs(null, now), retryAfterMs("soon", now)]).toEqual([null, null]);
  });
});
