/** What a press of a button on an enrollment does, and how it is undone. */
import { deedTexts } from "./deed-words.ts";
import type { PanelEnrollment, PanelRecord } from "./headline.ts";
import type { PanelContext } from "./open.ts";

export type Deed = "pause" | "resume" | "reopen" | "skip";

const undoMs = 10_000;

export const deeds: Record<Deed, (panel: PanelContext, enrollment: PanelEnrollment) => Promise<unknown>> = {
  pause(panel, enrollment) {
    const words = deedTexts[panel.language];
    return panel.act({
      name: `pause${enrollment.id}`,
      what: words.pause,
      expected: changed(enrollment, { status: "paused", reason: "manual", rule: "manual" }),
      request: (client) => client("enrollments.pause", { params: { id: enrollment.id } }),
      done: () => {
        panel.tell("cadenza:paused", told(enrollment));
        const run = () => void deeds.resume(panel, enrollment);
        panel.notify({ text: words.paused, tone: "plain", action: { label: words.undo, run } }, undoMs);
      },
    });
  },

  resume(panel, enrollment) {
    const words = deedTexts[panel.language];
    return panel.act({
      name: `resume${enrollment.id}`,
      what: words.resume,
      expected: changed(enrollment, { status: "active", reason: null, rule: "due" }),
      request: (client) => client("enrollments.resume", { params: { id: enrollment.id } }),
      done: () => {
        panel.tell("cadenza:resumed", told(enrollment));
        const run = () => void deeds.pause(panel, enrollment);
        panel.notify({ text: words.resumed, tone: "plain", action: { label: words.undo, run } }, undoMs);
      },
    });
  },

  reopen(panel, enrollment) {
    const words = deedTexts[panel.language];
    return panel.act({
      name: `reopen${enrollment.id}`,
      what: words.reopen,
      request: (client) => client("enrollments.reopen", { params: { id: enrollment.id } }),
      done: () => panel.notify({ text: words.reopened, tone: "plain" }, undoMs),
    });
  },

  skip(panel, enrollment) {
    const words = deedTexts[panel.language];
    return panel.act({
      name: `skip${enrollment.id}`,
      what: words.skip,
      request: (client, idempotencyKey) =>
        client("enrollments.skip", { params: { id: enrollment.id }, idempotencyKey }),
      done: () => panel.notify({ text: words.skipped, tone: "plain" }, undoMs),
    });
  },
};

const told = ({ id, contactId }: PanelEnrollment) => ({ enrollmentId: id, contactId });

/** The record with this enrollment looking otherwise. */
export const changed =
  ({ id }: PanelEnrollment, changes: Partial<PanelEnrollment>) =>
  (record: PanelRecord): PanelRecord => ({
    ...record,
    enrollments: record.enrollments.map((one) => (one.id === id ? { ...one, ...changes } : one)),
  });
