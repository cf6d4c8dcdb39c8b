/** A person's tasks over the API: the day's list, done, skipped, later, and a manual email that is approved and sent. */

import { taskOutcomes } from "@cadenza/shared/vocabulary";
import { beforeEach, describe, expect, test } from "vitest";
import type { ContactId, MemberId } from "../../src/domain/ids.ts";
import { decodeId, encodeId } from "../../src/http/public-id.ts";
import { createMember, dayMs, everyPage, hourMs, iso, minuteMs, monday } from "../world.ts";
import {
  at,
  call,
  type Desk,
  followUp,
  headerOf,
  mail,
  manualMail,
  oneEnrolled,
  openDesk,
  openOnlyDesk,
  pointersOf,
  snapshot,
  textOf,
  todo,
} from "./desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openOnlyDesk();
});

const act = (id: string, what: "done" | "skip" | "snooze" | "approval", body?: unknown) =>
  desk.call("PUT", `/v1/tasks/${id}/${what}`, body);
const atTask = async (
  steps = [call(), call({ delay: at(1, "hours") })],
  person?: Parameters<Desk["person"]>[0],
) => {
  const enrolled = await oneEnrolled(desk, steps, person);
  await desk.run();
  return { enrolled, task: await desk.taskOf(enrolled.id) };
};

describe("the list", () => {
  const list = async (query: Record<string, unknown>) => {
    const tasks = await everyPage((cursor) =>
      desk.client("tasks.list", { query: { limit: 2, ...query, ...cursor } as never }),
    );
    return tasks.map(({ title }) => title);
  };

  test("is an owner's day: by due date, the oldest first, page by page, none left out or doubled", async () => {
    const rep = await createMember(desk.system, desk.workspace.id);
    const ownerId = encodeId("mbr", 0, rep);
    const sequenceId = await desk.published([call()]);
    const person = (firstName: string, owner: MemberId | null) => desk.person({ firstName, ownerId: owner });
    for (const name of ["A", "B", "C"]) await desk.enroll(sequenceId, await person(name, rep));
    await desk.enroll(sequenceId, await person("X", null));
    await desk.pass(minuteMs);
    const tomorrow = { contactId: await person("D", rep), startAt: iso(monday + dayMs) };
    await desk.enroll(sequenceId, tomorrow);
    await desk.pass(dayMs);
    const mine = ["Call A", "Call B", "Call C", "Call D"];
    expect(await list({ ownerId })).toEqual(mine);
    expect(await list({})).toEqual(["Call A", "Call B", "Call C", "Call X", "Call D"]);
    expect(await list({ ownerId, dueUntil: iso(monday + hourMs) })).toEqual(mine.slice(0, 3));
    expect(await list({ contactId: tomorrow.contactId })).toEqual(["Call D"]);
    const [first] = (await desk.client("tasks.list", { query: { ownerId } })).items;
    await act(first!.id, "snooze", { untilAt: iso(monday + 9 * dayMs) });
    expect(await list({ ownerId })).toEqual(["Call B", "Call C", "Call D", "Call A"]);
    await act(first!.id, "done");
    expect(await list({ ownerId })).toEqual(["Call B", "Call C", "Call D"]);
    expect(await list({ ownerId, status: "done" })).toEqual(["Call A"]);
  });

  test("pages stay whole while tasks are closed in between", async () => {
    const sequenceId = await desk.published([call()]);
    for (const firstName of ["A", "B", "C", "D", "E"])
      await desk.enroll(sequenceId, await desk.person({ firstName }));
    await desk.pass(minuteMs);
    const first = await desk.client("tasks.list", { query: { limit: 2 } });
    await act(first.items[0]!.id, "done");
    await act(first.items[1]!.id, "done");
    const rest = await desk.client("tasks.list", { query: { limit: 3, cursor: first.nextCursor! } });
    expect(rest.items.map(({ title }) => title)).toEqual(["Call C", "Call D", "Call E"]);
    expect(rest.nextCursor).toBeNull();
  });

  test("shows what to do, for whom, rendered, and by when", async () => {
    const { enrolled, task } = await atTask(
      [todo({ title: "See {{ contact.name }}", note: "At {{ contact.phone }}" })],
      {
        phone: "+351 1",
      },
    );
    expect(task).toEqual({
      id: expect.stringMatching(/^tsk_/),
      enrollmentId: enrolled.id,
      contactId: enrolled.contactId,
      contact: {
        email: expect.stringContaining("@buyer.example"),
        firstName: "Dana",
        lastName: "Silva",
        phone: "+351 1",
      },
      ownerId: null,
      stepId: 1,
      type: "task",
      kind: "linkedin_connect",
      purpose: "step",
      sendId: null,
      title: "See Dana Silva",
      subject: null,
      body: "At +351 1",
      status: "open",
      outcome: null,
      note: null,
      dueAt: iso(monday + minuteMs),
      doneAt: null,
      rev: 1,
      createdAt: iso(monday + minuteMs),
    });
    const { contact: _, ...bare } = task;
    expect(await desk.client("tasks.get", { params: { id: task.id } })).toEqual(bare);
  });

  test("another workspace's tasks are not found and not shown", async () => {
    const { task } = await atTask();
    const other = await openDesk(desk);
    const before = await snapshot();
    expect((await other.client("tasks.list")).items).toEqual([]);
    expect((await other.call("GET", `/v1/tasks/${task.id}`)).body.code).toBe("task_not_found");
    const bodies = {
      done: undefined,
      skip: undefined,
      snooze: { untilAt: "2030-01-01T00:00:00Z" },
      approval: { subject: "x", body: "y" },
    };
    for (const [what, body] of Object.entries(bodies)) {
      expect((await other.call("PUT", `/v1/tasks/${task.id}/${what}`, body)).body.code).toBe(
        "task_not_found",
      );
    }
    expect(await snapshot()).toEqual(before);
  });
});

