/**
 * What happens in the demo: two weeks in the life of thirty-four people, with everything in them that makes such a
 * system fail. What must come of each happening is checked on the spot or written down for the end.
 */
import { type Enrolled, enrollEverybody } from "./enrolling.ts";
import { line } from "./lines.ts";
import type { AcceptedMail } from "./mail-server.ts";
import { officeZone, personNamed, sequenceNamed } from "./office.ts";
import { dayMs, type Habit, hireRep, hourMs, minuteMs, type Rep } from "./rep.ts";
import { hardBounce, humanReply, outOfOffice } from "./replies.ts";
import { everybodyExplains, killInMidSend, replyBetweenClaimAndSend } from "./scenes.ts";
import { paint, say } from "./screen.ts";
import type { Stage } from "./stage.ts";
import type { Verdict } from "./verdict.ts";

/** Monday 11 January 2027, 08:00 in Lisbon. In the weeks that follow the United States have a holiday. */
export const storyStart = Date.UTC(2027, 0, 11, 8);
export const storyEnd = storyStart + 21 * dayMs;
const at = (day: number, hour: number, minute = 0) => Date.UTC(2027, 0, day, hour, minute);
/** Alone in its minute: nobody else's mail is on the wire when the Worker dies. */
const killAt = at(12, 10, 47);

export type Story = {
  enrolled: Enrolled;
  rep: Rep;
  replies: number;
  /** Who may get nothing after their n-th mail, and why. */
  silenced: { email: string; name: string; mails: number; why: string }[];
  uncertain: string[];
};

