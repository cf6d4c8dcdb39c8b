/** A mailbox that opens again, or gets more room: whoever waited for it goes on, as fast as it lets them. */
import { beforeEach, describe, expect, test } from "vitest";
import { pauseEnrollment } from "../../src/commands/enrollments.ts";
import { changeMailbox, disableMailbox, enableMailbox } from "../../src/commands/mailboxes.ts";
import { listUnavailable } from "../../src/db/unavailable.ts";
import { runEngine } from "../../src/run.ts";
import { createMailbox, dayMs, hourMs, minuteMs } from "../world.ts";
import { explain, recorded } from "./d1.ts";
import { calm, enrollmentOf, eventsOf, runThrough, type Stage, sendsOf, stage, statesOf } from "./stage.ts";

beforeEach(calm);

const reasonsOf = ({ system, ids }: Stage) =>
  Promise.all(ids.map(async (id) => (await enrollmentOf(system, id)).reason));

describe("enabling", () => {
  test("sets those going that were paused for want of this mailbox, and nobody else", async () => {
    const here = await stage({ people: 4 });
    const { system, actor, ids, mailboxId } = here;
    const other = await createMailbox(system, here.workspaceId, { disabledAt: 1 });
    await system.db
      .prepare("UPDATE enrollments SET mailbox_id = ?1 WHERE id = ?2")
      .bind(other, ids[2]!)
      .run();
    await pauseEnrollment(system, actor, ids[3]!, "Not now");
    await disableMailbox(system, actor, mailboxId, "On leave");
    await runEngine(system);
    const unavailable = "mailbox_unavailable";
    expect(await reasonsOf(here)).toEqual([unavailable, unavailable, unavailable, "manual"]);

    system.clock.advance(hourMs);
    await enableMailbox(system, actor, mailboxId);
    expect(await reasonsOf(here)).toEqual([null, null, unavailable, "manual"]);
    await runEngine(system);
    expect(await statesOf(system, ids)).toEqual({ sent: 2 });
    expect(await eventsOf(system, ids[0]!)).toEqual([
      "enrollment.created",
      "enrollment.paused",
      "enrollment.resumed",
      "send.queued",
      "send.sent",
      "enrollment.completed",
    ]);
  });

  test("more than one chunk of people, no faster than the mailbox's gap", async () => {
    const here = await stage({ people: 510, mailbox: { gapMs: minuteMs, dailyCap: 10_000 } });
    const { system, actor, mailboxId } = here;
    await disableMailbox(system, actor, mailboxId, null);
    await runEngine(system);
    await enableMailbox(system, actor, mailboxId);
    expect(new Set(await reasonsOf(here))).toEqual(new Set([null]));
    await runThrough(system, system.clock.at + 3 * minuteMs);
    expect(system.delivered).toHaveLength(4);
  }, 60_000);

  test("does not pass over a mail nobody can vouch for", async () => {
    const here = await stage();
    const { system, actor, ids, mailboxId } = here;
    await runEngine(system);
    await system.db.batch([
      system.db.prepare("UPDATE sends SET state = 'uncertain' WHERE enrollment_id = ?1").bind(ids[0]!),
      system.db
        .prepare(
          "UPDATE enrollments SET status = 'paused', reason = 'mailbox_unavailable', wake_at = NULL WHERE id = ?1",
        )
        .bind(ids[0]!),
    ]);
    await enableMailbox(system, actor, mailboxId);
    expect(await reasonsOf(here)).toEqual(["mailbox_unavailable"]);
  });

  test("finds them by their index", async () => {
    const { system, mailboxId } = await stage();
    const { system: watched, statements } = recorded(system);
    await listUnavailable(watched.db, mailboxId, 500);
    for (const [sql, params] of statements) {
      expect((await explain(sql, params))[0]).toBe(
        "SEARCH enrollments USING INDEX enrollments_mailbox (mailbox_id=?)",
      );
    }
  });
});

describe("more room", () => {
  test("a higher cap lets mails go that were put off until tomorrow", async () => {
    const here = await stage({ people: 6, mailbox: { dailyCap: 2 } });
    const { system, actor, mailboxId, ids } = here;
    await runEngine(system);
    expect(await statesOf(system, ids)).toEqual({ sent: 2, queued: 4 });
    system.clock.advance(hourMs);
    await changeMailbox(system, actor, mailboxId, { dailyCap: 5 }, null);
    await runEngine(system);
    expect(await statesOf(system, ids)).toEqual({ sent: 5, queued: 1 });
    // The last waits again, for what the new cap leaves: the first two are a day old first.
    const [last] = (await Promise.all(ids.map((id) => sendsOf(system, id))))
      .flat()
      .filter((s) => s.dueAt !== null);
    expect(last).toMatchObject({ state: "queued", deferReason: "cap" });
    await runThrough(system, system.clock.at + dayMs + hourMs);
    expect(await statesOf(system, ids)).toEqual({ sent: 6 });
  });

  test("a shorter gap counts from the last mail at once", async () => {
    const here = await stage({ people: 3, mailbox: { gapMs: 4 * hourMs } });
    const { system, actor, mailboxId } = here;
    await runEngine(system);
    const first = system.clock.at;
    system.clock.advance(10 * minuteMs);
    await changeMailbox(system, actor, mailboxId, { gapSeconds: 300 }, null);
    await runEngine(system);
    expect(system.delivered).toHaveLength(2);
    await runThrough(system, first + 16 * minuteMs);
    expect(system.delivered).toHaveLength(3);
  });

  test("what waits for something else stays put", async () => {
    const here = await stage({ people: 2, mailbox: { dailyCap: 1 } });
    const { system, actor, mailboxId } = here;
    await runEngine(system);
    await system.db.prepare("UPDATE sends SET defer_reason = 'hold' WHERE state = 'queued'").run();
    const before = await system.db.prepare("SELECT due_at FROM sends WHERE state = 'queued'").first("due_at");
    await changeMailbox(system, actor, mailboxId, { dailyCap: 9 }, null);
    expect(await system.db.prepare("SELECT due_at FROM sends WHERE state = 'queued'").first("due_at")).toBe(
      before,
    );
  });
});