describe("done", () => {
  test("the sequence goes on; the next delay starts at that moment", async () => {
    const { enrolled, task } = await atTask();
    expect(await desk.get(enrolled.id)).toMatchObject({ waitReason: "task_open" });
    await desk.pass(3 * hourMs);
    const { status, body } = await act(task.id, "done", { outcome: "voicemail", note: "Left word\nTwice" });
    const doneAt = desk.system.clock.at;
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: "done",
      outcome: "voicemail",
      note: "Left word\nTwice",
      doneAt: iso(doneAt),
      rev: 2,
    });
    expect(await desk.get(enrolled.id)).toMatchObject({
      stepId: 2,
      waitReason: "delay",
      wakeAt: iso(doneAt + hourMs),
    });
    await desk.pass(hourMs);
    expect(await desk.taskOf(enrolled.id)).toMatchObject({ stepId: 2 });
  });

  test.each(taskOutcomes)(
    "with the outcome %s: a meeting, a no and a wrong number end the sequence",
    async (outcome) => {
      const { enrolled, task } = await atTask();
      expect((await act(task.id, "done", { outcome })).body).toMatchObject({ status: "done", outcome });
      const ended = {
        meeting_booked: { status: "completed", reason: "meeting_booked" },
        not_interested: { status: "completed", reason: "replied", detail: "Task outcome: not interested" },
        wrong_number: { status: "canceled", reason: "manual", detail: "Task outcome: wrong number" },
      };
      expect(await desk.get(enrolled.id)).toMatchObject(
        outcome in ended ? ended[outcome as keyof typeof ended] : { status: "active", stepId: 2 },
      );
      expect((await desk.client("tasks.get", { params: { id: task.id } })).status).toBe("done");
    },
  );

  test("without a body it is simply completed; the last one completes the enrollment", async () => {
    const { enrolled, task } = await atTask([call()]);
    expect((await act(task.id, "done")).body).toMatchObject({
      status: "done",
      outcome: "completed",
      note: null,
    });
    expect(await desk.get(enrolled.id)).toMatchObject({ status: "completed", reason: "all_steps_done" });
    expect(await desk.events(enrolled)).toEqual([
      "enrollment.created",
      "task.created",
      "task.done",
      "enrollment.completed",
    ]);
  });

  test("twice is told, and counts once; of ten at once one wins", async () => {
    const { enrolled, task } = await atTask();
    const replies = await Promise.all(Array.from({ length: 10 }, () => act(task.id, "done")));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)]);
    expect(new Set(replies.flatMap(({ body }) => body.code ?? []))).toEqual(new Set(["task_not_open"]));
    for (const what of ["done", "skip"] as const) {
      expect((await act(task.id, what)).body.code).toBe("task_not_open");
    }
    expect((await act(task.id, "snooze", { untilAt: iso(monday + dayMs) })).body.code).toBe("task_not_open");
    expect((await desk.events(enrolled)).filter((type) => type === "task.done")).toHaveLength(1);
    const { steps } = await desk.client("sequences.numbers", { params: { id: enrolled.sequenceId } });
    expect(steps).toMatchObject([{ stepId: 1, tasksDone: 1 }]);
    expect(await desk.get(enrolled.id)).toMatchObject({ stepId: 2 });
  });

  test("while the enrollment is paused: it stands on the next step, still paused, and the whole delay is left", async () => {
    const { enrolled, task } = await atTask();
    await desk.client("enrollments.pause", { params: { id: enrolled.id } });
    expect((await act(task.id, "done")).status).toBe(200);
    expect(await desk.get(enrolled.id)).toMatchObject({
      status: "paused",
      reason: "manual",
      stepId: 2,
      wakeAt: null,
    });
    await desk.pass(5 * dayMs);
    await desk.client("enrollments.resume", { params: { id: enrolled.id } });
    await desk.run();
    expect((await desk.get(enrolled.id)).wakeAt).toBe(iso(desk.system.clock.at + hourMs));
  });

  test("a task of an enrollment that ended, or was moved on, is not open any more", async () => {
    const { enrolled, task } = await atTask();
    await desk.client("enrollments.skip", { params: { id: enrolled.id } });
    expect((await act(task.id, "done")).body.code).toBe("task_not_open");
    const other = await atTask();
    await desk.client("enrollments.cancel", { params: { id: other.enrolled.id } });
    for (const what of ["done", "skip"] as const) {
      expect((await act(other.task.id, what)).body.code).toBe("task_not_open");
    }
    expect(await desk.get(other.enrolled.id)).toMatchObject({ status: "canceled", reason: "manual" });
  });

  test.each<[string, unknown, string]>([
    ["an unknown outcome", { outcome: "maybe" }, "/outcome"],
    ["a NUL in the note", { note: "a\u0000b" }, "/note"],
    ["a note over 2,000 characters", { note: "x".repeat(2_001) }, "/note"],
    ["an unknown field", { result: "x" }, "/result"],
  ])("refuses %s", async (_, body, pointer) => {
    const { task } = await atTask();
    const reply = await act(task.id, "done", body);
    expect([reply.status, pointersOf(reply)]).toEqual([422, [pointer]]);
    expect((await desk.client("tasks.get", { params: { id: task.id } })).status).toBe("open");
  });
});

