import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextPath } from "./next-path.ts";

const ours = "https://cadenza.test";

describe("where to go after signing in", () => {
  it.each([
    ["/app", "/app"],
    ["/app/members?after=x#mira", "/app/members?after=x#mira"],
    ["/app/../workspaces", "/workspaces"],
    ["/invitations/aB3", "/invitations/aB3"],
    ["/%2Fevil.example", "/%2Fevil.example"],
    [
      "/auth/oauth2/authorize?redirect_uri=https%3A%2F%2Fapp.example",
      "/auth/oauth2/authorize?redirect_uri=https%3A%2F%2Fapp.example",
    ],
  ])("%s is a path of ours", (asked, path) => {
    expect(nextPath(asked, ours)).toBe(path);
  });

  it.each([
    "",
    "app",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/.//evil.example",
    "/x/..//evil.example",
    "https:evil.example",
    "https://evil.example",
    "https://cadenza.test@evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "%2F%2Fevil.example",
    "/%00\u0000",
    "/app\r\nset-cookie: a=b",
    `/${"x".repeat(4000)}`,
  ])("%j is not", (asked) => {
    expect(nextPath(asked, ours)).toBeNull();
  });

  it("never leads to another site, whatever is asked", () => {
    const pieces = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "//",
      "@",
      ":",
      "evil.example",
      "%2f",
      "%5c",
      "\t",
      "?",
      "#",
      "https:",
      "a",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const path = nextPath(parts.join(""), ours);
        if (path === null) return;
        expect(new URL(path, `${ours}/sign-in/confirm`).origin).toBe(ours);
      }),
      { numRuns: 2000 },
    );
  });
});