export async function tellStory(stage: Stage, verdict: Verdict): Promise<Story> {
  const { office, mail } = stage;
  const { client } = office;
  const enrolled = await enrollEverybody(office, verdict, killAt);
  const story: Story = {
    enrolled,
    replies: 0,
    silenced: [],
    uncertain: [],
    rep: hireRep(stage, habits(stage)),
  };
  const newLead = sequenceNamed(office, "New lead");
  const person = (name: string) => personNamed(office, name);

  const enrollmentOf = async (name: string) => {
    const { items } = await client("enrollments.list", { query: { contactId: person(name).id } });
    return items[0]!;
  };
  const silence = (name: string, why: string) => {
    const { email } = person(name);
    story.silenced.push({ email, name, why, mails: mail.accepted.filter(({ to }) => to === email).length });
  };
  const answer = async (name: string, raw: string, expected: { outcome: string; replyClass: string }) => {
    const { outcome, replyClass } = await office.receive(raw);
    story.replies++;
    verdict.same(`the mail from ${name} is understood`, expected, { outcome, replyClass });
    if (outcome === "stopped") silence(name, "answered");
    stage.mention(person(name).id);
  };
  const repliesTo = (name: string, nth: number, delayMs: number, text: string, from = person(name).email) =>
    stage.afterMail(person(name).email, nth, delayMs, (mail) =>
      answer(name, humanReply(from, mail, stage.now(), text), { outcome: "stopped", replyClass: "human" }),
    );

  // Answers, at every stage of a sequence, and one from an address we have never seen: the thread says who it is.
  repliesTo("Dana Reyes", 1, 3 * hourMs, "Yes, that is me. Call me on Thursday?");
  repliesTo(
    "Grace Holloway",
    2,
    90 * minuteMs,
    "Please talk to our RevOps team.",
    "g.holloway@private.example",
  );
  repliesTo("Clara Benavente", 2, 4 * hourMs, "Thank you, that answers it.");
  repliesTo("Joan Ferraro", 1, 20 * minuteMs, "Yes, please keep everything as it is.");
  stage.afterMail(person("Wei Ling Tan").email, 1, minuteMs, (mail) =>
    answer("Wei Ling Tan", outOfOffice(person("Wei Ling Tan").email, mail, stage.now(), "I am travelling."), {
      outcome: "recorded",
      replyClass: "out_of_office",
    }),
  );
  stage.afterMail(person("Farid Ismail").email, 1, 5 * minuteMs, (mail) =>
    answer("Farid Ismail", hardBounce(person("Farid Ismail").email, mail, stage.now()), {
      outcome: "stopped",
      replyClass: "bounce",
    }),
  );
  stage.afterMail(person("Elliot Brandt").email, 1, hourMs, (mail) => unsubscribe(mail, "Elliot Brandt"));

  async function unsubscribe({ unsubscribeUrl }: AcceptedMail, name: string) {
    const answered = await fetch(unsubscribeUrl ?? "", {
      method: "POST",
      body: "List-Unsubscribe=One-Click",
    });
    verdict.same("one click on the unsubscribe link is enough", 200, answered.status);
    silence(name, "unsubscribed");
    stage.mention(person(name).id);
  }

  // The server asks one mail to come again later: it does, once.
  mail.greylist(person("Joaquim Salgado").email);

  stage.at(killAt, () => killInMidSend(stage, verdict, story.uncertain));
  stage.at(at(13, 9), () => replyBetweenClaimAndSend(stage, verdict, silence));

  stage.at(at(12, 17), async () => {
    const { id } = person("Victor Hale");
    const paused = await enrollmentOf("Victor Hale");
    verdict.same(
      "a missing variable pauses, and is named",
      ["paused", "missing_variable", "contact.custom.renewal_date"],
      [paused.status, paused.reason, paused.detail],
    );
    const { sentence } = await client("enrollments.explain", { params: { id: paused.id } });
    narrator(`asked why Victor Hale waits · ${sentence}`);
    await client("contacts.update", { params: { id }, body: { custom: { renewal_date: "12 March 2027" } } });
    await client("enrollments.resume", { params: { id: paused.id } });
  });

  stage.at(at(12, 4), async () => {
    const { id, email } = person("Arjun Pillai");
    const before = mail.accepted.filter(({ to }) => to === email).length;
    const untilAt = at(18, 2);
    await client("holds.place", {
      params: { id },
      body: { kind: "requested", untilAt: new Date(untilAt).toISOString(), note: "after the 18th" },
    });
    stage.at(at(14, 6), async () => {
      const { rule, sentence } = await client("enrollments.explain", {
        params: { id: (await enrollmentOf("Arjun Pillai")).id },
      });
      verdict.same("somebody on hold waits for the hold", "hold", rule);
      narrator(`asked why Arjun Pillai waits · ${sentence}`);
    });
    stage.at(untilAt - minuteMs, async () => {
      verdict.same(
        "nothing is sent during a hold",
        before,
        mail.accepted.filter(({ to }) => to === email).length,
      );
    });
  });

  stage.at(at(14, 12), async () => {
    await client("suppressions.create", {
      body: { kind: "domain", value: "pinegrove.example", note: "Their lawyers wrote" },
    });
    silence("Marcus Oyelaran", "suppressed by domain");
  });
  stage.at(at(13, 11), async () => {
    const { id } = await enrollmentOf("Samuel Whitaker");
    await client("enrollments.pause", { params: { id }, body: { detail: "Meets Robin at the fair" } });
  });
  stage.at(at(15, 11), async () => {
    await client("enrollments.resume", { params: { id: (await enrollmentOf("Samuel Whitaker")).id } });
  });
  stage.at(at(14, 12, 10), () => everybodyExplains(stage, verdict));

  function narrator(text: string) {
    say(paint(line(stage.now(), officeZone, text), "dim"), stage.now(), officeZone);
  }

  const planned = await planOf(stage, (await enrollmentOf("Tomás Nogueira")).id);
  await stage.play(storyEnd);
  const happened = await sentInstants(stage, person("Tomás Nogueira").id);
  verdict.same(
    `what was planned for an untouched person is what happened, to the minute (${newLead.name})`,
    planned.slice(0, 2),
    happened.slice(0, 2),
  );
  return story;
}

const habits =
  ({ office, now }: Stage): Habit =>
  (task, name, rep) => {
    const { client } = office;
    const params = { id: task.id };
    switch (`${name} ${task.type}`) {
      case "Beatriz Amado call":
        return { act: () => client("tasks.done", { params, body: { outcome: "meeting_booked" } }) };
      case "Siti Rahmat call":
        return { act: () => client("enrollments.skip", { params: { id: task.enrollmentId } }) };
      case "Helena Vaz email_manual":
        return { act: () => client("tasks.skip", { params }) };
      case "Desmond Clay task":
        // Late on a Friday, before a long weekend.
        return { at: at(15, 21, 45), act: () => client("tasks.done", { params }) };
      case "Pedro Quintela task":
        if (Date.parse(task.dueAt) > at(13, 0)) return null;
        return { act: () => rep.snooze(task, now() + dayMs) };
      default:
        return null;
    }
  };

async function planOf({ office }: Stage, id: string): Promise<(string | null)[]> {
  const { touches } = await office.client("enrollments.plan", { params: { id } });
  return touches.filter(({ type }) => type === "email_auto").map(({ at }) => at);
}

async function sentInstants({ office }: Stage, contactId: string): Promise<string[]> {
  const { items } = await office.client("contacts.timeline", {
    params: { id: contactId },
    query: { limit: 200 },
  });
  return items
    .filter(({ type }) => type === "send.sent")
    .map(({ at }) => at)
    .reverse();
}