describe("skip and snooze", () => {
  test("a skipped task lets the sequence go on, and is counted as skipped", async () => {
    const { enrolled, task } = await atTask();
    expect((await act(task.id, "skip", { note: "No number" })).body).toMatchObject({
      status: "skipped",
      outcome: null,
      note: "No number",
      doneAt: iso(desk.system.clock.at),
    });
    expect(await desk.get(enrolled.id)).toMatchObject({ status: "active", stepId: 2 });
    const { steps } = await desk.client("sequences.numbers", { params: { id: enrolled.sequenceId } });
    expect(steps).toMatchObject([{ stepId: 1, tasksDone: 0, tasksSkipped: 1 }]);
  });

  test("a snoozed task is due later, and the sequence keeps waiting for it", async () => {
    const { enrolled, task } = await atTask();
    const until = iso(monday + 3 * dayMs);
    expect((await act(task.id, "snooze", { untilAt: until })).body).toMatchObject({
      status: "open",
      dueAt: until,
      rev: 2,
    });
    await desk.pass(2 * dayMs);
    expect(await desk.get(enrolled.id)).toMatchObject({ stepId: 1, waitReason: "task_open" });
    expect(await desk.explain(enrolled.id)).toMatchObject({ rule: "task_open", value: until });
    await desk.pass(7 * dayMs);
    expect((await desk.taskOf(enrolled.id)).status).toBe("open");
    expect(await desk.events(enrolled)).toEqual(["enrollment.created", "task.created", "task.snoozed"]);
  });

  test("an instant that is over is refused", async () => {
    const { task } = await atTask();
    const reply = await act(task.id, "snooze", { untilAt: iso(monday) });
    expect([reply.status, pointersOf(reply)]).toEqual([422, ["/untilAt"]]);
    expect(pointersOf(await act(task.id, "snooze", {}))).toEqual(["/untilAt"]);
  });
});

