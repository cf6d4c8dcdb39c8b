/** Building sequences over the API: the draft, publishing, pausing, archiving, their numbers, and the preview. */
import { beforeEach, describe, expect, test } from "vitest";
import { encodeId } from "../../src/http/public-id.ts";
import {
  createContact,
  createMailbox,
  createMember,
  dayMs,
  everyPage,
  hourMs,
  iso,
  minuteMs,
  monday,
  sentOutcome,
} from "../world.ts";
import {
  at,
  call,
  type Desk,
  followUp,
  mail,
  manualMail,
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

const create = (body: unknown) => desk.call("POST", "/v1/sequences", body);
const change = (id: string, body: unknown, headers = {}) =>
  desk.call("PATCH", `/v1/sequences/${id}`, body, headers);
const publish = (id: string) => desk.call("POST", `/v1/sequences/${id}/versions`);

describe("the draft", () => {
  test("is created with its steps numbered and everything left out filled in", async () => {
    const { status, body, headers } = await create({
      name: " New lead ",
      steps: [
        { type: "email_auto", name: "Intro", delay: at(0), subject: "Hi", body: "Hello" },
        { type: "call", name: "Call", delay: at(2, "business_days"), title: "Call them" },
        { type: "task", name: "Look", delay: at(1, "hours"), title: "Look them up" },
      ],
    });
    expect(status).toBe(201);
    expect(headers.get("etag")).toBe('"1"');
    expect(body).toMatchObject({
      name: "New lead",
      status: "draft",
      rev: 1,
      versionId: null,
      mailboxId: null,
    });
    expect(body.steps).toEqual([
      { id: 1, type: "email_auto", name: "Intro", delay: at(0), subject: "Hi", body: "Hello" },
      { id: 2, type: "call", name: "Call", delay: at(2, "business_days"), title: "Call them", script: "" },
      {
        id: 3,
        type: "task",
        name: "Look",
        delay: at(1, "hours"),
        title: "Look them up",
        note: "",
        kind: "todo",
      },
    ]);
    expect((await desk.call("GET", `/v1/sequences/${body.id}`)).body).toEqual(body);
  });

  test("a step keeps its id while it is edited and moved, and a number that was used is never used again", async () => {
    const { id, steps } = await desk.draft([mail({ name: "A" }), call({ name: "B" }), todo({ name: "C" })]);
    const [a, b, c] = steps;
    const moved = await change(id, { steps: [c, { ...a, name: "A2" }, mail({ name: "D" })] });
    expect(moved.body.steps.map((step: { id: number; name: string }) => [step.id, step.name])).toEqual([
      [3, "C"],
      [1, "A2"],
      [4, "D"],
    ]);
    expect(pointersOf(await change(id, { steps: [mail(), b] }))).toEqual(["/steps/1/id"]);
    expect((await change(id, { steps: [] })).body.steps).toEqual([]);
    expect((await change(id, { steps: [call()] })).body.steps[0].id).toBe(5);
  });

  test("an id that is not its own, or twice the same, is refused where it stands", async () => {
    expect(pointersOf(await create({ name: "X", steps: [mail({ id: 7 })] }))).toEqual(["/steps/0/id"]);
    const { id, steps } = await desk.draft([mail()]);
    const twice = await change(id, { steps: [steps[0], { ...steps[0], name: "again" }] });
    expect([twice.status, twice.body.code]).toEqual([422, "invalid_request"]);
    expect(pointersOf(twice)).toEqual(["/steps/1/id"]);
    expect((await desk.call("GET", `/v1/sequences/${id}`)).body.steps).toEqual(steps);
  });

  test("what is left out of a change stays", async () => {
    const before = await desk.draft([mail()]);
    const { body } = await change(before.id, { name: "Other" });
    expect(body).toEqual({ ...before, name: "Other", rev: 2, updatedAt: body.updatedAt });
    expect((await change(before.id, { mailboxId: null })).body.mailboxId).toBeNull();
  });

  test("with If-Match, the slower of two editors is told and changes nothing", async () => {
    const { id } = await desk.draft([mail()]);
    const first = await change(id, { name: "First" }, { "if-match": '"1"' });
    expect([first.status, first.headers.get("etag")]).toEqual([200, '"2"']);
    const late = await change(id, { name: "Second" }, { "if-match": '"1"' });
    expect([late.status, late.body.code]).toEqual([412, "revision_conflict"]);
    expect((await desk.call("GET", `/v1/sequences/${id}`)).body.name).toBe("First");
  });

  test("two editors of two fields at once, who name no revision, lose nothing", async () => {
    const { id } = await desk.draft([mail()]);
    const ownerId = encodeId("mbr", 0, await createMember(desk.system, desk.workspace.id));
    const replies = await Promise.all([
      change(id, { name: "Renamed" }),
      change(id, { ownerId }),
      change(id, { steps: [call()] }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { body } = await desk.call("GET", `/v1/sequences/${id}`);
    expect(body).toMatchObject({ name: "Renamed", ownerId, rev: 4, steps: [{ type: "call" }] });
  });

  test.each<[string, unknown[], string]>([
    ["an unclosed tag", [mail(), mail({ body: "{% if contact.title %}Hi" })], "/steps/1/body"],
    ["an unclosed output", [mail({ body: "Hi {{ contact.first_name" })], "/steps/0/body"],
    ["an unknown filter", [mail({ subject: "{{ contact.title | shout }}" })], "/steps/0/subject"],
    ["an unknown tag", [mail({ body: "{% include 'secrets' %}" })], "/steps/0/body"],
    ["a loop without end", [mail({ body: "{% for i in (1..999999999) %}x{% endfor %}" })], "/steps/0/body"],
    [
      "a loop without end behind a merge field",
      [
        mail({
          body: "Hi {{ contact.first_name }}{% for i in (1..99999) %}{% for j in (1..99999) %}x{% endfor %}{% endfor %}",
        }),
      ],
      "/steps/0/body",
    ],
    ["a bad title of a call", [call({ title: "{{ }" })], "/steps/0/title"],
    ["a bad script of a call", [call({ script: "{% endif %}" })], "/steps/0/script"],
    ["a bad title of a task", [todo({ title: "{% if %}" })], "/steps/0/title"],
    ["a bad note of a task", [todo({ note: "{{ contact.custom.x | nope }}" })], "/steps/0/note"],
    ["a text over 20,000 characters", [mail({ body: "x".repeat(20_001) })], "/steps/0/body"],
    ["a script over 20,000 characters", [call({ script: "x".repeat(20_001) })], "/steps/0/script"],
    ["a subject over 1,000 characters", [mail({ subject: "x".repeat(1_001) })], "/steps/0/subject"],
    ["more than 50 steps", Array.from({ length: 51 }, () => mail()), "/steps"],
    ["a negative delay", [mail({ delay: at(-1) })], "/steps/0/delay/amount"],
    ["half a minute", [mail({ delay: at(0.5) })], "/steps/0/delay/amount"],
    ["a delay over a year", [mail({ delay: at(367, "days") })], "/steps/0/delay"],
    ["business days over a year", [mail({ delay: at(262, "business_days") })], "/steps/0/delay"],
    ["an unknown unit", [{ ...mail(), delay: { amount: 1, unit: "weeks" } }], "/steps/0/delay/unit"],
    ["a line break in a subject", [mail({ subject: "Hi\r\nBcc: all@buyer.example" })], "/steps/0/subject"],
    ["a NUL in a text", [mail({ body: "Hi\u0000" })], "/steps/0/body"],
    ["a line break in a step's name", [mail({ name: "Intro\nX" })], "/steps/0/name"],
    ["a step of no known type", [{ ...mail(), type: "fax" }], "/steps/0/type"],
    ["a field of another type of step", [{ ...mail(), script: "x" }], "/steps/0/script"],
    ["a task of no known kind", [{ ...todo(), kind: "pigeon" }], "/steps/0/kind"],
  ])("refuses %s, and says where", async (_, steps, pointer) => {
    const reply = await create({ name: "X", steps });
    expect([reply.status, reply.body.code]).toEqual([422, "invalid_request"]);
    expect(pointersOf(reply)).toEqual([pointer]);
    expect(reply.body.errors[0].detail).toMatch(/\w/);
  });

  test("names every bad template at once, each with its line", async () => {
    const reply = await create({
      name: "X",
      steps: [mail({ subject: "{{ a | b }}", body: "fine\n{{ c | d }}" }), call({ title: "{% x %}" })],
    });
    expect(pointersOf(reply)).toEqual(["/steps/0/subject", "/steps/0/body", "/steps/1/title"]);
    expect(reply.body.errors[1].detail).toContain("line 2");
  });

  test("takes what is at the limits: 50 steps, 20,000 characters, a year", async () => {
    const steps = Array.from({ length: 50 }, (_, i) =>
      mail({ delay: at(i === 0 ? 0 : 366, "days"), body: i === 1 ? "x".repeat(20_000) : "Hi" }),
    );
    expect((await create({ name: "X", steps })).status).toBe(201);
  });

  test.each(["mailboxId", "scheduleId", "ownerId"] as const)(
    "refuses another workspace's %s",
    async (field) => {
      const other = await openDesk(desk);
      const foreign = {
        mailboxId: other.mailboxId,
        scheduleId: other.scheduleId,
        ownerId: encodeId("mbr", 0, other.workspace.adminId),
      };
      const reply = await create({ name: "X", [field]: foreign[field] });
      expect([reply.status, pointersOf(reply)]).toEqual([404, [`/${field}`]]);
      const { id } = await desk.draft([mail()]);
      expect((await change(id, { [field]: foreign[field] })).status).toBe(404);
    },
  );
});

describe("listing", () => {
  test("newest first, page by page, by status, with how many people are in each", async () => {
    const ids = [
      await desk.published([call()]),
      (await desk.draft([mail()])).id,
      await desk.published([mail()]),
    ];
    const people = await Promise.all([1, 2, 3, 4].map(() => desk.person()));
    for (const who of people) await desk.enroll(ids[0]!, who);
    const paused = await desk.enroll(ids[2]!, people[0]!);
    await desk.client("enrollments.pause", { params: { id: paused.id } });
    const listed = await everyPage((cursor) =>
      desk.client("sequences.list", { query: { limit: 2, ...cursor } }),
    );
    expect(
      listed.map(({ id, active, paused, completed, stepCount }) => [
        id,
        active,
        paused,
        completed,
        stepCount,
      ]),
    ).toEqual([
      [ids[2], 0, 1, 0, 1],
      [ids[1], 0, 0, 0, 1],
      [ids[0], 4, 0, 0, 1],
    ]);
    const drafts = await desk.client("sequences.list", { query: { status: "draft" } });
    expect(drafts.items.map(({ id }) => id)).toEqual([ids[1]]);
  });
});

describe("publishing", () => {
  test("refuses a draft that cannot run, with every problem", async () => {
    const { id } = await desk.draft([
      mail({ subject: " ", body: " " }),
      call({ title: " " }),
      todo({ title: "" }),
      mail({ subject: "" }),
      manualMail({ subject: null, body: "" }),
    ]);
    const reply = await publish(id);
    expect([reply.status, reply.body.code]).toEqual([422, "sequence_not_ready"]);
    expect(pointersOf(reply)).toEqual([
      "/steps/0/body",
      "/steps/0/subject",
      "/steps/1/title",
      "/steps/2/title",
      "/steps/4/body",
    ]);
    expect((await desk.call("GET", `/v1/sequences/${id}`)).body).toMatchObject({
      status: "draft",
      versionId: null,
    });
  });

  test("refuses a sequence without a step", async () => {
    const { id } = await desk.draft([]);
    const reply = await publish(id);
    expect([reply.body.code, pointersOf(reply)]).toEqual(["sequence_not_ready", ["/steps"]]);
  });

  test("makes version after version, and none ever changes", async () => {
    const { id } = await desk.draft([mail({ body: "one" })]);
    const first = await publish(id);
    expect(first.status).toBe(201);
    expect(first.body.version).toMatchObject({ number: 1, sequenceId: id, publishedAt: iso(monday) });
    expect(first.body.sequence).toMatchObject({ status: "active", versionId: first.body.version.id });
    await change(id, { name: "Renamed", steps: [mail({ body: "two" })] });
    const second = await publish(id);
    expect(second.body.version).toMatchObject({ number: 2, name: "Renamed", steps: [{ body: "two" }] });
    const { items } = await desk.client("sequences.versions", { params: { id } });
    expect(items).toEqual([second.body.version, first.body.version]);
    const older = await desk.client("sequences.versions", { params: { id }, query: { limit: 1 } });
    const next = await desk.client("sequences.versions", {
      params: { id },
      query: { limit: 1, cursor: older.nextCursor! },
    });
    expect([...older.items, ...next.items].map(({ number }) => number)).toEqual([2, 1]);
    expect(next.nextCursor).toBeNull();
  });

  test("a draft that is published already answers its version and makes no other", async () => {
    const { id } = await desk.draft([mail({ body: "one" })]);
    const first = await publish(id);
    const again = await publish(id);
    expect([again.status, again.body.version]).toEqual([201, first.body.version]);
    await change(id, { name: "Another name" });
    expect((await publish(id)).body.version.number).toBe(2);
    const { items } = await desk.client("sequences.versions", { params: { id } });
    expect(items).toHaveLength(2);
  });

  test("two publishes at once give two numbers or one conflict, never one number twice", async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await desk.draft([mail()]);
      const replies = await Promise.all([publish(id), publish(id), publish(id)]);
      const made = replies.filter(({ status }) => status === 201).map(({ body }) => body.version.number);
      const refused = replies.filter(({ status }) => status !== 201).map(({ body }) => body.code);
      const { items } = await desk.client("sequences.versions", { params: { id } });
      expect([...new Set(made)].sort()).toEqual(items.map(({ number }) => number).sort());
      expect(new Set(refused)).toEqual(refused.length ? new Set(["revision_conflict"]) : new Set());
      expect(made.length).toBeGreaterThan(0);
    }
  });

  test("people in flight stay on the version they were enrolled in; new people get the new one", async () => {
    const { id, steps } = await desk.draft([
      mail({ body: "first words" }),
      followUp({ body: "old follow-up" }),
    ]);
    const one = (await publish(id)).body.version;
    const early = await desk.enroll(id, await desk.person());
    await change(id, {
      steps: [
        { ...steps[0], body: "new words" },
        { ...steps[1], body: "new follow-up" },
      ],
    });
    const two = (await publish(id)).body.version;
    const late = await desk.enroll(id, await desk.person());
    expect([early.versionId, late.versionId]).toEqual([one.id, two.id]);
    await desk.pass(minuteMs);
    await desk.pass(2 * dayMs);
    expect(
      desk.system.delivered
        .map(textOf)
        .map((text) => /(first words|new words|old follow-up|new follow-up)/.exec(text)?.[0]),
    ).toEqual(["first words", "new words", "old follow-up", "new follow-up"]);
  });

  test("an archived sequence is neither published nor edited, paused or resumed", async () => {
    const id = await desk.published([mail()]);
    await desk.client("sequences.archive", { params: { id } });
    expect((await publish(id)).body.code).toBe("sequence_archived");
    expect((await change(id, { name: "X" })).body.code).toBe("sequence_archived");
    expect((await desk.call("PUT", `/v1/sequences/${id}/pause`)).body.code).toBe("sequence_not_active");
    expect((await desk.call("DELETE", `/v1/sequences/${id}/pause`)).body.code).toBe("sequence_not_paused");
    expect((await desk.call("PUT", `/v1/sequences/${id}/archive`)).status).toBe(200);
  });
});

describe("pausing a sequence", () => {
  const pause = (id: string) => desk.call("PUT", `/v1/sequences/${id}/pause`);
  const resume = (id: string) => desk.call("DELETE", `/v1/sequences/${id}/pause`);

  test("stops every timer where it stands and resuming lets the rest run: a mail leaves as much later as the pause was long", async () => {
    const id = await desk.published();
    const enrolled = await desk.enroll(id, await desk.person());
    await desk.pass(minuteMs);
    await desk.pass(dayMs);
    expect((await pause(id)).body).toMatchObject({
      status: "paused",
      pausedAt: iso(monday + minuteMs + dayMs),
    });
    expect((await pause(id)).body.code).toBe("sequence_not_active");
    await desk.pass(3 * dayMs);
    expect(await desk.explain(enrolled.id)).toMatchObject({
      status: "active",
      rule: "sequence_paused",
      stepId: 2,
    });
    expect((await resume(id)).body).toMatchObject({ status: "active", pausedAt: null });
    await desk.run();
    const due = monday + minuteMs + 5 * dayMs;
    expect(await desk.get(enrolled.id)).toMatchObject({ waitReason: "delay", wakeAt: iso(due) });
    await desk.pass(dayMs - minuteMs);
    expect(desk.system.delivered).toHaveLength(1);
    await desk.pass(minuteMs);
    expect(desk.system.delivered).toHaveLength(2);
    expect((await resume(id)).body.code).toBe("sequence_not_paused");
  });

  test("holds back what is queued, and takes people in who then wait", async () => {
    const id = await desk.published([mail()]);
    await pause(id);
    const enrolled = await desk.enroll(id, await desk.person());
    await desk.pass(hourMs);
    expect(desk.system.delivered).toEqual([]);
    expect((await desk.explain(enrolled.id)).rule).toBe("sequence_paused");
    await resume(id);
    await desk.run();
    await desk.pass(minuteMs);
    expect(desk.system.delivered).toHaveLength(1);
  });

  test("a pause that meets an edit at the same moment lands, and so does the edit", async () => {
    const id = await desk.published();
    const enrolled = await desk.enroll(id, await desk.person());
    const [edited, paused] = await Promise.all([change(id, { name: "Edited" }), pause(id)]);
    expect([edited.status, paused.status]).toEqual([200, 200]);
    expect((await desk.call("GET", `/v1/sequences/${id}`)).body).toMatchObject({
      name: "Edited",
      status: "paused",
    });
    expect((await desk.get(enrolled.id)).waitReason).toBe("sequence_paused");
  });

  test("of two pauses at once one lands and one is told", async () => {
    const id = await desk.published();
    const replies = await Promise.all([pause(id), pause(id)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe("archiving a sequence", () => {
  test("ends everybody in it, those who are paused as well, and takes nobody in", async () => {
    const id = await desk.published();
    const [waiting, paused, atTask] = await Promise.all(
      [1, 2, 3].map(async () => desk.enroll(id, await desk.person())),
    );
    await desk.client("enrollments.pause", { params: { id: paused!.id } });
    const reply = await desk.call("PUT", `/v1/sequences/${id}/archive`);
    expect(reply.body.status).toBe("archived");
    await desk.run();
    for (const { id: enrollmentId } of [waiting!, paused!, atTask!]) {
      expect(await desk.get(enrollmentId)).toMatchObject({
        status: "canceled",
        reason: "sequence_archived",
        wakeAt: null,
      });
    }
    await desk.pass(7 * dayMs);
    expect(desk.system.delivered).toEqual([]);
    const refused = await desk.call("POST", `/v1/sequences/${id}/enrollments`, {
      contactId: await desk.person(),
    });
    expect(refused.body.code).toBe("sequence_archived");
  });

  test("closes the tasks people were given", async () => {
    const id = await desk.published([call(), call()]);
    const enrolled = await desk.enroll(id, await desk.person());
    await desk.pass(minuteMs);
    const task = await desk.taskOf(enrolled.id);
    await desk.client("sequences.archive", { params: { id } });
    await desk.run();
    expect((await desk.client("tasks.get", { params: { id: task.id } })).status).toBe("skipped");
    expect(await desk.get(enrolled.id)).toMatchObject({ status: "canceled", reason: "sequence_archived" });
  });
});

test("the numbers count what happened per step, over all versions", async () => {
  const { id, steps } = await desk.draft([mail(), call(), todo()]);
  await publish(id);
  expect((await desk.client("sequences.numbers", { params: { id } })).steps).toEqual([]);
  const early = await desk.enroll(id, await desk.person());
  await change(id, { steps: [{ ...steps[0], body: "again" }, steps[1], steps[2]] });
  await publish(id);
  const late = await desk.enroll(id, await desk.person());
  await desk.pass(minuteMs);
  await desk.run();
  for (const { id: enrollmentId } of [early, late]) {
    await desk.client("tasks.done", { params: { id: (await desk.taskOf(enrollmentId)).id } });
  }
  await desk.run();
  await desk.client("tasks.skip", { params: { id: (await desk.taskOf(early.id)).id } });
  const nothing = { sent: 0, failed: 0, uncertain: 0, replied: 0, bounced: 0, tasksDone: 0, tasksSkipped: 0 };
  expect((await desk.client("sequences.numbers", { params: { id } })).steps).toEqual([
    { ...nothing, stepId: 1, sent: 2 },
    { ...nothing, stepId: 2, tasksDone: 2 },
    { ...nothing, stepId: 3, tasksSkipped: 1 },
  ]);
});

describe("the preview", () => {
  const preview = (id: string, body: unknown) => desk.call("POST", `/v1/sequences/${id}/preview`, body);

  test("shows every touch of somebody who is not enrolled, with every text rendered, and writes nothing", async () => {
    const id = await desk.published([
      mail({ subject: "About {{ company.name | default: 'you' }}" }),
      followUp({ delay: at(2, "days"), body: "Still there, {{ contact.first_name }}?" }),
      call({ delay: at(1, "days") }),
      todo({ delay: at(3, "hours") }),
    ]);
    const contactId = await desk.person({ firstName: "Ada" });
    const before = await snapshot();
    const { status, body } = await preview(id, { contactId });
    expect(await snapshot()).toEqual(before);
    expect(status).toBe(200);
    expect(body.zone).toBe("UTC");
    expect(body.problems).toEqual([]);
    const first = monday + minuteMs;
    expect(
      body.touches.map((t: Record<string, unknown>) => [t.stepId, t.type, t.at, t.reason, t.conditional]),
    ).toEqual([
      [1, "email_auto", iso(first), "delay", false],
      [2, "email_auto", iso(first + 2 * dayMs), "delay", false],
      [3, "call", iso(first + 3 * dayMs), "delay", false],
      [4, "task", iso(first + 3 * dayMs + 3 * hourMs), "delay", true],
    ]);
    expect(body.touches[0].mail).toMatchObject({
      subject: "About you",
      text: expect.stringContaining("A few words for Ada."),
    });
    expect(body.touches[0].mail.html).toContain("<p>A few words for Ada.</p>");
    expect(body.touches[1].mail).toMatchObject({
      subject: "Re: About you",
      text: expect.stringContaining("Still there, Ada?"),
    });
    expect(body.touches[2].task).toMatchObject({ title: "Call Ada", body: "Ask who decides." });
    expect(body.touches[3].task).toMatchObject({ title: "Connect with Ada" });
  });

  test("is what then happens, to the minute, also on another day", async () => {
    const id = await desk.published([mail(), followUp(), followUp({ delay: at(3, "business_days") })]);
    const contactId = await desk.person();
    const startAt = iso(monday + 5 * dayMs + 7 * minuteMs);
    const { touches } = (await preview(id, { contactId, startAt })).body;
    expect(touches[0].at).toBe(startAt);
    await desk.enroll(id, { contactId, startAt });
    const seen: string[] = [];
    desk.system.wire.answer = () => {
      seen.push(iso(desk.system.clock.at));
      return sentOutcome;
    };
    for (const touch of touches) {
      desk.system.clock.set(Date.parse(touch.at) - minuteMs);
      await desk.run();
      await desk.pass(minuteMs);
    }
    expect(seen).toEqual(touches.map((touch: { at: string }) => touch.at));
  });

  test("shows the draft as it stands, with what keeps it from being published", async () => {
    const id = await desk.published([mail()]);
    await change(id, { steps: [mail({ subject: "Draft" }), call({ title: "" })] });
    const contactId = await desk.person();
    const published = (await preview(id, { contactId })).body;
    expect(published).toMatchObject({ problems: [], touches: [{ mail: { subject: "Hello Dana" } }] });
    const draft = (await preview(id, { contactId, draft: true })).body;
    expect(draft.touches.map((touch: { stepId: number }) => touch.stepId)).toEqual([2, 3]);
    expect(draft.touches[0].mail.subject).toBe("Draft");
    expect(draft.problems).toEqual([{ pointer: "/steps/1/title", detail: expect.stringContaining("title") }]);
  });

  test("a sequence that was never published is shown as its draft, its first delay too; an empty one has no touch", async () => {
    const { id } = await desk.draft([mail({ delay: at(3, "hours") })]);
    const { touches } = (await preview(id, { contactId: await desk.person() })).body;
    expect(touches.map((touch: { at: string }) => touch.at)).toEqual([iso(monday + minuteMs + 3 * hourMs)]);
    const empty = await desk.draft([]);
    const { body } = await preview(empty.id, { contactId: await desk.person() });
    expect(body).toMatchObject({ touches: [], problems: [{ pointer: "/steps" }] });
  });

  test("names the missing variable, at the step that misses it, and goes no further", async () => {
    const id = await desk.published([mail(), followUp({ body: "As {{ contact.title }} you know." }), call()]);
    const { touches } = (await preview(id, { contactId: await desk.person({ title: " " }) })).body;
    expect(touches[1]).toMatchObject({
      stepId: 2,
      mail: null,
      problem: { reason: "missing_variable", detail: "contact.title" },
    });
  });

  test("says why nothing would be sent: no address, suppressed, no mailbox", async () => {
    const id = await desk.published([mail()]);
    const noEmail = (await preview(id, { contactId: await desk.person({ email: null }) })).body;
    expect(noEmail.touches[0].problem).toEqual({ reason: "missing_variable", detail: "contact.email" });
    const contactId = await desk.person({ email: "gone@blocked.example" });
    await desk.client("suppressions.create", { body: { kind: "domain", value: "blocked.example" } });
    const suppressed = (await preview(id, { contactId })).body;
    expect(suppressed).toMatchObject({
      touches: [],
      problems: [{ pointer: "/contactId", detail: expect.stringContaining("suppress") }],
    });
  });

  test("plans an enrolled person as if anew, a paused sequence as if it ran, a held person from the hold's end", async () => {
    const id = await desk.published();
    const contactId = await desk.person();
    await desk.enroll(id, contactId);
    await desk.pass(minuteMs);
    await desk.client("sequences.pause", { params: { id } });
    const again = (await preview(id, { contactId })).body;
    expect(again.touches.map((touch: { at: string }) => touch.at)).toEqual([
      iso(monday + 2 * minuteMs),
      iso(monday + 2 * minuteMs + 2 * dayMs),
    ]);
    const untilAt = iso(monday + 10 * dayMs);
    await desk.client("holds.place", { params: { id: contactId }, body: { untilAt } });
    const held = (await preview(id, { contactId })).body;
    // What was left of the wait when the hold began, the minute in which an enrollment can be taken back, runs after it.
    expect(held.touches[0].at).toBe(iso(monday + 10 * dayMs + minuteMs));
  });

  test("speaks as the mailbox and the deal that are asked for, and never of another workspace's", async () => {
    const id = await desk.published([mail({ subject: "{{ deal.name }} from {{ sender.name }}" })]);
    const contactId = await desk.person();
    const deal = await desk.client("deals.create", { body: { name: "Big one" } });
    const mailboxId = encodeId(
      "mbx",
      0,
      await createMailbox(desk.system, desk.workspace.id, { name: "Sam Seller" }),
    );
    const { touches } = (await preview(id, { contactId, dealId: deal.id, mailboxId })).body;
    expect(touches[0].mail.subject).toBe("Big one from Sam Seller");

    const other = await openDesk(desk);
    const theirs = await other.client("deals.create", { body: { name: "Secret merger" } });
    const refused = await preview(id, { contactId, dealId: theirs.id });
    expect([refused.status, refused.body.code]).toEqual([404, "deal_not_found"]);
    expect((await preview(id, { contactId, mailboxId: other.mailboxId })).body.code).toBe(
      "mailbox_not_found",
    );
    const stranger = encodeId("ctc", 0, await createContact(desk.system, other.workspace.id));
    expect((await preview(id, { contactId: stranger })).body.code).toBe("contact_not_found");
  });
});
