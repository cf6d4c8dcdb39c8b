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

test("somebody whose window is shut is not overtaken either: a slot is kept for them", async () => {
  const tokyo = { timeZone: "Asia/Tokyo" };
  const here = await stage({
    people: 6,
    mailbox: { dailyCap: 4 },
    schedule: { windows: officeHours },
    contact: (n) => (n < 2 ? {} : tokyo),
    at: Date.UTC(2026, 10, 23, 7),
  });
  const { system } = here;
  await runUntil(system, system.clock.at + 3 * hourMs, tenMinutes);
  // In Tokyo two went before the office closed there; what is free in Lisbon's day is for the two who wait.
  await enrollMore(here, 6);
  await runUntil(system, system.clock.at + 4 * dayMs, tenMinutes);
  const sent = await sentAt(here);
  const waited = sent.slice(2, 6).map((at) => at!);
  const came = sent.slice(6).map((at) => at ?? Number.POSITIVE_INFINITY);
  expect(Math.max(...waited)).toBeLessThan(Math.min(...came.slice(2)));
  expect(sent.filter((at) => at !== null).length).toBeGreaterThanOrEqual(11);
});
