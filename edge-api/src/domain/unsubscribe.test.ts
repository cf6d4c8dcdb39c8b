import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ContactId } from "./ids.ts";
import {
  parseUnsubscribeSubject,
  parseUnsubscribeToken,
  unsubscribeMailto,
  unsubscribeToken,
} from "./unsubscribe.ts";

const secret = "a secret of some length";
const person = fc.record({
  shard: fc.integer({ min: 0, max: 36 ** 4 - 1 }),
  contactId: fc.maxSafeNat().map((id) => id as ContactId),
});

describe("the token in every mail's unsubscribe link", () => {
  test("names the person it was made for", () => {
    fc.assert(
      fc.property(person, (who) => {
        expect(parseUnsubscribeToken(unsubscribeToken(who, secret), secret)).toEqual(who);
      }),
    );
  });

  test("is worthless once any character of it is another", () => {
    fc.assert(
      fc.property(
        person,
        fc.nat(),
        fc.constantFrom(..."0123456789abcdefghijklmnopqrstuvwxyz."),
        (who, pick, character) => {
          const token = unsubscribeToken(who, secret);
          const place = pick % token.length;
          fc.pre(token[place] !== character);
          const forged = token.slice(0, place) + character + token.slice(place + 1);
          expect(parseUnsubscribeToken(forged, secret)).toBeNull();
        },
      ),
    );
  });

  test("is worthless under another secret, and for anybody else", () => {
    const token = unsubscribeToken({ shard: 0, contactId: 9 as ContactId }, secret);
    expect(parseUnsubscribeToken(token, `${secret}!`)).toBeNull();
    expect(parseUnsubscribeToken(token.replace("0.9.", "0.a."), secret)).toBeNull();
    expect(parseUnsubscribeToken(token.replace("0.9.", "1.9."), secret)).toBeNull();
    expect(parseUnsubscribeToken(token.replace("0.9.", "00.9."), secret)).toBeNull();
  });

  test.each([
    "",
    "0.9",
    "0.9.",
    "0.9.short",
    "0.9.0000000000000",
    `0.9.${"0".repeat(14)}`,
    "0..0000000000000",
    "-1.9.0000000000000",
  ])("%j is nobody", (token) => {
    expect(parseUnsubscribeToken(token, secret)).toBeNull();
  });

  test("never throws, whatever somebody types", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseUnsubscribeToken(text, secret)).toBeNull();
      }),
    );
  });
});

describe("the mail that asks for the same", () => {
  const who = { shard: 3, contactId: 4_711 as ContactId };
  const url = `https://go.acme.test/u/${unsubscribeToken(who, secret)}`;

  test("goes to our mailbox and names the person in its subject", () => {
    const mailto = new URL(unsubscribeMailto("robin+crm&co@acme.test", url));
    expect(mailto.pathname).toBe("robin%2Bcrm%26co@acme.test");
    const subject = mailto.searchParams.get("subject")!;
    expect(parseUnsubscribeSubject(subject, secret)).toEqual(who);
    expect(parseUnsubscribeSubject(` ${subject.toUpperCase()} `, secret)).toEqual(who);
  });

  test("is none without a token of ours, or with more than it", () => {
    const subject = `unsubscribe ${unsubscribeToken(who, secret)}`;
    for (const other of ["unsubscribe", `${subject}x`, `Re: ${subject}`, `${subject} please`, ""]) {
      expect(parseUnsubscribeSubject(other, secret), other).toBeNull();
    }
    expect(parseUnsubscribeSubject(subject, "another secret of some length")).toBeNull();
  });
});
