/** Reading a workspace's outbox costs what is in it, however much the others have waiting. */
import { beforeEach, expect, test } from "vitest";
import { listOutbox } from "../../src/db/sends.ts";
import { explain, metered, recorded } from "./d1.ts";
import { calm, stage, ticked } from "./stage.ts";

beforeEach(calm);

test("the outbox is read by workspace and due date, page by page, and other workspaces' mails are not read", async () => {
  const here = await stage({ people: 5 });
  await stage({ people: 400 });
  await ticked(here.system);
  const first = metered(here.system);
  const page = await listOutbox(first.system.db, here.actor, { state: "queued", limit: 3 });
  expect(page).toHaveLength(3);
  expect(first.meter.read).toBeLessThanOrEqual(6);
  const last = page.at(-1)!;
  const after = [last.dueAt!, last.enrollmentId, last.stepId, last.cycle];
  const second = metered(here.system);
  const rest = await listOutbox(second.system.db, here.actor, { state: "queued", after, limit: 3 });
  expect([...page, ...rest].map(({ enrollmentId }) => enrollmentId)).toEqual(here.ids);
});

test("its plan enters the index at the page's due date and sorts nothing", async () => {
  const { system, actor } = await stage();
  const { system: watched, statements } = recorded(system);
  await listOutbox(watched.db, actor, { state: "queued", after: [1, 1, 1, 1], limit: 3 });
  await listOutbox(watched.db, actor, { state: "uncertain", limit: 3 });
  const plans = await Promise.all([...statements].map(([sql, params]) => explain(sql, params)));
  expect(plans).toEqual([
    [
      "SEARCH sends USING INDEX sends_outbox (workspace_id=? AND (due_at,enrollment_id,step_id,cycle)>(?,?,?,?))",
    ],
    expect.arrayContaining(["SEARCH sends USING INDEX sends_uncertain (workspace_id=?)"]),
  ]);
});