describe("approving a manual email", () => {
  const draft = { subject: "A word, Dana", body: "Hi Dana,\n\nas you asked." };

  test("sends these very words, from the enrollment's mailbox, and the sequence goes on from when it left", async () => {
    const { enrolled, task } = await atTask([manualMail(), followUp({ subject: "Next" })]);
    expect(task).toMatchObject({
      type: "email_manual",
      subject: "A word, Dana",
      body: "Hi Dana, in person.",
    });
    const { status, body } = await act(task.id, "approval", draft);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "done", outcome: "completed" });
    expect(await desk.explain(enrolled.id)).toMatchObject({ rule: "send_in_flight" });
    await desk.pass(minuteMs);
    const [sent] = desk.system.delivered;
    expect(headerOf(sent!, "subject")).toBe("A word, Dana");
    expect(textOf(sent!)).toContain("Hi Dana,\r\n\r\nas you asked.\r\n");
    expect(sent!.to).toBe(task.contact!.email);
    const left = desk.system.clock.at;
    expect(await desk.get(enrolled.id)).toMatchObject({ stepId: 2, wakeAt: iso(left + 2 * dayMs) });
    await desk.pass(2 * dayMs);
    expect(await desk.sendsOf(enrolled.id)).toMatchObject([
      { stepId: 1, state: "sent" },
      { stepId: 2, state: "sent" },
    ]);
  });

  test("a follow-up stands in the thread of the mail before", async () => {
    const enrolled = await oneEnrolled(desk, [mail(), manualMail({ subject: null, delay: at(1, "hours") })]);
    await desk.run();
    await desk.pass(hourMs);
    const task = await desk.taskOf(enrolled.id);
    expect(task.subject).toBe("Re: Hello Dana");
    await act(task.id, "approval", { subject: task.subject, body: task.body });
    await desk.run();
    const [first, second] = desk.system.delivered;
    expect(headerOf(second!, "in-reply-to")).toBe(first!.messageId);
    expect(headerOf(second!, "references")).toBe(first!.messageId);
    expect(headerOf(second!, "subject")).toBe("Re: Hello Dana");
    expect((await desk.get(enrolled.id)).reason).toBe("all_steps_done");
  });

  test("however long it is, every word of it leaves, and the hash of what was approved is the hash of what was sent", async () => {
    const { enrolled, task } = await atTask([manualMail()]);
    const words = Array.from({ length: 1_800 }, (_, i) => `word${i}`).join(" ");
    expect(words.length).toBeGreaterThan(12_000);
    await act(task.id, "approval", { subject: "Long", body: `${words}\n\nThe end.` });
    const [queued] = await desk.sendsOf(enrolled.id);
    await desk.run();
    const [sent] = await desk.sendsOf(enrolled.id);
    expect([sent!.state, sent!.contentHash]).toEqual(["sent", queued!.contentHash]);
    const text = textOf(desk.system.delivered[0]!).replaceAll("=\r\n", "").replaceAll("\r\n", " ");
    expect(text.includes(words)).toBe(true);
    expect(text).toContain("The end.");
  });

  test("HTML in it is text: markup is escaped", async () => {
    const { task } = await atTask([manualMail()]);
    const body = "<b>bold</b> <script>alert(1)</script>";
    expect((await act(task.id, "approval", { subject: "<i>Hi</i>", body })).status).toBe(200);
    await desk.run();
    const [sent] = desk.system.delivered;
    expect(headerOf(sent!, "subject")).toBe("<i>Hi</i>");
    const text = textOf(sent!).replaceAll("=\r\n", "");
    expect(text).toContain(body);
    expect(text).toContain("&lt;b&gt;bold&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;");
  });

  test.each([
    [{ subject: "S {{ company.name }}" }, "/subject", "{{ company.name }}"],
    [{ body: "Hi {{ contact.first_name }} [NAME]" }, "/body", "{{ contact.first_name }}"],
    [{ body: "Hi [NAME]" }, "/body", "[NAME]"],
    [{ body: "Hi %FIRSTNAME%" }, "/body", "%FIRSTNAME%"],
  ])("%j is not sendable: nobody filled it in, and it is said where", async (wrong, pointer, named) => {
    const { task } = await atTask([manualMail()]);
    const reply = await act(task.id, "approval", { ...draft, ...wrong });
    expect([reply.status, reply.body.code, pointersOf(reply)]).toEqual([
      422,
      "draft_not_sendable",
      [pointer],
    ]);
    expect(reply.body.detail).toContain(named);
    await desk.run();
    expect(desk.system.delivered).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["a header in the subject", { subject: "Hi\r\nBcc: all@buyer.example" }, "/subject"],
    ["a line feed in the subject", { subject: "Hi\nX: y" }, "/subject"],
    ["a NUL in the subject", { subject: "Hi\u0000" }, "/subject"],
    ["a line separator in the subject", { subject: "Hi\u2028Bcc: x" }, "/subject"],
    ["no subject", { subject: " " }, "/subject"],
    ["a subject over 255 characters", { subject: "x".repeat(256) }, "/subject"],
    ["no text", { body: "" }, "/body"],
    ["a NUL in the text", { body: "Hi\u0000" }, "/body"],
    ["a text over 20,000 characters", { body: "x".repeat(20_001) }, "/body"],
  ])("refuses %s, and says where; nothing leaves", async (_, wrong, pointer) => {
    const { enrolled, task } = await atTask([manualMail()]);
    const reply = await act(task.id, "approval", { ...draft, ...wrong });
    expect([reply.status, reply.body.code, pointersOf(reply)]).toEqual([422, "invalid_request", [pointer]]);
    await desk.run();
    expect(desk.system.delivered).toEqual([]);
    expect((await desk.taskOf(enrolled.id)).status).toBe("open");
  });

  test("a text of blanks, or to a person without an address, is not sendable", async () => {
    const { task, enrolled } = await atTask([manualMail()]);
    const blank = await act(task.id, "approval", { subject: "Hi", body: " \n\n " });
    expect([blank.status, blank.body.code]).toEqual([422, "draft_not_sendable"]);
    const contactId = decodeId("ctc", 0, enrolled.contactId) as ContactId;
    await desk.system.db.prepare("UPDATE contacts SET email = NULL WHERE id = ?1").bind(contactId).run();
    expect((await act(task.id, "approval", draft)).body.code).toBe("draft_not_sendable");
    expect((await desk.client("tasks.get", { params: { id: task.id } })).status).toBe("open");
  });

  test("only once: of five at once one mail leaves", async () => {
    const { enrolled, task } = await atTask([manualMail()]);
    const replies = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => act(task.id, "approval", { ...draft, body: `Words ${n}` })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    await desk.run();
    await desk.run();
    expect(desk.system.delivered).toHaveLength(1);
    expect(await desk.sendsOf(enrolled.id)).toHaveLength(1);
  });

  test("a call cannot be approved; a paused enrollment sends nothing", async () => {
    const { task } = await atTask([call()]);
    expect((await act(task.id, "approval", draft)).body.code).toBe("task_not_manual_email");
    const paused = await atTask([manualMail()]);
    await desk.client("enrollments.pause", { params: { id: paused.enrolled.id } });
    const refused = await act(paused.task.id, "approval", draft);
    expect([refused.status, refused.body.code]).toEqual([409, "enrollment_not_active"]);
    expect((await desk.client("tasks.get", { params: { id: paused.task.id } })).status).toBe("open");
  });

  test("taken back before it left, it is put before a person again", async () => {
    const { enrolled, task } = await atTask([manualMail()]);
    await act(task.id, "approval", draft);
    await desk.client("enrollments.pause", { params: { id: enrolled.id } });
    expect(await desk.sendsOf(enrolled.id)).toMatchObject([{ state: "canceled" }]);
    await desk.client("enrollments.resume", { params: { id: enrolled.id } });
    await desk.run();
    const again = await desk.taskOf(enrolled.id);
    expect(again.id).not.toBe(task.id);
    await act(again.id, "approval", draft);
    await desk.run();
    expect(desk.system.delivered).toHaveLength(1);
  });

  test("done is no way to send it: refused with what to do instead", async () => {
    const { enrolled, task } = await atTask([manualMail(), mail()]);
    const reply = await act(task.id, "done");
    expect([reply.status, reply.body.code]).toEqual([409, "task_wants_approval"]);
    expect(reply.body.detail).toContain("Approve it");
    expect((await desk.taskOf(enrolled.id)).status).toBe("open");
  });

  test("sent by hand from elsewhere, nothing is sent and the sequence goes on", async () => {
    const { enrolled, task } = await atTask([manualMail(), call()]);
    await act(task.id, "done", { outcome: "sent_elsewhere" });
    await desk.run();
    expect(desk.system.delivered).toEqual([]);
    expect(await desk.get(enrolled.id)).toMatchObject({ stepId: 2 });
  });
});

