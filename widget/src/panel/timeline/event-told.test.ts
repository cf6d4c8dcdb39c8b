import { eventTypes, replyClasses, taskOutcomes } from "@cadenza/shared/vocabulary";
import { describe, expect, it } from "vitest";
import { eventTold, kindOf, type TimelineEvent, withoutOvertaken } from "./event-told.ts";
import { timelineTexts } from "./words.ts";

type Language = keyof typeof timelineTexts;
const languages = Object.keys(timelineTexts) as Language[];
const event = (type: string, data: Record<string, unknown> = {}): TimelineEvent =>
  ({
    type,
    at: "2026-11-23T10:00:00.000Z",
    actor: "engine",
    enrollmentId: null,
    stepId: null,
    data,
  }) as never;
const told = (type: string, data: Record<string, unknown>, about = "") =>
  eventTold(event(type, data), about, "en", (at) => `at ${at}`);

describe("a happening", () => {
  it("of every kind has words in every language", () => {
    for (const language of languages) {
      for (const type of eventTypes) {
        const { title } = eventTold(event(type), "", language, String);
        expect(title).not.toBe(type);
        expect(title).not.toBe("");
      }
    }
  });

  it("names the mail, the outcome with its note, and who asked to be left alone", () => {
    expect(told("send.sent", { subject: "A question" })).toMatchObject({
      title: "Mail sent",
      sub: "A question",
    });
    expect(told("task.done", { outcome: "voicemail", note: "Try at ten" }, "Call Dana")).toEqual({
      title: "Task done",
      sub: "Call Dana · voicemail",
      quote: "Try at ten",
    });
    expect(told("task.done", { approved: true }, "Write").title).toBe("Mail approved");
    expect(told("reply.received", { class: "unsubscribe_request", subject: "Re: hi", text: "stop" })).toEqual(
      {
        title: "Asked not to be written to",
        sub: "Re: hi",
        quote: "stop",
      },
    );
    expect(told("enrollment.canceled", { reason: "bounced" }).sub).toBe("the mail bounced");
    expect(told("send.settled", { arrived: false }, "Intro").sub).toBe("It did not arrive · Intro");
    expect(told("task.snoozed", { until: 7 }, "Call").sub).toBe("Call · until at 7");
    expect(told("contact.updated", { fields: ["title", "custom.plan"] }).sub).toBe("job title, plan");
  });

  it("has a word for every outcome and every kind of answer, in every language", () => {
    for (const language of languages) {
      for (const outcome of taskOutcomes) {
        const { sub } = eventTold(event("task.done", { outcome }), "", language, String);
        expect(sub !== "" || outcome === "completed").toBe(true);
      }
      for (const answer of replyClasses) {
        expect(eventTold(event("reply.received", { class: answer }), "", language, String).title).toBe(
          timelineTexts[language].replies[answer],
        );
      }
    }
  });

  it("never breaks on data it does not know", () => {
    for (const type of eventTypes) {
      for (const data of [
        { reason: 7, fields: "x", until: "soon" },
        { reason: "constructor", class: "toString" },
      ]) {
        expect(() => eventTold(event(type, data), "", "de", String)).not.toThrow();
        expect(eventTold(event(type, data), "", "de", String).sub).not.toContain("function");
      }
    }
  });

  it("is a mail's, a task's or neither", () => {
    expect(
      ["send.sent", "reply.received", "task.done", "hold.placed"].map((type) => kindOf(event(type))),
    ).toEqual(["mails", "mails", "tasks", "other"]);
  });

  it("that a mail was made is not told beside what became of it, only where that is not known yet", () => {
    const mail = (type: string, stepId: number) =>
      ({ ...event(type), enrollmentId: "enr_1", stepId }) as never;
    const events = [
      mail("send.queued", 2),
      mail("task.done", 1),
      mail("send.queued", 1),
      mail("send.canceled", 1),
      mail("send.queued", 1),
    ];
    // Made anew after it was taken back: the newer one is still on its way.
    expect(withoutOvertaken(events)).toEqual([events[0], events[1], events[2], events[3]]);
  });
});
