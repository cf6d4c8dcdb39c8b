import { type IdPrefix, idNouns } from "@cadenza/shared/contract/fields";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { decodeId, encodeId, parseId } from "./public-id.ts";

const prefixes = Object.keys(idNouns).filter((prefix) => prefix !== "snd") as Exclude<IdPrefix, "snd">[];
const key = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const shard = fc.integer({ min: 0, max: 10_000 });

describe("public ids", () => {
  test("never change: people keep them in their own systems", () => {
    expect(encodeId("ctc", 0, 1 as never)).toBe("ctc_Xhvsc8w1");
    expect(encodeId("ctc", 0, 2 as never)).toBe("ctc_nZYT5HKW");
    expect(encodeId("enr", 3, 1_000_000 as never)).toBe("enr_V1lnx0br");
    expect(encodeId("snd", 0, { enrollmentId: 5 as never, stepId: 2, cycle: 1 })).toBe("snd_XhvWcW8j");
  });

  test("give back exactly what went in", () => {
    fc.assert(
      fc.property(fc.constantFrom(...prefixes), shard, key, (prefix, at, row) => {
        const id = encodeId(prefix, at, row as never);
        expect(id).toMatch(new RegExp(`^${prefix}_[0-9A-Za-z]{8,}$`));
        expect(parseId(prefix, id)).toEqual({ shard: at, key: row });
        expect(decodeId(prefix, at + 1, id)).toBeNull();
        for (const other of prefixes) if (other !== prefix) expect(decodeId(other, at, id)).toBeNull();
      }),
    );
  });

  test("name a send by enrollment, step and cycle", () => {
    fc.assert(
      fc.property(shard, key, fc.nat(10_000), fc.nat(99), (at, enrollmentId, stepId, cycle) => {
        const send = { enrollmentId: enrollmentId as never, stepId, cycle };
        expect(decodeId("snd", at, encodeId("snd", at, send))).toEqual(send);
      }),
    );
  });

  test("are the only text for their row: whatever else decodes is refused", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const found = parseId("ctc", `ctc_${text}`);
        if (found) expect(encodeId("ctc", found.shard, found.key)).toBe(`ctc_${text}`);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    "",
    "ctc",
    "ctc_",
    "ctc_0",
    `ctc_${"9".repeat(79)}`,
    " ctc_Xhvsc8w1",
    "ctc_Xhvsc8w1 ",
    "CTC_Xhvsc8w1",
    "ctc_XHVSC8W1",
  ])("refuse %j", (id) => expect(parseId("ctc", id)).toBeNull());
});

describe("cursors", () => {
  test("give back the place in the list", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer(), fc.string()), { minLength: 1, maxLength: 4 }), (place) => {
        expect(decodeCursor(encodeCursor(place))).toEqual(place);
      }),
    );
  });

  test("are text or nothing: garbage is refused, never thrown", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const place = decodeCursor(text);
        if (place)
          expect(place.every((part) => typeof part === "string" || Number.isFinite(part))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
