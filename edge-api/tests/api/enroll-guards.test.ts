/** Whom enrolling would embarrass: who answered before, who is us, who is in other sequences, and what refusing leaves. */
import { beforeEach, describe, expect, test } from "vitest";
import { listCandidates } from "../../src/db/enroll-candidates.ts";
import { decodeId } from "../../src/http/public-id.ts";
import { dayMs, minuteMs, unique } from "../world.ts";
import { call, type Desk, mail, oneEnrolled, openDesk, openOnlyDesk, snapshot } from "./desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openOnlyDesk();
});

const ask = (sequenceId: string, body: unknown, of: Desk = desk) =>
  of.call("POST", `/v1/sequences/${sequenceId}/enrollments`, body);
const askMany = (sequenceId: string, items: unknown[], more = {}) =>
  desk.call("POST", `/v1/sequences/${sequenceId}/enrollments/batch`, { items, ...more });
const answer = (messageId: string, from: string, text: string) =>
  desk.call(
    "POST",
    "/v1/inbound",
    `From: ${from}\r\nTo: robin@seller.example\r\nSubject: Re: Hello\r\nMessage-ID: <${unique("in")}@b.example>\r\nIn-Reply-To: ${messageId}\r\n\r\n${text}\r\n`,
    { "content-type": "message/rfc822" },
  );

/** Somebody who got the first mail. */
async function mailed() {
  const enrolled = await oneEnrolled(desk);
  await desk.run();
  const { messageId, to } = desk.system.delivered.at(-1)!;
  return { ...enrolled, messageId, address: to };
}

describe("who was in this sequence before", () => {
  test("and answered is refused with the reason and the day, one by one and in a batch, unless again is said", async () => {
    const { sequenceId, contactId, messageId, address } = await mailed();
    await answer(messageId, address, "Let me think about it.");
    const refused = await ask(sequenceId, { contactId });
    expect([refused.status, refused.body.code]).toEqual([409, "enrolled_before"]);
    expect(refused.body.detail).toContain("until 2026-11-23: they answered");
    const batch = (await askMany(sequenceId, [{ contactId }, { person: { email: address } }])).body;
    expect(batch.items.map(({ code }: { code: string }) => code)).toEqual([
      "enrolled_before",
      "enrolled_before",
    ]);
    expect((await askMany(sequenceId, [{ contactId }], { again: true })).body.enrolled).toBe(1);
  });

  test("and got all of it is refused too; in another sequence they may be", async () => {
    const sequenceId = await desk.published([mail()]);
    const contactId = await desk.person();
    const { id } = await desk.enroll(sequenceId, contactId);
    await desk.pass(minuteMs);
    expect(await desk.get(id)).toMatchObject({ reason: "all_steps_done" });
    const refused = await ask(sequenceId, { contactId });
    expect(refused.body).toMatchObject({
      code: "enrolled_before",
      detail: expect.stringContaining("all of it"),
    });
    expect((await ask(await desk.published(), { contactId })).status).toBe(201);
    expect((await ask(sequenceId, { contactId, again: true })).status).toBe(201);
  });

  test("and was taken out by hand may be enrolled again", async () => {
    const sequenceId = await desk.published();
    const contactId = await desk.person();
    const { id } = await desk.enroll(sequenceId, contactId);
    await desk.client("enrollments.cancel", { params: { id } });
    expect((await ask(sequenceId, { contactId })).status).toBe(201);
  });

  test("and wrote that they want to be left alone is suppressed: again opens nothing", async () => {
    const { id, sequenceId, contactId, messageId, address } = await mailed();
    const { body } = await answer(messageId, address, "Please remove me from your list. STOP");
    expect(body.replyClass).toBe("unsubscribe_request");
    expect(await desk.get(id)).toMatchObject({ status: "canceled", reason: "opted_out" });
    const refused = await ask(sequenceId, { contactId, again: true });
    expect(refused.body).toMatchObject({
      code: "suppressed",
      detail: `${address} is on the suppression list.`,
    });
    // Taken off the list by a person, they still had asked for it.
    const { items } = await desk.client("suppressions.list", { query: { value: address } });
    await desk.client("suppressions.delete", { params: { id: items[0]!.id } });
    expect((await ask(sequenceId, { contactId })).body.code).toBe("enrolled_before");
  });
});

describe("what a call ended with", () => {
  test.each([
    ["not_interested", { status: "completed", reason: "replied", detail: "Task outcome: not interested" }],
    ["wrong_number", { status: "canceled", reason: "manual", detail: "Task outcome: wrong number" }],
  ] as const)("%s: the sequence ends, and no mail follows", async (outcome, end) => {
    const { id } = await oneEnrolled(desk, [call(), mail()]);
    await desk.run();
    await desk.client("tasks.done", { params: { id: (await desk.taskOf(id)).id }, body: { outcome } });
    expect(await desk.get(id)).toMatchObject(end);
    await desk.pass(20 * dayMs);
    expect(desk.system.delivered).toHaveLength(0);
  });
});

