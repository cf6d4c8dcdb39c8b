import { describe, expect, it } from "vitest";
import { parseApiUrl, patternOf } from "./address.ts";

describe("Cadenza's address", () => {
  it.each([
    ["cadenza.acme.example", "https://cadenza.acme.example"],
    [" https://Cadenza.acme.example/ ", "https://cadenza.acme.example"],
    ["https://acme.example/cadenza//", "https://acme.example/cadenza"],
    ["http://127.0.0.1:8787/", "http://127.0.0.1:8787"],
    ["http://localhost:8787", "http://localhost:8787"],
  ])("is read from %j as it can be meant", (typed, expected) => {
    expect(parseApiUrl(typed)).toBe(expected);
  });

  it.each([
    "",
    "   ",
    "acme",
    "http://cadenza.acme.example",
    "javascript://acme.example/%0aalert(1)",
    "file:///etc/passwd",
    "https://robin:secret@acme.example",
    "https://acme.example/?next=x",
    "https://acme.example/#x",
    "https://",
    "chrome-extension://abc.def",
  ])("is not %j: nothing would be safe there", (typed) => {
    expect(parseApiUrl(typed)).toBeNull();
  });

  it("needs permission for its host and no other", () => {
    expect(patternOf("https://cadenza.acme.example/api")).toBe("https://cadenza.acme.example/*");
    expect(patternOf("http://127.0.0.1:8787")).toBe("http://127.0.0.1/*");
  });
});
