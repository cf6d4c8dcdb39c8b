/** Erasing a person: nothing that says who they are is left in any table, whatever was under way; and they stay out. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { changeContact } from "../../src/commands/contact-changes.ts";
import { createContacts } from "../../src/commands/contacts.ts";
import { createDeal } from "../../src/commands/deals.ts";
import { enroll } from "../../src/commands/enrolling.ts";
import { cancelEnrollment, pauseEnrollment, reopenEnrollment } from "../../src/commands/enrollments.ts";
import { eraseContact } from "../../src/commands/erasure.ts";
import { hold } from "../../src/commands/holds.ts";
import { erasedKeys } from "../../src/commands/ports.ts";
import { createSequence, publishSequence } from "../../src/commands/sequences.ts";
import { liftSuppression, suppressAddress } from "../../src/commands/suppressions.ts";
import { finishTask } from "../../src/commands/tasks.ts";
import { reauthorise } from "../../src/db/claims.ts";
import { loadHealth } from "../../src/db/health.ts";
import { listOutbox } from "../../src/db/sends.ts";
import type { ContactId } from "../../src/domain/ids.ts";
import { domainOf } from "../../src/domain/message.ts";
import type { System } from "../../src/domain/system.ts";
import type { WireOutcome } from "../../src/domain/transport.ts";
import { decodeId, encodeId } from "../../src/http/public-id.ts";
import { ingestRaw } from "../../src/ingest-raw.ts";
import { ingestDeps, optOut, runEngine } from "../../src/run.ts";
import {
  call,
  type Desk,
  followUp,
  headerOf,
  mail,
  manualMail,
  openDesk,
  openOnlyDesk,
  snapshot,
  textOf,
} from "../api/desk.ts";
import { failingAt, metered, overtakenAt } from "../engine/d1.ts";
import {
  call as callStep,
  calm,
  delivered,
  email as emailStep,
  enrollmentOf,
  recovered,
  type Stage,
  sendsOf,
  stage,
  tasksOf,
  ticked,
} from "../engine/stage.ts";
import { dayMs, hourMs, minuteMs, unique } from "../world.ts";

/** Words nobody else has, and no other test, in every field a person can have something in. */
function plant() {
  const n = unique("xq").slice(3);
  return {
    email: `xenia.quill@planted-${n}.example`,
    other: `xq-private-${n}@elsewhere.example`,
    firstName: `Xenia-${n}`,
    lastName: `Quillfeather-${n}`,
    title: `Zeppelinmeister-${n}`,
    phone: `+351 555 019 ${n}-733`,
    linkedinUrl: `https://linkedin.example/in/xquillfeather-${n}`,
    custom: `allergic-to-walnuts-${n}`,
    reference: `lead-xq-${n}`,
    note: `rang-about-the-zeppelin-${n}`,
  };
}
let planted = plant();
beforeEach(async () => {
  await calm();
  planted = plant();
});

