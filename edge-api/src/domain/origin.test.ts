import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkOrigin } from "./origin.ts";

const own = "https://cadenza.test";
const originOf = (text: string) => {
  const checked = checkOrigin(text, own);
  return checked.ok ? checked.origin : null;
};

describe("an origin", () => {
  test.each([
    ["https://crm.example", "https://crm.example"],
    ["https://crm.example:8443", "https://crm.example:8443"],
    ["https://crm.example:443", "https://crm.example"],
    ["HTTPS://CRM.Example", "https://crm.example"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
    ["https://xn--bcher-kva.example", "https://xn--bcher-kva.example"],
    ["https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"],
    ["http://localhost", "http://localhost"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["http://127.0.0.1:3000", "http://127.0.0.1:3000"],
  ])("%s is %s", (text, origin) => {
    expect(originOf(text)).toBe(origin);
  });

  test.each([
    "",
    "null",
    "*",
    "crm.example",
    "//crm.example",
    "https://",
    "https://crm.example/",
    "https://crm.example/app",
    "https://crm.example?a=1",
    "https://crm.example#a",
    "https://crm.example\\app",
    "https://robin@crm.example",
    "https://robin:secret@crm.example",
    "https://*.example",
    "https://*",
    "https://crm.example:99999",
    "https://crm.example.",
    "https://crm..example",
    "https://crm.example;script-src",
    "https://crm.example,evil.example",
    "https://crm.example'",
    " https://crm.example",
    "https://crm.example\n",
    "https://crm\t.example",
    "https://crm.example https://evil.example",
    "https://%2a.example",
    "http://crm.example",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "http://[::1]:3000",
    "ftp://crm.example",
    "javascript://crm.example",
    "chrome-extension://abcdefghijklmnop",
    "https://cadenza.test",
    "https://CADENZA.test:443",
  ])("%j is refused, with a reason", (text) => {
    const checked = checkOrigin(text, own);
    expect(checked).toEqual({ ok: false, problem: expect.stringMatching(/\.$|example\.com$/) });
  });

  test("that is taken is a browser's own spelling, and safe in a header", () => {
    const anyText = fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.string().map((text) => `https://${text}`),
      fc.domain().map((host) => `https://${host}`),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const origin = originOf(text);
        if (origin === null) return;
        expect(origin).toMatch(/^https?:\/\/[a-z0-9_.:[\]-]+$/);
        expect(new URL(origin).origin).toBe(origin);
        expect(originOf(origin)).toBe(origin);
      }),
    );
  });
});
