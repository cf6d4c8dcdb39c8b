import { describe, expect, it } from "vitest";
import type { PanelEnrollment } from "../headline.ts";
import { type PastEvent, type PastSend, planRows, type Touch } from "./plan-rows.ts";

const at = (hour: number) => `2026-11-23T${String(hour).padStart(2, "0")}:00:00.000Z`;

const enrollment = (changes: Partial<PanelEnrollment>): PanelEnrollment =>
  ({
    id: "enr_1",
    status: "active",
    reason: null,
    endedAt: null,
    stepId: 3,
    steps: [
      { id: 1, name: "Intro", type: "email_auto" },
      { id: 2, name: "Call", type: "call" },
      { id: 3, name: "Follow-up", type: "email_auto" },
      { id: 4, name: "Last", type: "email_auto" },
    ],
    ...changes,
  }) as PanelEnrollment;
const event = (type: string, stepId: number, hour: number, more: Partial<PastEvent> = {}): PastEvent =>
  ({ type, stepId, at: at(hour), enrollmentId: "enr_1", data: {}, actor: "engine", ...more }) as PastEvent;
const touch = (stepId: number, hour: number): Touch =>
  ({ stepId, at: at(hour), conditional: false }) as unknown as Touch;
const shown = (rows: ReturnType<typeof planRows>) => rows.map(({ state }) => state);

describe("the steps of an enrollment", () => {
  it("are told with what became of them, where it stands, and what is planned", () => {
    const rows = planRows(enrollment({}), {
      touches: [touch(3, 12), touch(4, 15)],
      events: [event("task.done", 2, 11), event("send.sent", 1, 10, { data: { subject: "Hello" } })],
      sends: [],
    });
    expect(shown(rows)).toEqual(["sent", "done", "here", "later"]);
    expect(rows.map((row) => row.at)).toEqual([10, 11, 12, 15].map((hour) => Date.parse(at(hour))));
    expect(rows[0]!.subject).toBe("Hello");
  });

  it("know of a mail that is older than the events at hand, and say so where nothing is known", () => {
    const sends = [{ stepId: 1, state: "sent", sentAt: at(8) }] as unknown as PastSend[];
    const rows = planRows(enrollment({}), { touches: [], events: [], sends });
    expect(rows.slice(0, 2)).toMatchObject([
      { state: "sent", at: Date.parse(at(8)) },
      { state: "past", at: null },
    ]);
  });

  it("count a manual mail from when it left, not from when it was approved", () => {
    const rows = planRows(enrollment({}), {
      touches: [],
      events: [event("send.sent", 2, 11), event("task.done", 2, 10)],
      sends: [],
    });
    expect(rows[1]).toMatchObject({ state: "sent", at: Date.parse(at(11)) });
  });

  it("leave out what happened in another sequence", () => {
    const other = event("send.sent", 1, 9, { enrollmentId: "enr_2" as never });
    expect(planRows(enrollment({}), { touches: [], events: [other], sends: [] })[0]!.state).toBe("past");
  });

  it("say where a stopped one stood, and that the rest does not happen", () => {
    const stopped = enrollment({ status: "canceled", reason: "manual", endedAt: at(12) as never, stepId: 2 });
    const none = { touches: [touch(2, 12)], events: [], sends: [] };
    expect(shown(planRows(stopped, none))).toEqual(["past", "stopped", "never", "never"]);
  });

  it("are all behind one that came to its end", () => {
    const over = enrollment({
      status: "completed",
      reason: "all_steps_done",
      endedAt: at(12) as never,
      stepId: 4,
    });
    expect(shown(planRows(over, { touches: [], events: [event("send.sent", 4, 11)], sends: [] }))).toEqual([
      "past",
      "past",
      "past",
      "sent",
    ]);
  });

  it("depend on the task right before them, or on whatever that depends on", () => {
    const touches = [3, 4].map((stepId) => ({ ...touch(stepId, 12), conditional: true }));
    const open = enrollment({ stepId: 2, rule: "task_open", value: at(9) });
    const rows = planRows(open, { touches: [touch(2, 11), ...touches], events: [], sends: [] });
    expect(rows.map(({ depends }) => depends)).toEqual([null, null, "on_task", "on_before"]);
    // Due at nine, though the plan goes on from eleven.
    expect(rows[1]!.at).toBe(Date.parse(at(9)));
  });
});
