/** A deal that is won or lost ends what runs for it, in the batch that says so. */
import { beforeEach, describe, expect, test } from "vitest";
import { changeDeal } from "../../src/commands/deals.ts";
import { pauseEnrollment } from "../../src/commands/enrollments.ts";
import { decodeId } from "../../src/http/public-id.ts";
import { withGate } from "../engine/d1.ts";
import { ticked } from "../engine/stage.ts";
import { dayMs, minuteMs } from "../world.ts";
import { call, type Desk, followUp, keyOf, mail, openOnlyDesk } from "./desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openOnlyDesk();
});

/** One person for one deal, in a sequence that mails and one that calls; and in a third for no deal. */
async function dealt() {
  const contactId = await desk.person();
  const deal = await desk.client("deals.create", { body: { name: "Deal", stage: "proposal", contactId } });
  const mailing = await desk.enroll(await desk.published([mail(), followUp()]), { dealId: deal.id });
  const calling = await desk.enroll(await desk.published([call(), mail()]), { dealId: deal.id });
  const apart = await desk.enroll(await desk.published([mail(), followUp()]), contactId);
  desk.system.clock.advance(minuteMs);
  await ticked(desk.system); // The mails wait in the outbox, the task is open.
  return { deal, mailing, calling, apart };
}
const move = (id: string, stage: string) => desk.client("deals.update", { params: { id }, body: { stage } });
const standing = async ({ id }: { id: string }) => {
  const { status, reason } = await desk.get(id);
  return [status, reason];
};
const actor = () => ({ workspaceId: desk.workspace.id, name: "member:1", scopes: [] }) as never;

describe("a deal moved to", () => {
  test.each([
    ["won", "completed", "deal_won"],
    ["Closed Lost", "canceled", "deal_lost"],
  ] as const)(
    "%s ends its enrollments, paused ones too: nothing queued leaves, no task stays open",
    async (stage, status, reason) => {
      const { deal, mailing, calling, apart } = await dealt();
      await pauseEnrollment(desk.system, actor(), keyOf(calling.id), null);
      await move(deal.id, stage);
      expect([await standing(mailing), await standing(calling)]).toEqual([
        [status, reason],
        [status, reason],
      ]);
      expect(await standing(apart)).toEqual(["active", null]);
      expect((await desk.sendsOf(mailing.id)).map(({ state }) => state)).toEqual(["canceled"]);
      const closed = await desk.client("tasks.list", {
        query: { enrollmentId: calling.id, status: "skipped" },
      });
      expect(closed.items).toHaveLength(1);
      expect(await desk.events(mailing)).toEqual([
        "enrollment.created",
        "send.queued",
        `enrollment.${status}`,
      ]);
      await desk.run();
      await desk.pass(3 * dayMs);
      expect(desk.system.delivered).toHaveLength(2); // Both of the third sequence's.
    },
  );

  test("any other stage ends nothing", async () => {
    const { deal, mailing } = await dealt();
    await move(deal.id, "won back");
    expect(await standing(mailing)).toEqual(["active", null]);
  });
});

test("a mail that delivery holds already is refused the wire, for the epoch rose", async () => {
  const { deal, mailing } = await dealt();
  const before = await desk.system.db
    .prepare("SELECT epoch FROM enrollments WHERE id = ?1")
    .bind(keyOf(mailing.id))
    .first<number>("epoch");
  await move(deal.id, "won");
  const after = await desk.system.db
    .prepare("SELECT epoch FROM enrollments WHERE id = ?1")
    .bind(keyOf(mailing.id))
    .first<number>("epoch");
  expect(after).toBe(before! + 1);
});

test("the deal and its enrollments change in one batch: a refused change of the deal ends nobody", async () => {
  const { deal, mailing } = await dealt();
  const id = decodeId("dea", 0, deal.id)!;
  let raced = false;
  const racing = withGate(desk.system, async ({ sql }, run) => {
    if (!raced && sql.some((text) => text.startsWith("UPDATE deals"))) {
      raced = true;
      expect(sql.some((text) => text.startsWith("UPDATE enrollments"))).toBe(true);
      await desk.system.db.prepare("UPDATE deals SET rev = rev + 1 WHERE id = ?1").bind(id).run();
    }
    return run();
  });
  await expect(changeDeal(racing, actor(), id, { stage: "won" }, deal.rev)).rejects.toMatchObject({
    code: "revision_conflict",
  });
  expect(await standing(mailing)).toEqual(["active", null]);
  // Without a revision to insist on it is decided anew.
  raced = false;
  expect(await changeDeal(racing, actor(), id, { stage: "won" }, null)).toMatchObject({ stage: "won" });
  expect(await standing(mailing)).toEqual(["completed", "deal_won"]);
});

test("whoever moved on between the read and the batch is ended, too", async () => {
  const { deal, mailing } = await dealt();
  let raced = false;
  const racing = withGate(desk.system, async ({ sql }, run) => {
    if (!raced && sql.some((text) => text.startsWith("UPDATE deals"))) {
      raced = true;
      await desk.system.db
        .prepare("UPDATE enrollments SET rev = rev + 1 WHERE id = ?1")
        .bind(keyOf(mailing.id))
        .run();
    }
    return run();
  });
  await changeDeal(racing, actor(), decodeId("dea", 0, deal.id)!, { stage: "lost" }, null);
  expect(raced).toBe(true);
  expect(await standing(mailing)).toEqual(["canceled", "deal_lost"]);
});