test("a task that ends with its sequence says so in the timeline, with why", async () => {
  const { id, contactId } = await oneEnrolled(desk, [call(), mail()]);
  await desk.run();
  const { title } = await desk.taskOf(id);
  await desk.client("enrollments.cancel", { params: { id } });
  const { items } = await desk.client("contacts.timeline", { params: { id: contactId } });
  const told = items.filter(({ type }) => type === "task.skipped");
  expect(told).toMatchObject([{ enrollmentId: id, data: { title, why: "manual" } }]);
});

describe("a refused enrollment", () => {
  test("writes nothing: not the person's new name, nor a new person", async () => {
    const sequenceId = await desk.published([mail()]);
    const email = `${unique("dana")}@acme.example`;
    const made = await desk.enroll(sequenceId, { person: { email, firstName: "Dana" } });
    await desk.client("suppressions.create", { body: { kind: "domain", value: "gmail.example" } });
    const before = await snapshot();
    const again = await ask(sequenceId, {
      person: { email: email.toUpperCase(), firstName: "D", title: "CEO" },
    });
    expect([again.status, again.body.code]).toEqual([409, "already_enrolled"]);
    const unwanted = { person: { email: "exp@gmail.example" } };
    expect((await ask(sequenceId, unwanted)).body.code).toBe("suppressed");
    const { items } = (await askMany(sequenceId, [{ person: { email, lastName: "X" } }, unwanted])).body;
    expect(items).toMatchObject([
      { code: "already_enrolled", contactId: made.contactId, pointer: "/items/0" },
      { code: "suppressed", contactId: null, pointer: "/items/1" },
    ]);
    expect(await snapshot()).toEqual(before);
  });

  test("for a domain says that it is the domain", async () => {
    await desk.client("suppressions.create", { body: { kind: "domain", value: "gmail.example" } });
    const contactId = await desk.person({ email: "exp@gmail.example" });
    const sequenceId = await desk.published();
    const { body } = await ask(sequenceId, { contactId });
    expect(body.detail).toContain("whole domain gmail.example is on the suppression list");
    const preview = await desk.call("POST", `/v1/sequences/${sequenceId}/preview`, { contactId });
    expect(JSON.stringify(preview.body.problems)).toContain("whole domain gmail.example");
  });

  test("own_address: a mailbox of the workspace is nobody to write to, known here or not", async () => {
    const { address } = await desk.client("mailboxes.get", { params: { id: desk.mailboxId } });
    const sequenceId = await desk.published();
    expect((await ask(sequenceId, { person: { email: address } })).body.code).toBe("own_address");
    const contactId = await desk.person({ email: address });
    expect((await ask(sequenceId, { contactId })).body.code).toBe("own_address");
    const other = await openDesk(desk);
    const theirs = await ask(await other.published(), { person: { email: address } }, other);
    expect(theirs.status).toBe(201);
  });
});

describe("what whoever enrolls should know", () => {
  test("the other sequences the person is in, by name; an ended one is none", async () => {
    const contactId = await desk.person();
    const [first, second, third] = await Promise.all([
      desk.published([mail()], { name: "Onboarding" }),
      desk.published([mail()], { name: "Winback" }),
      desk.published([mail()], { name: "Renewals" }),
    ]);
    expect((await ask(first!, { contactId })).body.warnings).toEqual([]);
    const { id } = await desk.enroll(second!, contactId);
    await desk.client("enrollments.cancel", { params: { id } });
    const also = { code: "also_in", detail: 'This person is also in "Onboarding".' };
    expect((await ask(third!, { contactId })).body.warnings).toEqual([also]);
    const { items } = (await askMany(second!, [{ contactId }])).body;
    expect(items[0].warnings[0].detail).toMatch(/"Onboarding".*"Renewals"|"Renewals".*"Onboarding"/);
  });

  test("a private sequence is counted and not named to whom it is hidden from", async () => {
    const contactId = await desk.person();
    const hidden = await desk.published([mail()], { name: "Secret", visibility: "private" });
    await desk.enroll(hidden, contactId);
    const workspaceId = desk.workspace.id;
    const [row] = await listCandidates(
      desk.system.db,
      { workspaceId, name: "mbr", memberId: null, role: "viewer", reach: "shared" },
      [decodeId("ctc", 0, contactId)!],
      0 as never,
      desk.system.now(),
    );
    expect(row!.alsoIn).toEqual([null]);
  });

  test.each(["no-reply", "noreply", "info", "sales+eu"])("%s@ is nobody in particular", async (local) => {
    const sequenceId = await desk.published();
    const { status, body } = await ask(sequenceId, { person: { email: `${local}@${unique()}.example` } });
    expect([status, body.warnings[0].code]).toEqual([201, "role_address"]);
  });
});
