import fc from "fast-check";
import { expect, test } from "vitest";
import { macLength, macOf, sameText } from "./sign.ts";

const secret = "a secret of some length";

test("a signature is short, in lower case letters and digits, and always the same", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, key) => {
      const mac = macOf("unsubscribe", text, key);
      expect(mac).toMatch(new RegExp(`^[0-9a-z]{${macLength}}$`));
      expect(macOf("unsubscribe", text, key)).toBe(mac);
    }),
  );
});

test("is HMAC-SHA-256 over purpose and text, cut to 64 bits: links already out there stay good", () => {
  expect(macOf("unsubscribe", "0.9", secret)).toBe("2rhyvl68vbwko");
});

test("depends on the purpose, the text and the secret", () => {
  const macs = [
    macOf("a", "x", secret),
    macOf("b", "x", secret),
    macOf("a", "y", secret),
    macOf("a", "x", `${secret}!`),
  ];
  expect(new Set(macs).size).toBe(4);
});

test("texts are the same only if they are", () => {
  const word = fc.string({ maxLength: 3, unit: fc.constantFrom("a", "b", "é") });
  fc.assert(
    fc.property(word, word, (left, right) => {
      expect(sameText(left, right)).toBe(left === right);
    }),
  );
  expect(sameText("", "")).toBe(true);
});
