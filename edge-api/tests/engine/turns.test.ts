/** Whose turn it is at a mailbox that is full: who has waited longest goes first, whoever comes meanwhile. */
import { beforeEach, expect, test, vi } from "vitest";
import { dayMs, hourMs, minuteMs } from "../world.ts";
import { calm, enrollMore, runUntil, type Stage, sendsOf, stage } from "./stage.ts";

vi.setConfig({ testTimeout: 120_000 });
beforeEach(calm);

const officeHours = [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }];
const tenMinutes = 10 * minuteMs;

/** When each left, in the order in which they came; null: still waiting. */
const sentAt = ({ system, ids }: Stage) =>
  Promise.all(ids.map(async (id) => (await sendsOf(system, id))[0]?.sentAt ?? null));

function expectInTurn(sent: (number | null)[]): void {
  const left = sent.map((at) => at ?? Number.POSITIVE_INFINITY);
  expect(left).toEqual([...left].sort((a, b) => a - b));
}

test("three days at the cap with newcomers on each: nobody overtakes, and no slot is left unused", async () => {
  const here = await stage({ people: 30, mailbox: { dailyCap: 10 }, schedule: { windows: officeHours } });
  const { system } = here;
  const start = system.clock.at;
  for (const day of [0, 1, 2]) {
    for (const hour of [1.5, 5]) {
      await runUntil(system, start + day * dayMs + hour * hourMs, tenMinutes);
      await enrollMore(here, 4);
    }
  }
  await runUntil(system, start + 3 * dayMs + 7 * hourMs, tenMinutes);
  const sent = await sentAt(here);
  expectInTurn(sent);
  // Four days at ten each; the rolling day is 25 hours.
  expect(sent.filter((at) => at !== null).length).toBeGreaterThanOrEqual(36);
});

test("for those whose window is shut their slots are kept: newcomers take only what is left", async () => {
  const here = await stage({
    people: 6,
    mailbox: { dailyCap: 4 },
    schedule: { windows: officeHours },
    contact: () => ({ timeZone: "Asia/Tokyo" }),
    at: Date.UTC(2026, 10, 23, 7),
  });
  const { system } = here;
  // Four leave before Tokyo closes. When the cap is free again it is night there: the other two wait for Wednesday.
  const tuesday = Date.UTC(2026, 10, 24, 9);
  await runUntil(system, tuesday, tenMinutes);
  await enrollMore(here, 4);
  const wednesday = Date.UTC(2026, 10, 25, 0, 30);
  await runUntil(system, wednesday, tenMinutes);
  const sent = await sentAt(here);
  expect(sent.slice(4, 6).every((at) => at !== null && at > tuesday)).toBe(true);
  expect(sent.slice(6).filter((at) => at !== null)).toHaveLength(2);
});
