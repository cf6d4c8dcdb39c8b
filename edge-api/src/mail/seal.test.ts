import { describe, expect, test } from "vitest";
import { seal, unseal } from "./seal.ts";

const secret = "a-worker-secret-of-32-characters!";

describe("sealing a mailbox's password", () => {
  test.each(["hunter2", "", "pässwörd ✉", "x".repeat(5_000)])(
    "gives %j back under the same secret",
    async (text) => {
      expect(await unseal(await seal(text, secret), secret)).toBe(text);
    },
  );

  test("never gives the same sealed text twice, nor shows the text in it", async () => {
    const sealed = await Promise.all([seal("hunter2", secret), seal("hunter2", secret)]);
    expect(new Set(sealed).size).toBe(2);
    for (const text of sealed)
      expect(atob(text.split(".")[3]!.replaceAll("-", "+").replaceAll("_", "/"))).not.toContain("hunter2");
  });

  test("does not open under another secret", async () => {
    await expect(unseal(await seal("hunter2", secret), "another-secret-of-32-characters!!")).rejects.toThrow(
      "does not open",
    );
  });

  test("does not open once any part was changed", async () => {
    const sealed = await seal("hunter2", secret);
    for (let at = 3; at < sealed.length; at++) {
      if (sealed[at] === ".") continue;
      const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
      const opened = await unseal(changed, secret).catch(() => null);
      // The last character of a base64 part may hold bits that say nothing.
      expect(opened === null || (opened === "hunter2" && /(\.|$)/.test(sealed[at + 1] ?? "."))).toBe(true);
    }
  });

  test.each(["", "hunter2", "v0.a.b.c", "v1.!.!.!", "v1.a.b.c.d"])("refuses %j", async (text) => {
    await expect(unseal(text, secret)).rejects.toThrow();
  });
});