test("a task that asks whether a mail arrived wants the settlement, not a tick in a box", async () => {
  desk.system.wire.answer = () => ({ kind: "ambiguous", detail: "lost" });
  const { enrolled, task } = await atTask([mail(), call()]);
  expect(task.purpose).toBe("uncertain_send");
  for (const what of ["done", "skip"] as const) {
    const { status, body } = await act(task.id, what);
    expect([status, body.code]).toEqual([409, "task_wants_settlement"]);
  }
  expect((await act(task.id, "approval", { subject: "x", body: "y" })).body.code).toBe(
    "task_wants_settlement",
  );
  expect((await act(task.id, "snooze", { untilAt: iso(monday + dayMs) })).status).toBe(200);
  const [send] = await desk.sendsOf(enrolled.id);
  await desk.client("sends.settle", { params: { id: send!.id }, body: { arrived: true } });
  expect((await desk.client("tasks.get", { params: { id: task.id } })).status).toBe("done");
});

describe("what people write stays text", () => {
  const hostile = "'); DROP TABLE sends; -- {{ contact.email }} {% raw %} <script>alert(1)</script> \"&";

  test("SQL, Liquid and markup in names, notes and fields come out as they went in, and are escaped in HTML", async () => {
    const contact = await desk.client("contacts.create", {
      body: { email: "evil@buyer.example", firstName: hostile, custom: { note: hostile } },
    });
    const sequenceId = await desk.published(
      [
        mail({
          name: hostile,
          subject: "Hi {{ contact.first_name }}",
          body: "Note: {{ contact.custom.note }}",
        }),
        call({ name: hostile }),
      ],
      { name: hostile },
    );
    const enrolled = await desk.enroll(sequenceId, contact.contact.id);
    await desk.pass(minuteMs);
    await desk.run();
    const [sent] = desk.system.delivered;
    expect(headerOf(sent!, "subject")).toBe(`Hi ${hostile}`);
    const text = textOf(sent!).replaceAll("=\r\n", "").replaceAll("=3D", "=");
    expect(text).toContain(`Note: ${hostile}`);
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &quot;&amp;");
    expect(text.split("text/html")[1]).not.toContain("<script>");
    const task = await desk.taskOf(enrolled.id);
    expect(task.title).toBe(`Call ${hostile}`);
    expect((await act(task.id, "done", { note: hostile })).body.note).toBe(hostile);
    expect((await desk.call("GET", `/v1/sequences/${sequenceId}`)).body.name).toBe(hostile);
    const { touches } = await desk.client("sequences.preview", {
      params: { id: sequenceId },
      body: { contactId: contact.contact.id },
    });
    expect(touches[0]).toMatchObject({ stepName: hostile, mail: { subject: `Hi ${hostile}` } });
    expect(touches[0]!.mail!.html).not.toContain("<script>");
  });

  test.each<[string, Parameters<Desk["person"]>[0], string]>([
    [
      "a line break in a name that the subject says",
      { firstName: "Dana\r\nBcc: all@buyer.example" },
      "Hi {{ contact.first_name }}",
    ],
    ["a NUL in a name that the subject says", { firstName: "Da\u0000na" }, "Hi {{ contact.first_name }}"],
    [
      "a line break in a field that the subject says",
      { custom: { plan: "pro\nBcc: x@y.example" } },
      "On {{ contact.custom.plan }}",
    ],
    ["a line break in the recipient's own name", { lastName: "Silva\r\nBcc: all@buyer.example" }, "Hello"],
    ["a subject far too long", { custom: { plan: "x".repeat(1_900) } }, "On {{ contact.custom.plan }}"],
  ])(
    "%s never reaches the wire: the person is parked with the reason, and the others go on",
    async (_, values, subject) => {
      // Straight into the database: the API takes no such name.
      const bad = await oneEnrolled(desk, [mail({ subject })], values);
      const good = await oneEnrolled(desk, [mail()]);
      await desk.run();
      expect(await desk.get(bad.id)).toMatchObject({
        status: "paused",
        reason: "parked",
        detail: expect.stringMatching(/holds|longer/),
      });
      expect((await desk.get(good.id)).status).toBe("completed");
      expect(desk.system.delivered).toHaveLength(1);
      expect(textOf(desk.system.delivered[0]!)).not.toMatch(/^bcc:/im);
      expect(await desk.explain(bad.id)).toMatchObject({ rule: "parked" });
    },
  );

  test("a body of 10 MB is refused before it is read, a very deep one after", async () => {
    const { id } = await desk.draft([mail()]);
    const big = await desk.call(
      "PATCH",
      `/v1/sequences/${id}`,
      JSON.stringify({ name: "x".repeat(10_000_000) }),
    );
    expect([big.status, big.body.code]).toEqual([413, "body_too_large"]);
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    for (const body of [
      deep,
      `{"name":"x","steps":${deep}}`,
      `{"items":[{"person":{"custom":{"a":${deep}}}}]}`,
    ]) {
      for (const path of [
        `/v1/sequences/${id}/enrollments`,
        `/v1/sequences/${id}/enrollments/batch`,
        "/v1/sequences",
      ]) {
        const { status, body: answer } = await desk.call("POST", path, body);
        expect([400, 422, 200]).toContain(status);
        if (status === 200) expect(answer).toMatchObject({ enrolled: 0, items: [{ outcome: "refused" }] });
      }
    }
    expect(desk.system.errors).toEqual([]);
  });
});