/** Where any of these words stands, in any column of any table. */
async function found(these: string[] = Object.values(planted)): Promise<string[]> {
  const { results: tables } = await env.DB.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\'
     AND name NOT LIKE 'd1\\_%' ESCAPE '\\'`,
  ).all<{ name: string }>();
  const rows = await env.DB.batch(tables.map(({ name }) => env.DB.prepare(`SELECT * FROM "${name}"`)));
  return rows.flatMap(({ results }, place) => {
    const text = JSON.stringify(results).toLowerCase();
    return these.flatMap((word) =>
      text.includes(word.toLowerCase()) ? [`${tables[place]!.name} holds ${word}`] : [],
    );
  });
}

const input = () => ({
  email: planted.email,
  otherEmails: [planted.other],
  firstName: planted.firstName,
  lastName: planted.lastName,
  title: planted.title,
  phone: planted.phone,
  linkedinUrl: planted.linkedinUrl,
  companyName: "Acme",
  timeZone: "Europe/Lisbon",
  country: "PT",
  locale: "pt-PT",
  custom: { secret: planted.custom },
  references: [{ system: "hubspot", type: "lead", id: planted.reference }],
});

describe("over the API", () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openOnlyDesk();
  });

  /** Somebody with a mail sent and answered, a call to be made, a hold, a deal, a suppression, and answers kept. */
  async function lived() {
    const { client } = desk;
    const { contact } = (
      await desk.call("POST", "/v1/contacts", input(), { "idempotency-key": `import-${planted.email}` })
    ).body;
    const letter = await desk.published([
      mail({ subject: "For {{ contact.name }}", body: "About {{ contact.custom.secret }}." }),
      followUp(),
    ]);
    const work = await desk.published([
      call({ title: "Call {{ contact.name }}", script: "Number {{ contact.phone }}" }),
    ]);
    const byHand = await desk.published([manualMail({ subject: "{{ contact.first_name }}, by hand" })]);
    const one = await desk.enroll(letter, contact.id);
    const two = await desk.enroll(work, contact.id);
    const three = await desk.enroll(byHand, contact.id);
    await desk.pass(minuteMs);
    const { id: taskId } = await desk.taskOf(two.id);
    await client("tasks.done", {
      params: { id: taskId },
      body: { outcome: "no_answer", note: planted.note },
    });
    const deal = await client("deals.create", { body: { name: "Zeppelins", contactId: contact.id } });
    const lines = [
      `From: ${planted.firstName} <${planted.other}>`,
      `Message-ID: <1.${planted.email}>`,
      `Subject: Re: ${planted.note}`,
      "",
      `Yours, ${planted.lastName}`,
      "",
    ];
    await ingestRaw(desk.system, desk.workspace.id, new TextEncoder().encode(lines.join("\r\n")));
    await desk.enroll(await desk.published([mail({ delay: { amount: 3, unit: "days" } })]), contact.id);
    const untilAt = new Date(desk.system.now() + dayMs).toISOString();
    await client("holds.place", {
      params: { id: contact.id },
      body: { kind: "requested", untilAt, note: planted.note },
    });
    await env.DB.prepare(
      `INSERT INTO notices (workspace_id, member_id, kind, contact_id, data, at) VALUES (?1, ?2, 'reply', ?3, ?4, ?5)`,
    )
      .bind(
        desk.workspace.id,
        desk.workspace.adminId,
        contactKey(contact.id),
        JSON.stringify({ who: planted.lastName }),
        desk.system.now(),
      )
      .run();
    await client("suppressions.create", {
      body: { kind: "address", value: planted.other, note: planted.note },
    });
    await runEngine(desk.system);
    return { contact, one, three, deal };
  }

  const contactKey = (id: string): ContactId => decodeId("ctc", 0, id)!;
  const erase = (id: string) => desk.call("POST", `/v1/contacts/${id}/erasure`);

  test("nothing is left in any table, and what is counted stays", async () => {
    const { contact, one, three, deal } = await lived();
    expect((await found()).length).toBeGreaterThan(20);
    const numbersBefore = await env.DB.prepare("SELECT * FROM step_rollups").all();
    const typesBefore = await env.DB.prepare(
      "SELECT at, type FROM events WHERE contact_id = ?1 ORDER BY at, id",
    )
      .bind(contactKey(contact.id))
      .all();

    const reply = await erase(contact.id);
    expect([reply.status, reply.text]).toEqual([204, ""]);

    expect(await found()).toEqual([]);
    expect((await env.DB.prepare("SELECT * FROM step_rollups").all()).results).toEqual(numbersBefore.results);
    const { results } = await env.DB.prepare(
      "SELECT at, type, data FROM events WHERE contact_id = ?1 ORDER BY at, id",
    )
      .bind(contactKey(contact.id))
      .all<{ at: number; type: string; data: string }>();
    const shown = results.map(({ at, type }) => ({ at, type }));
    expect(shown).toEqual(expect.arrayContaining(typesBefore.results));
    expect(
      shown
        .slice(typesBefore.results.length)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(["contact.erased", "enrollment.canceled"]);
    // The codes that are counted stay, and nothing else.
    const dataOf = (type: string) => results.filter((row) => row.type === type).map(({ data }) => data);
    expect(dataOf("reply.received")).toEqual(['{"class":"human"}']);
    expect(dataOf("task.done")).toContain('{"outcome":"no_answer"}');
    expect(dataOf("contact.erased")).toEqual(["{}"]);

    const canceled = await desk.client("enrollments.list", { query: { contactId: contact.id, limit: 50 } });
    expect(canceled.items.map(({ status }) => status).sort()).toEqual([
      "canceled",
      "completed",
      "completed",
      "completed",
    ]);
    expect(canceled.items.find(({ status }) => status === "canceled")).toMatchObject({
      reason: "contact_erased",
      contact: { email: null, firstName: null, lastName: null },
    });
    expect((await desk.get(one.id)).reason).toBe("replied");
    expect(
      (await desk.client("tasks.list", { query: { enrollmentId: three.id, status: "open" } })).items,
    ).toEqual([]);
    expect((await desk.client("deals.get", { params: { id: deal.id } })).contactId).toBeNull();
  });

  test("the contact is gone for whoever asks, lists or points at it", async () => {
    const { contact, one } = await lived();
    await erase(contact.id);
    for (const path of ["", "/timeline", "/export"]) {
      const reply = await desk.call("GET", `/v1/contacts/${contact.id}${path}`);
      expect([reply.status, reply.body.code, reply.body.detail]).toEqual([
        404,
        "contact_not_found",
        "This contact was erased.",
      ]);
    }
    expect((await desk.call("PATCH", `/v1/contacts/${contact.id}`, { title: "x" })).status).toBe(404);
    const untilAt = new Date(desk.system.now() + dayMs).toISOString();
    const held = await desk.call("PUT", `/v1/contacts/${contact.id}/hold`, { kind: "manual", untilAt });
    expect(held.body.code).toBe("contact_not_found");
    expect((await desk.client("contacts.list", {})).items).toEqual([]);
    expect((await desk.client("contacts.list", { query: { email: planted.email } })).items).toEqual([]);
    const lookup = await desk.call("GET", `/v1/lookup?system=hubspot&type=lead&id=${planted.reference}`);
    expect(lookup.body.code).toBe("reference_not_found");
    const pointed = await desk.call("POST", "/v1/deals", { name: "New", contactId: contact.id });
    expect([pointed.status, pointed.body.errors[0].pointer]).toEqual([404, "/contactId"]);
    const sequenceId = await desk.published([mail()]);
    const enrolled = await desk.call("POST", `/v1/sequences/${sequenceId}/enrollments`, {
      contactId: contact.id,
    });
    expect(enrolled.body.code).toBe("contact_not_found");
    const preview = await desk.call("POST", `/v1/sequences/${sequenceId}/preview`, { contactId: contact.id });
    expect(preview.body.code).toBe("contact_not_found");
    const reopened = await desk.call("DELETE", `/v1/enrollments/${one.id}/end`);
    expect(reopened.body.code).toBe("contact_not_found");
    expect(await found()).toEqual([]);
  });

  test("whoever names the address again is refused, until the suppression is lifted", async () => {
    const { contact } = await lived();
    await erase(contact.id);
    const sequenceId = await desk.published([mail()]);

    const created = await desk.call("POST", "/v1/contacts", input());
    expect([created.status, created.body.code, created.body.errors[0].pointer]).toEqual([
      409,
      "suppressed",
      "/email",
    ]);
    const twin = { firstName: "Other", otherEmails: ["fine@buyer.example", planted.other.toUpperCase()] };
    expect((await desk.call("POST", "/v1/contacts", twin)).body.errors[0].pointer).toBe("/otherEmails/1");
    const { body: batch } = await desk.call("POST", "/v1/contacts/batch", {
      items: [{ email: "fine@buyer.example" }, input()],
    });
    expect(batch.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["created", "refused"]);
    const stranger = await desk.person();
    const patched = await desk.call("PATCH", `/v1/contacts/${stranger}`, { email: planted.email });
    expect([patched.status, patched.body.code]).toEqual([409, "suppressed"]);
    const person = { ...input(), references: [] };
    const enrolled = await desk.call("POST", `/v1/sequences/${sequenceId}/enrollments`, { person });
    expect([enrolled.status, enrolled.body.code]).toEqual([409, "suppressed"]);
    const many = await desk.client("enrollments.createMany", {
      params: { id: sequenceId },
      body: { items: [{ person: input() }, { contactId: stranger }] },
    });
    expect(many.items.map(({ outcome, code }) => code ?? outcome)).toEqual(["suppressed", "enrolled"]);
    expect(await found()).toEqual([]);

    const { items } = await desk.client("suppressions.list", {});
    expect(items.map(({ kind, value, reason, note }) => [kind, value, reason, note])).toEqual([
      ["address", null, "erased", null],
      ["address", null, "erased", null],
    ]);
    const [named] = (await desk.client("suppressions.list", { query: { value: planted.email } })).items;
    expect(named).toMatchObject({ value: null, reason: "erased" });
    // Suppressing it by hand writes it down nowhere.
    const byHand = await desk.client("suppressions.create", {
      body: { kind: "address", value: planted.email },
    });
    expect(byHand).toEqual(named);
    expect(
      (await desk.call("POST", "/v1/suppressions", { kind: "domain", value: "x.example", reason: "erased" }))
        .status,
    ).toBe(422);
    expect(await found()).toEqual([]);

    for (const { id } of items) await desk.client("suppressions.delete", { params: { id } });
    const anew = await desk.client("contacts.create", { body: input() });
    expect(anew.outcome).toBe("created");
    expect(anew.contact.id).not.toBe(contact.id);
    await desk.enroll(sequenceId, anew.contact.id);
  });

  test("the same address in another workspace is nobody's business", async () => {
    const { contact } = await lived();
    const other = await openDesk(desk);
    const theirs = await other.client("contacts.create", { body: input() });
    await erase(contact.id);
    expect((await other.client("contacts.get", { params: { id: theirs.contact.id } })).email).toBe(
      planted.email,
    );
    const fresh = await openDesk(desk);
    expect((await fresh.client("contacts.create", { body: input() })).outcome).toBe("created");
  });

  test("erasing twice is no error, and one that failed half-way was not begun", async () => {
    const { contact } = await lived();
    const { system, workspace } = desk;
    const actor = {
      workspaceId: workspace.id,
      name: "key:1",
      memberId: null,
      role: null,
      reach: "all",
    } as const;
    const publicIds = { contact: (id: ContactId) => encodeId("ctc", 0, id), enrollment: () => "enr_x" };
    const key = contactKey(contact.id);
    const before = await snapshot();
    const broken = failingAt(system, 2, "before");
    await expect(eraseContact(broken.system, actor, key, publicIds)).rejects.toThrow(
      "Network connection lost",
    );
    expect(await snapshot()).toEqual(before);
    // Its answer was lost: it is done, and asking again says so.
    const lost = failingAt(system, 2, "after");
    await expect(eraseContact(lost.system, actor, key, publicIds)).rejects.toThrow("Network connection lost");
    const count = "SELECT count(*) AS n FROM events WHERE type = 'contact.erased' AND contact_id = ?1";
    for (let again = 0; again < 2; again++) {
      expect((await erase(contact.id)).status).toBe(204);
      expect(await env.DB.prepare(count).bind(key).first("n")).toBe(1);
    }
    expect(await found()).toEqual([]);
  });

  test("an answer kept for its key goes with them; others' stay", async () => {
    const ask = (key: string, body: object) =>
      desk.call("POST", "/v1/contacts", body, { "idempotency-key": key });
    const { contact } = (await ask("theirs", input())).body;
    await ask("others", { email: "fine@buyer.example" });
    await erase(contact.id);
    const { results } = await env.DB.prepare(
      "SELECT key FROM idempotency_keys WHERE workspace_id = ?1 AND status IS NOT NULL",
    )
      .bind(desk.workspace.id)
      .all();
    expect(results).toEqual([{ key: "others" }]);
    expect((await ask("theirs", input())).body.code).toBe("suppressed");
  });

  test("what they write afterwards is a stranger's mail", async () => {
    const { contact } = await lived();
    const [message] = desk.system.delivered;
    const id = /^Message-ID: (<.*>)$/im.exec(textOf(message!))![1]!;
    await erase(contact.id);
    const link = /<(https:[^>]*)>/.exec(headerOf(message!, "List-Unsubscribe")!)![1]!;
    for (const [subject, from] of [
      [`unsubscribe ${link.split("/").at(-1)}`, "else@buyer.example"],
      ["Re: hello", planted.email],
      ["Undelivered", "mailer-daemon@buyer.example"],
    ]) {
      const lines = [
        `From: ${from}`,
        `Message-ID: <${unique("late")}@buyer.example>`,
        `In-Reply-To: ${id}`,
        `Subject: ${subject}`,
        "",
        planted.lastName,
        "",
      ];
      const result = await ingestRaw(
        desk.system,
        desk.workspace.id,
        new TextEncoder().encode(lines.join("\r\n")),
      );
      expect(result).toMatchObject({ outcome: "ignored", why: "unknown_sender" });
    }
    expect((await desk.call("POST", new URL(link).pathname)).status).toBe(200);
    expect(await found()).toEqual([]);
  });
});

describe("in the middle of everything", () => {
  /** One person with planted words, standing at a step whose text says them. */
  async function standing(
    step = emailStep({ subject: "For {{ contact.name }}", body: "{{ contact.phone }}" }),
  ) {
    planted = plant();
    const { email } = planted;
    const here = await stage({
      steps: [step],
      contact: () => ({
        email,
        firstName: planted.firstName,
        lastName: planted.lastName,
        phone: planted.phone,
        title: planted.title,
        custom: { secret: planted.custom },
      }),
    });
    const contactId = here.contactIds[0]!;
    await env.DB.prepare(
      `INSERT INTO external_references (workspace_id, system, type, external_id, entity, entity_id)
       VALUES (?1, 'hubspot', 'lead', ?2, 'contact', ?3)`,
    )
      .bind(here.workspaceId, planted.reference, contactId)
      .run();
    return { ...here, email, contactId, id: here.ids[0]! };
  }
  const publicIds = {
    contact: (id: ContactId) => encodeId("ctc", 0, id),
    enrollment: (id: Parameters<typeof encodeId<"enr">>[2]) => encodeId("enr", 0, id),
  };
  const erase = ({ system, actor, contactId }: Stage & { contactId: ContactId }) =>
    eraseContact(system, actor, contactId, publicIds);
  const left = () => found([domainOf(planted.email), ...Object.values(planted)]);
  type Here = Awaited<ReturnType<typeof standing>>;

  const refused = (permanent: boolean): WireOutcome => ({
    kind: "not_sent",
    permanent,
    scope: "recipient",
    retryAfterMs: null,
    detail: `no <${planted.email}> here`,
  });
  const wires: [string, () => WireOutcome, string][] = [
    [
      "accepted",
      () => ({ kind: "sent", providerMessageId: `<x${planted.email}>`, response: "250 OK" }),
      "sent",
    ],
    ["lost from sight", () => ({ kind: "ambiguous", detail: `broke for ${planted.lastName}` }), "uncertain"],
    ["refused for good", () => refused(true), "failed"],
    ["put off", () => refused(false), "canceled"],
  ];
  test.each(wires)(
    "a mail that is on the wire is %s: recorded, and never resent",
    async (_how, outcome, state) => {
      const here = await standing();
      const { system, id } = here;
      let tries = 0;
      system.wire.answer = async () => {
        tries++;
        await erase(here);
        return outcome();
      };
      await ticked(system);
      await delivered(system);
      for (let day = 0; day < 3; day++) {
        system.clock.advance(dayMs);
        await runEngine(system);
      }
      expect(tries).toBe(1);
      expect((await sendsOf(system, id)).map((send) => send.state)).toEqual([state]);
      expect(await enrollmentOf(system, id)).toMatchObject({ status: "canceled", reason: "contact_erased" });
      expect(await tasksOf(system, id)).toEqual([]);
      const { results } = await env.DB.prepare(
        "SELECT sum(sent) AS sent, sum(uncertain) AS uncertain, sum(failed) AS failed FROM step_rollups",
      ).all();
      expect(results).toEqual(
        [
          {
            sent: state === "sent" ? 1 : 0,
            uncertain: state === "uncertain" ? 1 : 0,
            failed: state === "failed" ? 1 : 0,
          },
        ].map((counts) => (state === "canceled" ? { sent: null, uncertain: null, failed: null } : counts)),
      );
      expect(await left()).toEqual([]);
      expect(system.errors).toEqual([]);
    },
  );

  test("a mail whose deliverer died is asked about no more, and waits for nobody's word", async () => {
    const here = await standing();
    const { system, id } = here;
    system.wire.answer = () => new Promise<never>(() => {});
    await ticked(system);
    const stuck = delivered(system);
    stuck.catch(() => {});
    await expect.poll(async () => (await sendsOf(system, id))[0]!.state).toBe("sending");
    await erase(here);
    system.clock.advance(hourMs);
    await recovered(system);
    expect((await sendsOf(system, id))[0]!.state).toBe("uncertain");
    expect(await tasksOf(system, id)).toEqual([]);
    expect(await askedAbout(here)).toEqual([0, []]);
    expect(await left()).toEqual([]);
  });

  /** How many mails wait for somebody's word, and which. */
  const askedAbout = async ({ system, actor }: Here) => [
    (await loadHealth(system.db, actor, system.now())).uncertain,
    (await listOutbox(system.db, actor, { state: "uncertain", limit: 9 })).map((send) => send.enrollmentId),
  ];

  test("the question whether a mail arrived is closed with its person", async () => {
    const here = await standing();
    const { system, id } = here;
    system.wire.answer = () => ({ kind: "ambiguous", detail: "gone" });
    await ticked(system);
    await delivered(system);
    expect(await askedAbout(here)).toEqual([1, [id]]);
    expect(await tasksOf(system, id)).toMatchObject([{ status: "open", purpose: "uncertain_send" }]);
    await erase(here);
    expect(await askedAbout(here)).toEqual([0, []]);
    expect(await tasksOf(system, id)).toMatchObject([{ status: "done", title: "", body: "" }]);
    expect(await left()).toEqual([]);
  });

  const answer = ({ system, workspaceId, email }: Here, headers: string[], text: string) =>
    ingestRaw(
      system,
      workspaceId,
      new TextEncoder().encode(
        [`From: ${email}`, `Message-ID: <${unique("m")}.${email}>`, ...headers, "", text, ""].join("\r\n"),
      ),
    );
  const deeds: [string, (here: Here) => Promise<unknown>, typeof callStep?][] = [
    ["a tick", ({ system }) => ticked(system)],
    ["a tick that makes a task", ({ system }) => ticked(system), callStep],
    [
      "a delivery",
      async ({ system }) => {
        await ticked(system);
        await delivered(system);
      },
    ],
    ["an answer", (here) => answer(here, [`Subject: Re: ${planted.note}`], `Yours, ${planted.lastName}`)],
    [
      "an absence",
      (here) => answer(here, ["Subject: Out of office", "Auto-Submitted: auto-replied"], planted.note),
    ],
    ["an opt-out", ({ system, workspaceId, contactId }) => optOut(system, workspaceId, contactId)],
    [
      "a change",
      ({ system, actor, contactId }) =>
        changeContact(
          system,
          actor,
          contactId,
          { phone: `${planted.phone}1`, otherEmails: [planted.email] },
          null,
        ),
    ],
    [
      "an import",
      ({ system, actor, email }) => createContacts(system, actor, [{ ...input(), email, otherEmails: [] }]),
    ],
    [
      "an enrollment",
      async ({ system, actor, contactId, mailboxId }) => {
        const sequence = await createSequence(system, actor, {
          name: unique("S"),
          steps: [emailStep()],
          mailboxId,
        });
        await publishSequence(system, actor, sequence.id);
        return enroll(system, actor, sequence.id, [{ contactId, dealId: null }], {});
      },
    ],
    [
      "a hold",
      ({ system, actor, contactId }) =>
        hold(system, actor, contactId, { kind: "manual", untilAt: system.now() + dayMs, note: planted.note }),
    ],
    [
      "a suppression",
      ({ system, actor, email }) =>
        suppressAddress(system, actor, {
          kind: "address",
          value: email,
          reason: "manual",
          note: planted.note,
        }),
    ],
    [
      "a bounce",
      ({ system, workspaceId, contactId, email }) =>
        ingestDeps(system).suppress(workspaceId, contactId, "bounced", email),
    ],
    ["a pause", ({ system, actor, id }) => pauseEnrollment(system, actor, id, `${planted.note}`)],
    [
      "a deal",
      ({ system, actor, contactId }) =>
        createDeal(system, actor, { name: "Zeppelins", contactId, custom: {}, references: [] }),
    ],
    [
      "a task done",
      async ({ system, actor, id }) => {
        await ticked(system);
        const [task] = await tasksOf(system, id);
        if (task)
          await finishTask(system, actor, task.id, { status: "done", outcome: null, note: planted.note });
      },
      callStep,
    ],
    [
      "a reopening",
      async ({ system, actor, id }) => {
        await cancelEnrollment(system, actor, id, planted.note);
        await reopenEnrollment(system, actor, id);
      },
    ],
  ];
  test.each(deeds)(
    "%s that is overtaken at any of its calls leaves nothing behind",
    async (_name, deed, step) => {
      let calls = 0;
      for (let k = 1; ; k++) {
        const here = await standing(
          step?.({ title: "Call {{ contact.name }}", script: "{{ contact.phone }}" }) as never,
        );
        const { system, struck } = overtakenAt(here.system, k, () => erase(here));
        await deed({ ...here, system: system as typeof here.system }).catch((error: Error) => {
          // Refused is fine: the person is gone.
          if (!("code" in error)) throw error;
        });
        if (!struck()) break;
        calls++;
        expect([k, await left()]).toEqual([k, []]);
        const live = await env.DB.prepare(
          "SELECT count(*) AS n FROM enrollments WHERE contact_id = ?1 AND status IN ('active', 'paused')",
        )
          .bind(here.contactId)
          .first("n");
        expect([k, live]).toEqual([k, 0]);
        await calm();
        await env.DB.batch(
          ["contacts", "contact_addresses", "external_references", "suppressions", "events", "companies"].map(
            (table) => env.DB.prepare(`DELETE FROM ${table}`),
          ),
        );
      }
      expect(calls).toBeGreaterThan(0);
      await erase(await standing());
    },
  );

  test("an import that knew them by a reference writes nothing into the empty row", async () => {
    for (let k = 1; ; k++) {
      const here = await standing();
      const { system, struck } = overtakenAt(here.system, k, () => erase(here));
      await createContacts(system, here.actor, [{ ...input(), email: null, otherEmails: [] }]);
      if (!struck()) break;
      const row = await env.DB.prepare("SELECT * FROM contacts WHERE id = ?1").bind(here.contactId).first();
      expect([k, row]).toMatchObject([k, { first_name: null, phone: null, company_id: null, custom: "{}" }]);
    }
  });

  test.each(["added", "lifted"])(
    "a suppression of the whole domain that is %s says nothing in the timeline of whom it came too late for",
    async (how) => {
      for (let k = 1; ; k++) {
        const here = await standing();
        const value = domainOf(here.email);
        const add = (by: System) =>
          suppressAddress(by, here.actor, { kind: "domain", value, reason: "manual" });
        const listed = how === "lifted" ? await add(here.system) : null;
        const { system, struck } = overtakenAt(here.system, k, () => erase(here));
        await (listed ? liftSuppression(system, here.actor, listed.id) : add(system));
        const { results } = await env.DB.prepare(
          "SELECT type FROM events WHERE contact_id = ?1 AND instr(data, ?2) > 0",
        )
          .bind(here.contactId, value)
          .all();
        if (!struck()) {
          expect(results).toHaveLength(listed ? 2 : 1);
          break;
        }
        expect([k, results]).toEqual([k, []]);
      }
    },
  );

  test("an address gained at this very moment is erased with the rest", async () => {
    const here = await standing();
    const { system, struck } = overtakenAt(here.system, 2, async () => {
      await changeContact(
        here.system,
        here.actor,
        here.contactId,
        { otherEmails: [here.email, planted.other] },
        null,
      );
    });
    await erase({ ...here, system: system as typeof here.system });
    expect(struck()).toBe(true);
    expect(await left()).toEqual([]);
    const [again] = await createContacts(here.system, here.actor, [
      { ...input(), email: planted.other, otherEmails: [] },
    ]);
    expect(again).toMatchObject({ outcome: "refused", code: "suppressed" });
  });
});

describe("the hash that is left", () => {
  /** Erases the address without its person: as if they had got it at that very moment. */
  const forbid = async ({ system, workspaceId }: Stage, email: string) =>
    system.db
      .prepare(
        `INSERT INTO suppressions (workspace_id, kind, value, reason, created_at) VALUES (?1, 'address', ?2, 'erased', 1)`,
      )
      .bind(workspaceId, erasedKeys(system)(workspaceId, email))
      .run();
  const withAddress = async () => {
    const email = `${unique("late")}@buyer.example`;
    const here = await stage({ contact: () => ({ email }) });
    return { ...here, email, id: here.ids[0]! };
  };

  test("keeps a tick from making a mail", async () => {
    const here = await withAddress();
    await forbid(here, here.email);
    await ticked(here.system);
    expect(await enrollmentOf(here.system, here.id)).toMatchObject({
      status: "canceled",
      reason: "suppressed",
    });
    expect(await sendsOf(here.system, here.id)).toEqual([]);
  });

  test("keeps a mail that is queued from the wire, and ends what it was for", async () => {
    const here = await withAddress();
    await ticked(here.system);
    await forbid(here, here.email);
    await runEngine(here.system);
    await runEngine(here.system);
    expect(here.system.delivered).toEqual([]);
    expect((await sendsOf(here.system, here.id))[0]!.state).toBe("canceled");
    expect(await enrollmentOf(here.system, here.id)).toMatchObject({
      status: "canceled",
      reason: "suppressed",
    });
  });

  test("keeps a provider from being asked again", async () => {
    const here = await withAddress();
    const { system } = here;
    system.wire.class = "key";
    system.wire.answer = () => ({ kind: "ambiguous", detail: "gone" });
    await ticked(system);
    await delivered(system);
    const [send] = await sendsOf(system, here.id);
    expect(send!.state).toBe("sending");
    const ask = () =>
      reauthorise(
        system.db,
        send as never,
        { now: system.now(), wallNow: system.wallNow() },
        erasedKeys(system),
      );
    await forbid(here, here.email);
    expect(await ask()).toBe("stopped");
    await system.db.prepare("DELETE FROM suppressions WHERE reason = 'erased'").run();
    expect(await ask()).toBe("granted");
  });

  test("keeps whoever has the address already out of every sequence", async () => {
    const here = await withAddress();
    const { system, actor, sequenceId, contactIds } = here;
    await system.db.prepare("UPDATE enrollments SET status = 'canceled', reason = 'manual'").run();
    await forbid(here, here.email);
    const [result] = await enroll(
      system,
      actor,
      sequenceId,
      [{ contactId: contactIds[0]!, dealId: null }],
      {},
    );
    expect(result).toMatchObject({ ok: false, reason: "suppressed" });
  });

  test("costs a workspace that never erased anybody no call and no row", async () => {
    const here = await withAddress();
    const plain = metered(here.system);
    await ticked(plain.system);
    const asked = [...plain.meter.statements.keys()].filter((text) => text.includes("SELECT x.value"));
    expect(asked).toEqual([]);
  });
});
