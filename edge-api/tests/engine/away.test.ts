/** Automatic answers of people who are away: they are held until they are back, and the timeline says both. */
import { beforeEach, describe, expect, test } from "vitest";
import { hold } from "../../src/commands/holds.ts";
import { findHold } from "../../src/db/holds.ts";
import { ingestRaw } from "../../src/ingest-raw.ts";
import { runEngine, runTick } from "../../src/run.ts";
import { dayMs, hourMs } from "../world.ts";
import { after, calm, email, enrollmentOf, runThrough, type Stage, sendsOf, stage } from "./stage.ts";

beforeEach(calm);

const midnight = (iso: string) => Date.parse(`${iso}T00:00:00Z`);

/** Two mails four days apart; the first has left on Monday 23 November 2026. */
async function mailed(zone?: string) {
  const here = await stage({
    steps: [email(), email({ delay: after(4, "days"), subject: null })],
    contact: () => (zone ? { timeZone: zone } : {}),
  });
  await runEngine(here.system);
  return here;
}

let count = 0;
function answers({ system, workspaceId }: Stage, text: string, id = `away-${++count}`) {
  const { to, from, messageId } = system.delivered[0]!;
  const lines = [
    `From: ${to}`,
    `To: ${from}`,
    "Subject: Automatic reply: Hello Dana",
    `Message-ID: <${id}@buyer.example>`,
    `In-Reply-To: ${messageId}`,
    "Auto-Submitted: auto-replied",
    "Content-Type: text/plain; charset=utf-8",
  ];
  return ingestRaw(system, workspaceId, new TextEncoder().encode([...lines, "", text, ""].join("\r\n")));
}

const heldUntil = async ({ system, workspaceId, contactIds }: Stage) =>
  (await findHold(system.db, workspaceId, contactIds[0]!, system.now()))?.untilAt ?? null;

async function holdEvents({ system, contactIds }: Stage) {
  const { results } = await system.db
    .prepare(
      "SELECT type, at, actor FROM events WHERE contact_id = ?1 AND type LIKE 'hold.%' ORDER BY at, id",
    )
    .bind(contactIds[0]!)
    .all<{ type: string; at: number; actor: string }>();
  return results;
}

describe("out of office", () => {
  test("holds the person until the business day after the day they name, with the wait that was left", async () => {
    const here = await mailed();
    const first = here.system.clock.at;
    await runThrough(here.system, first + dayMs); // Three days left.
    const at = here.system.now();
    expect(await answers(here, "Ich bin bis 4. Dezember im Urlaub.")).toMatchObject({
      outcome: "recorded",
      replyClass: "out_of_office",
    });
    const until = midnight("2026-12-07");
    expect(await findHold(here.system.db, here.workspaceId, here.contactIds[0]!, at)).toMatchObject({
      kind: "out_of_office",
      untilAt: until,
      createdBy: "engine",
    });
    expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
      status: "active",
      waitReason: "hold",
      wakeAt: until,
    });
    await runThrough(here.system, first + 40 * dayMs);
    expect((await sendsOf(here.system, here.ids[0]!))[1]!.sentAt).toBe(until + 3 * dayMs);
  });

  test("names days of the person's own zone, and a week where it names none", async () => {
    const here = await mailed("Asia/Tokyo");
    await answers(here, "I am away and will answer when I can.");
    expect(await heldUntil(here)).toBe(midnight("2026-11-30") - 9 * hourMs);
  });

  test("lengthens a hold and never shortens one, whoever placed it; said again, it changes nothing", async () => {
    const here = await mailed();
    const { system, actor, contactIds } = here;
    const long = system.now() + 60 * dayMs;
    await answers(here, "I will be back on 25 November.");
    expect(await heldUntil(here)).toBe(midnight("2026-11-26"));
    await answers(here, "I will be back on 26 November.");
    await answers(here, "I will be back on 25 November.");
    await answers(here, "I will be back on 26 November.");
    expect(await heldUntil(here)).toBe(midnight("2026-11-27"));
    expect((await holdEvents(here)).map(({ type }) => type)).toEqual(["hold.placed", "hold.placed"]);

    await hold(system, actor, contactIds[0]!, { kind: "manual", untilAt: long, note: "In March" });
    await answers(here, "I will be back on 27 November.");
    expect(await findHold(system.db, here.workspaceId, contactIds[0]!, system.now())).toMatchObject({
      kind: "manual",
      untilAt: long,
      note: "In March",
    });
    expect(await enrollmentOf(system, here.ids[0]!)).toMatchObject({ waitReason: "hold", wakeAt: long });
    expect(await holdEvents(here)).toHaveLength(3);
  });

  test("any other automatic answer holds nobody", async () => {
    const here = await mailed();
    expect(await answers(here, "Your request 4711 was received.")).toMatchObject({
      replyClass: "auto_reply",
    });
    expect(await heldUntil(here)).toBeNull();
  });
});

describe("a hold that ends by itself", () => {
  test("is said once in the timeline, when it ended, whoever notices and however often", async () => {
    const here = await mailed();
    const { system, actor, contactIds } = here;
    const until = system.now() + 2 * dayMs;
    await hold(system, actor, contactIds[0]!, { kind: "manual", untilAt: until, note: null });
    system.clock.set(until - 1);
    await runTick(system);
    expect(await holdEvents(here)).toHaveLength(1);
    system.clock.set(until + 3 * hourMs);
    await Promise.all([runTick(system), runTick(system), runEngine(system)]);
    await runTick(system);
    expect((await holdEvents(here)).slice(1)).toEqual([
      { type: "hold.released", at: until, actor: "engine" },
    ]);
  });

  test("is noticed by whoever places the next one, too", async () => {
    const here = await mailed();
    const { system, actor, contactIds } = here;
    const until = system.now() + 2 * dayMs;
    const place = (untilAt: number) =>
      hold(system, actor, contactIds[0]!, { kind: "manual", untilAt, note: null });
    await place(until);
    system.clock.set(until + hourMs);
    await place(until + 5 * dayMs);
    await runTick(system);
    expect((await holdEvents(here)).map(({ type, at }) => [type, at])).toEqual([
      ["hold.placed", until - 2 * dayMs],
      ["hold.released", until],
      ["hold.placed", until + hourMs],
    ]);
    expect(await heldUntil(here)).toBe(until + 5 * dayMs);
  });
});
