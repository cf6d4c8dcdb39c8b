import { expect, test } from "vitest";
import { openTransport } from "../src/mail/open-transport.ts";
import { seal } from "../src/mail/seal.ts";
import { createContact, createWorkspace, hourMs, testSystem } from "./world.ts";

test("the clock stands still until it is stepped", async () => {
  const system = testSystem();
  const before = system.now();
  await createContact(system, (await createWorkspace(system)).id);
  expect(system.now()).toBe(before);
  system.clock.advance(hourMs);
  expect([system.now() - before, system.wallNow() - before]).toEqual([hourMs, hourMs]);
});

test("a sealed mailbox password opens in workerd as well", async () => {
  const system = testSystem();
  const sealedSecret = await system.seal("hunter2");
  expect(sealedSecret).not.toContain("hunter2");
  await expect(
    openTransport(
      { id: 1 as never, transport: "smtp", settings: {}, sealedSecret: await seal("x", "another-secret") },
      { secret: system.secret, wireTimeoutMs: 1 },
    ),
  ).rejects.toThrow("does not open");
});
