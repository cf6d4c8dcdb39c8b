/** Mail that is handed in over the API: whom it is from, what it answers, and what it stops. */

import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { messageIdOf } from "../../src/domain/message.ts";
import { tick } from "../../src/engine/tick.ts";
import { encodeId } from "../../src/http/public-id.ts";
import { tickDeps } from "../../src/run.ts";
import { api, createContact, createKey, dayMs, minuteMs, monday, unique } from "../world.ts";
import {
  call,
  type Desk,
  type Enrolled,
  followUp,
  keyOf,
  mail,
  oneEnrolled,
  openDesk,
  openOnlyDesk,
  snapshot,
} from "./desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openOnlyDesk();
});

type Mail = { headers?: Record<string, string | undefined>; body?: string };

const rawOf = ({ headers = {}, body = "Sounds good, call me." }: Mail): string => {
  const all: Record<string, string | undefined> = {
    From: "Dana <dana@buyer.example>",
    To: "robin@seller.example",
    Subject: "Re: Hello",
    "Message-ID": `<${unique("in")}@buyer.example>`,
    Date: "Mon, 23 Nov 2026 10:00:00 +0000",
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return `${lines.join("\r\n")}\r\n\r\n${body}\r\n`;
};
const handIn = (raw: string, of: Desk = desk) =>
  of.call("POST", "/v1/inbound", raw, { "content-type": "message/rfc822" });
const arrive = (input: Mail, of: Desk = desk) => handIn(rawOf(input), of);

/** Somebody whose first mail has left and whose second waits. */
async function mailed(steps = [mail(), followUp()], of: Desk = desk) {
  const enrolled = await oneEnrolled(of, steps);
  await of.run();
  const sent = of.system.delivered.at(-1)!;
  return { enrolled, messageId: sent.messageId, address: sent.to };
}
const statusOf = async ({ id }: Enrolled) => {
  const { status, reason } = await desk.get(id);
  return [status, reason];
};
const nothingMore = async () => {
  const before = desk.system.delivered.length;
  await desk.pass(20 * dayMs);
  await desk.pass(20 * dayMs);
  expect(desk.system.delivered).toHaveLength(before);
};
const report = (fields: { original: string; status: string; action?: string; to?: string }): Mail => ({
  headers: {
    From: "MAILER-DAEMON@mx.buyer.example",
    Subject: "Undelivered Mail Returned to Sender",
    "Auto-Submitted": "auto-replied",
    "MIME-Version": "1.0",
    "Content-Type": 'multipart/report; report-type=delivery-status; boundary="b"',
  },
  body: [
    "--b",
    "Content-Type: text/plain",
    "",
    "Your mail could not be delivered.",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.buyer.example",
    "",
    `Final-Recipient: rfc822; ${fields.to ?? "dana@buyer.example"}`,
    `Action: ${fields.action ?? "failed"}`,
    `Status: ${fields.status}`,
    `Diagnostic-Code: smtp; 550 ${fields.status} said so`,
    "",
    "--b",
    "Content-Type: text/rfc822-headers",
    "",
    `Message-ID: ${fields.original}`,
    "Subject: Hello",
    "",
    "--b--",
  ].join("\r\n"),
});
const complaint = (original: string): Mail => ({
  headers: {
    From: "feedback@isp.example",
    Subject: "Abuse report",
    "MIME-Version": "1.0",
    "Content-Type": 'multipart/report; report-type=feedback-report; boundary="b"',
  },
  body: [
    "--b",
    "Content-Type: text/plain",
    "",
    "This is an abuse report.",
    "--b",
    "Content-Type: message/feedback-report",
    "",
    "Feedback-Type: abuse",
    "User-Agent: isp/1",
    "Version: 1",
    "",
    "--b",
    "Content-Type: message/rfc822",
    "",
    `Message-ID: ${original}`,
    "Subject: Hello",
    "",
    "Text",
    "--b--",
  ].join("\r\n"),
});

describe("an answer", () => {
  test.each<[string, (messageId: string) => Record<string, string>]>([
    ["In-Reply-To", (id) => ({ "In-Reply-To": id })],
    ["References", (id) => ({ References: `<first@elsewhere.example> ${id} <later@elsewhere.example>` })],
    ["In-Reply-To in capitals", (id) => ({ "In-Reply-To": id.toUpperCase() })],
  ])("that names our mail by %s stops the sequence, whoever wrote it", async (_, thread) => {
    const { enrolled, messageId } = await mailed();
    const { status, body } = await arrive({
      headers: { From: "colleague@elsewhere.example", ...thread(messageId) },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      outcome: "stopped",
      replyClass: "human",
      contactId: enrolled.contactId,
      stopped: [enrolled.id],
      why: null,
    });
    expect(await statusOf(enrolled)).toEqual(["completed", "replied"]);
    expect(await desk.events(enrolled)).toEqual([
      "enrollment.created",
      "send.queued",
      "send.sent",
      "enrollment.completed",
      "reply.received",
    ]);
    const { steps } = await desk.client("sequences.numbers", { params: { id: enrolled.sequenceId } });
    expect(steps).toMatchObject([{ stepId: 1, sent: 1, replied: 1 }]);
    await nothingMore();
  });

  test("by the sender's address alone is enough, from any of their addresses, in any case", async () => {
    const email = `${unique("dana")}@buyer.example`;
    const other = `${unique("home")}@home.example`;
    const { contact } = await desk.client("contacts.create", {
      body: { email, otherEmails: [other], firstName: "Dana" },
    });
    const enrolled = await desk.enroll(await desk.published(), contact.id);
    await desk.pass(minuteMs);
    const { body } = await arrive({
      headers: { From: `D <${other.toUpperCase()}>`, Subject: "A new thread" },
    });
    expect(body).toMatchObject({ outcome: "stopped", contactId: contact.id, stopped: [enrolled.id] });
    await nothingMore();
  });

  test("stops everything the person is in, paused ones too, and closes their tasks", async () => {
    const { enrolled, messageId } = await mailed();
    const called = await desk.enroll(await desk.published([call()]), enrolled.contactId);
    const paused = await desk.enroll(await desk.published(), enrolled.contactId);
    await desk.client("enrollments.pause", { params: { id: paused.id } });
    await desk.pass(minuteMs);
    const task = await desk.taskOf(called.id);
    const { body } = await arrive({ headers: { "In-Reply-To": messageId } });
    expect([...body.stopped].sort()).toEqual([enrolled.id, called.id, paused.id].sort());
    for (const each of [enrolled, called, paused])
      expect(await statusOf(each)).toEqual(["completed", "replied"]);
    expect((await desk.client("tasks.get", { params: { id: task.id } })).status).toBe("skipped");
  });

  test("takes back the mail that is queued already", async () => {
    await desk.system.db
      .prepare("UPDATE mailboxes SET daily_cap = 0 WHERE id = ?1")
      .bind(desk.mailboxKey)
      .run();
    const enrolled = await oneEnrolled(desk, [mail()]);
    await desk.run();
    const [queued] = await desk.sendsOf(enrolled.id);
    expect(queued!.state).toBe("queued");
    await arrive({ headers: { From: queued!.to } });
    expect((await desk.sendsOf(enrolled.id))[0]!.state).toBe("canceled");
    await desk.system.db
      .prepare("UPDATE mailboxes SET daily_cap = 9 WHERE id = ?1")
      .bind(desk.mailboxKey)
      .run();
    await nothingMore();
  });

  test("that arrives between the tick and the delivery keeps the next mail from the wire", async () => {
    const { enrolled, messageId } = await mailed();
    desk.system.clock.advance(2 * dayMs);
    await tick(tickDeps(desk.system));
    expect((await desk.sendsOf(enrolled.id)).at(-1)!.state).toBe("queued");
    await arrive({ headers: { "In-Reply-To": messageId } });
    await desk.run();
    expect(desk.system.delivered).toHaveLength(1);
    expect((await desk.sendsOf(enrolled.id)).at(-1)!.state).toBe("canceled");
  });

  test("to a mail nobody was sure of proves that it arrived, and closes the question", async () => {
    desk.system.wire.answer = () => ({ kind: "ambiguous", detail: "lost" });
    const enrolled = await oneEnrolled(desk);
    await desk.run();
    const task = await desk.taskOf(enrolled.id);
    const messageId = messageIdOf(
      { shard: 0, enrollmentId: keyOf(enrolled.id), stepId: 1, cycle: 1 },
      "seller.example",
      desk.system.secret,
    );
    const { body } = await arrive({ headers: { "In-Reply-To": messageId } });
    expect(body).toMatchObject({ outcome: "stopped", stopped: [enrolled.id] });
    expect((await desk.sendsOf(enrolled.id))[0]!.state).toBe("sent");
    expect((await desk.client("tasks.get", { params: { id: task.id } })).status).toBe("done");
    expect(await statusOf(enrolled)).toEqual(["completed", "replied"]);
    await nothingMore();
  });

  test("counts once: the same Message-ID again is a duplicate, also after a reopening", async () => {
    const { enrolled, messageId } = await mailed();
    const raw = rawOf({ headers: { "In-Reply-To": messageId } });
    expect((await handIn(raw)).body.outcome).toBe("stopped");
    await desk.client("enrollments.reopen", { params: { id: enrolled.id } });
    const before = await snapshot();
    expect((await handIn(raw)).body).toMatchObject({ outcome: "duplicate", stopped: [] });
    expect(await snapshot()).toEqual(before);
    expect((await desk.get(enrolled.id)).status).toBe("active");
  });

  test("without a Message-ID is told apart by its bytes", async () => {
    const { messageId } = await mailed();
    const raw = rawOf({ headers: { "Message-ID": undefined, "In-Reply-To": messageId } });
    expect((await handIn(raw)).body.outcome).toBe("stopped");
    expect((await handIn(raw)).body.outcome).toBe("duplicate");
    expect((await handIn(`${raw}More.`)).body.outcome).toBe("recorded");
  });

  test("five copies of it at once are one answer in the timeline and in the numbers", async () => {
    const { enrolled, messageId } = await mailed();
    const raw = rawOf({ headers: { "In-Reply-To": messageId } });
    const replies = await Promise.all([1, 2, 3, 4, 5].map(() => handIn(raw)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const events = await desk.events(enrolled);
    expect(events.filter((type) => type === "reply.received")).toHaveLength(1);
    expect(events.filter((type) => type === "enrollment.completed")).toHaveLength(1);
    const { steps } = await desk.client("sequences.numbers", { params: { id: enrolled.sequenceId } });
    expect(steps).toMatchObject([{ replied: 1 }]);
  });

  test("two answers at once end it once", async () => {
    const { enrolled, messageId } = await mailed();
    const headers = { "In-Reply-To": messageId };
    const [one, two] = await Promise.all([arrive({ headers }), arrive({ headers })]);
    expect([one.body.outcome, two.body.outcome].sort()).toEqual(["recorded", "stopped"]);
    expect((await desk.events(enrolled)).filter((type) => type === "enrollment.completed")).toHaveLength(1);
    expect(await statusOf(enrolled)).toEqual(["completed", "replied"]);
  });
});

describe("what is no answer", () => {
  test("our own mail, handed in again from the Sent folder, stops nothing", async () => {
    const { enrolled, messageId } = await mailed();
    const { address } = (await desk.client("mailboxes.list")).items[0]!;
    const before = await snapshot();
    const { body } = await arrive({
      headers: { From: `Robin <${address.toUpperCase()}>`, "In-Reply-To": messageId },
    });
    expect(body).toEqual({
      outcome: "ignored",
      replyClass: "human",
      contactId: null,
      stopped: [],
      why: "own_mail",
    });
    expect(await snapshot()).toEqual(before);
    expect((await desk.get(enrolled.id)).status).toBe("active");
  });

  test("a stranger's mail is left alone", async () => {
    await mailed();
    const before = await snapshot();
    const { body } = await arrive({
      headers: { From: "newsletter@shop.example", "In-Reply-To": "<x@shop.example>" },
    });
    expect(body).toEqual({
      outcome: "ignored",
      replyClass: "human",
      contactId: null,
      stopped: [],
      why: "unknown_sender",
    });
    expect(await snapshot()).toEqual(before);
  });

  test.each<[string, (id: string) => string]>([
    ["a wrong signature", (id) => id.replace(/.@/, (end) => (end === "0@" ? "1@" : "0@"))],
    ["another step", (id) => id.replace(/\.1\.1\./, ".2.1.")],
    ["no signature", (id) => id.replace(/\.[^.]{13}@/, "@")],
  ])("a Message-ID made up after ours, with %s, names nothing", async (_, forge) => {
    const { enrolled, messageId } = await mailed();
    const forged = forge(messageId);
    expect(forged).not.toBe(messageId);
    const { body } = await arrive({ headers: { From: "x@elsewhere.example", "In-Reply-To": forged } });
    expect(body).toMatchObject({ outcome: "ignored", why: "unknown_sender" });
    expect((await desk.get(enrolled.id)).status).toBe("active");
  });

  test("another workspace's mail: neither its thread nor its people are touched", async () => {
    const { enrolled, messageId, address } = await mailed();
    const other = await openDesk(desk);
    const before = await snapshot();
    const { body } = await arrive({ headers: { From: address, "In-Reply-To": messageId } }, other);
    expect(body).toMatchObject({ outcome: "ignored", contactId: null, why: "unknown_sender" });
    expect(await snapshot()).toEqual(before);
    expect((await desk.get(enrolled.id)).status).toBe("active");
  });

  test("another shard's mail of the same number is not taken for ours", async () => {
    const { enrolled } = await mailed();
    const theirs = messageIdOf(
      { shard: 1, enrollmentId: keyOf(enrolled.id), stepId: 1, cycle: 1 },
      "seller.example",
      desk.system.secret,
    );
    const { body } = await arrive({ headers: { From: "x@elsewhere.example", "In-Reply-To": theirs } });
    expect(body).toMatchObject({ outcome: "ignored", why: "unknown_sender" });
    expect((await desk.get(enrolled.id)).status).toBe("active");
  });

  test.each<[string, Mail, string]>([
    [
      "an absence",
      {
        headers: { "Auto-Submitted": "auto-replied", Subject: "Out of office: Re: Hello" },
        body: "I am away until Monday.",
      },
      "out_of_office",
    ],
    [
      "a machine's thanks",
      { headers: { "Auto-Submitted": "auto-generated", Subject: "Ticket received" } },
      "auto_reply",
    ],
  ])("%s is written down and stops nothing", async (_, input, replyClass) => {
    const { enrolled, messageId } = await mailed();
    const { body } = await arrive({ ...input, headers: { "In-Reply-To": messageId, ...input.headers } });
    expect(body).toMatchObject({
      outcome: "recorded",
      replyClass,
      contactId: enrolled.contactId,
      stopped: [],
    });
    expect((await desk.get(enrolled.id)).status).toBe("active");
    expect(await desk.events(enrolled)).toContain("reply.received");
    // An absence is a wait, and no more.
    for (let day = 0; day < 12; day++) await desk.pass(dayMs);
    expect(desk.system.delivered).toHaveLength(2);
    const { steps } = await desk.client("sequences.numbers", { params: { id: enrolled.sequenceId } });
    expect(steps[0]).toMatchObject({ replied: 0 });
  });
});

describe("a bounce", () => {
  const suppressed = async () =>
    (await desk.client("suppressions.list")).items.map(({ value, reason }) => [value, reason]);

  test("a hard one cancels everything the person is in and suppresses the address", async () => {
    const { enrolled, messageId, address } = await mailed();
    const { body } = await arrive(report({ original: messageId, status: "5.1.1" }));
    expect(body).toEqual({
      outcome: "stopped",
      replyClass: "bounce",
      contactId: enrolled.contactId,
      stopped: [enrolled.id],
      why: null,
    });
    expect(await statusOf(enrolled)).toEqual(["canceled", "bounced"]);
    expect(await suppressed()).toEqual([[address, "bounced"]]);
    const { steps } = await desk.client("sequences.numbers", { params: { id: enrolled.sequenceId } });
    expect(steps).toMatchObject([{ bounced: 1, replied: 0 }]);
    await nothingMore();
  });

  test("suppresses the address that bounced, not the one the person has by now", async () => {
    const { enrolled, messageId, address } = await mailed();
    const email = `${unique("right")}@buyer.example`;
    await desk.client("contacts.update", { params: { id: enrolled.contactId }, body: { email } });
    await arrive(report({ original: messageId, status: "5.1.1", to: address }));
    expect(await suppressed()).toEqual([[address, "bounced"]]);
  });

  test.each([
    ["a full mailbox", "4.2.2", "failed"],
    ["a delay", "4.4.1", "delayed"],
    ["our own reputation", "5.7.1", "failed"],
  ])("%s stops nobody and suppresses nothing", async (_, status, action) => {
    const { enrolled, messageId } = await mailed();
    const { body } = await arrive(report({ original: messageId, status, action }));
    expect(body).toMatchObject({ outcome: "recorded", stopped: [] });
    expect((await desk.get(enrolled.id)).status).toBe("active");
    expect(await suppressed()).toEqual([]);
  });

  test("a report about a mail we never sent does nothing, whoever it says it is about", async () => {
    const { enrolled, address } = await mailed();
    const before = await snapshot();
    const { body } = await arrive(
      report({ original: "<made-up@seller.example>", status: "5.1.1", to: address }),
    );
    expect(body).toMatchObject({ outcome: "ignored", replyClass: "bounce", contactId: null });
    expect(await snapshot()).toEqual(before);
    // In the person's own name it is theirs, and still proves nothing.
    const forged = report({ original: "<made-up@seller.example>", status: "5.1.1", to: address });
    const named = await arrive({ ...forged, headers: { ...forged.headers, From: address } });
    expect(named.body).toMatchObject({ outcome: "recorded", stopped: [] });
    expect((await desk.get(enrolled.id)).status).toBe("active");
    expect(await suppressed()).toEqual([]);
  });
});

describe("a person's wish to be left alone", () => {
  test.each(["STOP", "Unsubscribe me please", "Bitte austragen"])(
    "“%s” cancels with opted_out and suppresses",
    async (words) => {
      const { enrolled, messageId, address } = await mailed();
      const { body } = await arrive({ headers: { "In-Reply-To": messageId }, body: words });
      expect(body).toMatchObject({
        outcome: "stopped",
        replyClass: "unsubscribe_request",
        stopped: [enrolled.id],
      });
      expect(await statusOf(enrolled)).toEqual(["canceled", "opted_out"]);
      const { items } = await desk.client("suppressions.list");
      expect(items.map(({ value, reason }) => [value, reason])).toEqual([[address, "opted_out"]]);
      await nothingMore();
    },
  );

  test("covers every address they have: a new first address is no way around it", async () => {
    const [work, home] = [`${unique("work")}@buyer.example`, `${unique("home")}@home.example`];
    const { contact } = await desk.client("contacts.create", {
      body: { email: work, otherEmails: [home], firstName: "Dana" },
    });
    await desk.enroll(await desk.published(), contact.id);
    await desk.pass(minuteMs);
    await arrive({
      headers: { From: home, "In-Reply-To": desk.system.delivered[0]!.messageId },
      body: "unsubscribe",
    });
    const { items } = await desk.client("suppressions.list");
    expect(items.map(({ value }) => value).sort()).toEqual([home, work].sort());
    await desk.client("contacts.update", { params: { id: contact.id }, body: { email: home } });
    const again = await desk.call("POST", `/v1/sequences/${await desk.published()}/enrollments`, {
      contactId: contact.id,
    });
    expect(again.body.code).toBe("suppressed");
    const { items: happened } = await desk.client("contacts.timeline", { params: { id: contact.id } });
    expect(happened.filter(({ type }) => type === "suppression.added").length).toBeGreaterThan(0);
  });

  test("a complaint about our mail silences them; about anybody else's it does not", async () => {
    const { enrolled, messageId, address } = await mailed();
    const before = await snapshot();
    expect((await arrive(complaint("<other@elsewhere.example>"))).body).toMatchObject({
      outcome: "ignored",
      replyClass: "complaint",
    });
    expect(await snapshot()).toEqual(before);
    const forged = complaint("<other@elsewhere.example>");
    expect((await arrive({ ...forged, headers: { ...forged.headers, From: address } })).body).toMatchObject({
      outcome: "recorded",
      stopped: [],
    });
    expect((await desk.get(enrolled.id)).status).toBe("active");
    expect((await arrive(complaint(messageId))).body).toMatchObject({
      outcome: "stopped",
      stopped: [enrolled.id],
    });
    expect(await statusOf(enrolled)).toEqual(["canceled", "suppressed"]);
    const { items } = await desk.client("suppressions.list");
    expect(items.map(({ value, reason }) => [value, reason])).toEqual([[address, "complaint"]]);
  });
});

describe("what cannot be taken", () => {
  test("26 MB is too large, and nothing of it is kept", async () => {
    const before = await snapshot();
    const { status, body } = await handIn(`Subject: x\r\n\r\n${"x".repeat(26 * 1_048_576)}`);
    expect([status, body.code]).toEqual([413, "body_too_large"]);
    expect(await snapshot()).toEqual(before);
  });

  test.each<[string, string]>([
    ["nothing", ""],
    ["blanks", " \r\n\r\n  \n"],
  ])("%s is no mail", async (_, raw) => {
    const { status, body } = await handIn(raw);
    expect([status, body.code]).toEqual([422, "mail_unreadable"]);
  });

  test.each<[string, string]>([
    ["a zip file", "PK\u0003\u0004\u0000\u0000\u0008\u0000garbage"],
    ["JSON", '{"from":"dana@buyer.example"}'],
    ["headers without end", `X: ${"y".repeat(300_000)}`],
    [
      "a thousand nested parts",
      Array.from(
        { length: 1_000 },
        (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}`,
      ).join("\r\n"),
    ],
    ["a header of control characters", "From: \u0001\u0002\u0007\r\nSubject: \u0000\r\n\r\n\u0000"],
  ])("%s stops nobody and breaks nothing", async (_, raw) => {
    const { enrolled } = await mailed();
    const { status, body } = await handIn(raw);
    if (status === 200) expect(body).toMatchObject({ outcome: "ignored", stopped: [] });
    else expect([status, body.code]).toEqual([422, "mail_unreadable"]);
    expect((await desk.get(enrolled.id)).status).toBe("active");
    expect(desk.system.errors).toEqual([]);
  });

  test("a reply with a hostile subject and 2 MB of text is written down, clipped, as text", async () => {
    const { enrolled, messageId } = await mailed();
    const { status } = await arrive({
      headers: { "In-Reply-To": messageId, Subject: "'); DROP TABLE sends; -- <script>" },
      body: "{{ x }} ".repeat(250_000),
    });
    expect(status).toBe(200);
    const { items } = await desk.client("contacts.timeline", { params: { id: enrolled.contactId } });
    const reply = items.find(({ type }) => type === "reply.received")!;
    expect(reply.data).toMatchObject({ class: "human", subject: "'); DROP TABLE sends; -- <script>" });
    expect(String(reply.data.text).length).toBeLessThanOrEqual(2_000);
    expect(await env.DB.prepare("SELECT count(*) AS n FROM sends").first("n")).toBe(1);
  });

  test("only a key for inbound mail, or one that has the scope, may hand mail in", async () => {
    const raw = rawOf({});
    for (const [scopes, expected] of [
      [["read", "write", "admin"], 403],
      [["inbound"], 200],
    ] as const) {
      const caller = api(desk.app, await createKey(desk.system, desk.workspace.id, { scopes: [...scopes] }));
      expect(
        (await caller.call("POST", "/v1/inbound", raw, { "content-type": "message/rfc822" })).status,
      ).toBe(expected);
    }
    expect(
      (await api(desk.app).call("POST", "/v1/inbound", raw, { "content-type": "message/rfc822" })).status,
    ).toBe(401);
  });
});

test("a reply stops a person enrolled for the first mail that has not left yet", async () => {
  const email = `${unique("early")}@buyer.example`;
  const contactId = encodeId("ctc", 0, await createContact(desk.system, desk.workspace.id, { email }));
  const enrolled = await desk.enroll(await desk.published(), {
    contactId,
    startAt: new Date(monday + dayMs).toISOString(),
  });
  expect((await arrive({ headers: { From: email } })).body).toMatchObject({
    outcome: "stopped",
    stopped: [enrolled.id],
  });
  await nothingMore();
});
