/** The end of the story: what the API says, against what the mail server wrote down itself. */
import { everyPage } from "@cadenza/edge-api/scripts/load-sequence";
import type { Inbox } from "./inbox.ts";
import { table } from "./lines.ts";
import type { MailServer } from "./mail-server.ts";
import { say } from "./screen.ts";
import type { Stage } from "./stage.ts";
import type { Story } from "./story.ts";
import type { Verdict } from "./verdict.ts";

export async function reckon(
  stage: Stage,
  story: Story,
  { inbox, post }: { inbox: Inbox; post: MailServer },
  verdict: Verdict,
): Promise<void> {
  const { office, mail } = stage;
  const { client } = office;
  const enrollments = await everyPage((cursor) =>
    client("enrollments.list", { query: { limit: 200, cursor } }),
  );
  const health = await client("health.get");

  // Against the server's own record.
  const copies = new Map<string, number>();
  for (const { messageId } of mail.accepted) copies.set(messageId, (copies.get(messageId) ?? 0) + 1);
  const doubles = [...copies].filter(([, count]) => count > 1);
  verdict.same("no mail was sent twice: each Message-ID was accepted once", [], doubles);
  const sends = [];
  for (const { id } of enrollments)
    sends.push(...(await client("enrollments.sends", { params: { id } })).items);
  const sent = sends.filter(({ state }) => state === "sent");
  verdict.same("what counts as sent is what the server has", mail.accepted.length, sent.length);
  const sentTo = (all: { to: string }[]) => all.map(({ to }) => to).sort();
  verdict.same("every mail reached the person it was for", sentTo(sent), sentTo(mail.accepted));
  verdict.same(
    "no mail is left in between",
    [],
    sends.filter(({ state }) => !["sent", "canceled", "failed"].includes(state)),
  );

  for (const { email, name, mails, why } of story.silenced) {
    const after = mail.accepted.filter(({ to }) => to === email).slice(mails);
    verdict.same(
      `nothing was sent to ${name} after that (${why})`,
      [],
      after.map(({ subject }) => subject),
    );
  }
  const never = ["bruno.falcao@quiet-please.example", "walter.bishop(at)nowhere"];
  verdict.same(
    "a suppressed address got nothing",
    [],
    mail.accepted.filter(({ to }) => never.includes(to)),
  );
  verdict.same(
    "the mail that was put off by its server came once",
    [1, 1],
    [mail.refused, mailsTo(stage, "Joaquim Salgado", "Good to meet you")],
  );
  checkThreads(stage, verdict);
  const garbled = mail.accepted.filter(({ raw }) => /\{\{|\{%|undefined|\[object/.test(raw.toString()));
  verdict.same(
    "no template left a trace in a mail",
    [],
    garbled.map(({ subject }) => subject),
  );
  verdict.same(
    "every mail carries a one-click unsubscribe link",
    [],
    mail.accepted.filter(({ unsubscribeUrl }) => !unsubscribeUrl),
  );

  // Nothing lost: everybody came to an end, or says why not.
  const open = enrollments.filter(({ status }) => status === "active" || status === "paused");
  verdict.same(
    "everybody reached an end",
    [],
    open.map(({ contactId, status, waitReason, reason }) => [
      office.people.get(contactId)?.name,
      status,
      waitReason ?? reason,
    ]),
  );
  verdict.same("one enrollment per person enrolled", story.enrolled.count, enrollments.length);
  verdict.same(
    "the one ambiguous mail was uncertain, and settled by the rep",
    [story.uncertain, 0],
    [story.rep.settled, health.uncertain],
  );
  verdict.same("nothing is parked, and no wake-up died", [0, 0], [health.parked, health.queue.dead]);
  const shown = await inbox.count();
  verdict.same("the inbox page shows every mail", mail.accepted.length + post.accepted.length, shown);

  const how = (status: string) => {
    const reasons: Record<string, number> = {};
    for (const one of enrollments)
      if (one.status === status) reasons[one.reason ?? ""] = (reasons[one.reason ?? ""] ?? 0) + 1;
    const list = Object.entries(reasons).map(([reason, count]) => `${count} ${reason.replaceAll("_", " ")}`);
    const count = enrollments.filter((one) => one.status === status).length;
    return list.length ? `${count}  (${list.join(", ")})` : `${count}`;
  };
  const expectedEnds = {
    completed: "replied all_steps_done meeting_booked",
    canceled: "opted_out suppressed bounced",
  };
  for (const [status, reasons] of Object.entries(expectedEnds)) {
    const seen = new Set(enrollments.filter((one) => one.status === status).map(({ reason }) => reason));
    verdict.same(`how people are ${status}`, reasons.split(" ").sort(), [...seen].sort());
  }
  const outcomes = office.loaded.rows.map(({ outcome }) => outcome);
  const rows = (outcome: string) => outcomes.filter((one) => one === outcome).length;
  verdict.same(
    "the CSV's rows",
    { created: 41, merged: 1, unchanged: 1, refused: 2 },
    {
      created: rows("created"),
      merged: rows("merged"),
      unchanged: rows("unchanged"),
      refused: rows("refused"),
    },
  );
  const refusals = Object.entries(story.enrolled.refusals).map(
    ([code, count]) => `${count} ${code.replaceAll("_", " ")}`,
  );
  const closed = await everyPage((cursor) =>
    client("tasks.list", { query: { status: "done", limit: 200, cursor } }),
  );
  const passed = await everyPage((cursor) =>
    client("tasks.list", { query: { status: "skipped", limit: 200, cursor } }),
  );
  say("\nThe whole story in numbers");
  for (const row of table([
    [
      "contacts from the CSV",
      `${rows("created")} created, ${rows("merged")} merged, ${rows("unchanged")} unchanged, ${rows("refused")} refused`,
    ],
    ["enrolled", enrollments.length],
    [
      "refused",
      `${refusals.length ? `${Object.values(story.enrolled.refusals).reduce((a, b) => a + b, 0)}  (${refusals.join(", ")})` : 0}`,
    ],
    ["sent", `${sent.length}  (the mail server accepted ${mail.accepted.length})`],
    ["tasks", `${closed.length} done, ${passed.length} skipped`],
    ["replies", story.replies + 1],
    ["completed", how("completed")],
    ["canceled", how("canceled")],
    ["uncertain", `${story.uncertain.length}  (settled by the rep: ${story.rep.settled.length})`],
    ["double sends", doubles.length],
  ]))
    say(row);
}

const mailsTo = ({ office, mail }: Stage, name: string, subject: string): number => {
  const person = [...office.people.values()].find((one) => one.name === name);
  return mail.accepted.filter((one) => one.to === person?.email && one.subject.startsWith(subject)).length;
};

/** A follow-up answers in the thread of the mail before it, from the same mailbox. */
function checkThreads({ mail }: Stage, verdict: Verdict): void {
  const broken = mail.accepted.filter(({ inReplyTo, to, from, user }) => {
    if (user !== from) return true;
    if (!inReplyTo) return false;
    const before = mail.accepted.find(({ messageId }) => messageId === inReplyTo);
    return before?.to !== to || before.from !== from;
  });
  const followUps = mail.accepted.filter(({ inReplyTo }) => inReplyTo).length;
  verdict.is(
    "follow-ups stay in their thread and mailbox",
    followUps > 0 && !broken.length,
    "some, none astray",
    {
      followUps,
      astray: broken.map(({ to, subject }) => [to, subject]),
    },
  );
}
