/** What members should hear of: written with the thing itself, listed, and mailed as each of them chose. */
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { database } from "../../src/db/database.ts";
import { chooseNotices } from "../../src/db/members.ts";
import * as schema from "../../src/db/schema.ts";
import type { MemberId } from "../../src/domain/ids.ts";
import { ingestRaw } from "../../src/ingest-raw.ts";
import { runNotify } from "../../src/run.ts";
import { signIn } from "../access/people.ts";
import { createMember, dayMs, hourMs, minuteMs, type TestSystem, testSystem } from "../world.ts";
import { calm, delivered, refusal, type Stage, stage, ticked, twoMails, writeBack } from "./stage.ts";

const noticesOf = (system: TestSystem, memberId: MemberId) =>
  database(system.db).select().from(schema.notices).where(eq(schema.notices.memberId, memberId));

/** Somebody enrolled by this member, whose first mail is out. */
async function started(): Promise<{ here: Stage; owner: MemberId; email: string }> {
  await calm();
  const here = await stage({ steps: twoMails() });
  const email = `owner-${here.workspaceId}@seller.example`;
  const owner = await createMember(here.system, here.workspaceId, { email });
  await database(here.system.db).update(schema.enrollments).set({ ownerId: owner });
  await ticked(here.system);
  return { here, owner, email };
}

describe("a reply", () => {
  test("reaches whoever owns the enrollment, once, in the list and by mail", async () => {
    const { here, owner, email } = await started();
    await delivered(here.system);
    const lines = ["From: dana@elsewhere.example", "Message-ID: <twice@buyer.example>", "Subject: Re: Intro"];
    const [contactId] = here.contactIds;
    const address = { workspaceId: here.workspaceId, email: "dana@elsewhere.example", contactId: contactId! };
    await database(here.system.db).insert(schema.contactAddresses).values(address);
    const raw = new TextEncoder().encode([...lines, "", "Tell me more", ""].join("\r\n"));
    for (let time = 0; time < 2; time++) await ingestRaw(here.system, here.workspaceId, raw);
    const [notice, ...more] = await noticesOf(here.system, owner);
    expect([notice?.kind, more]).toEqual(["reply", []]);
    expect(await runNotify(here.system)).toBe(1);
    const [mail] = here.system.mailed.filter(({ to }) => to === email);
    expect(mail?.text).toMatch(/answered/);
    expect(mail?.text).toContain("/app/settings");
    here.system.clock.advance(dayMs);
    expect(await runNotify(here.system)).toBe(0);
  });

  test("is not mailed to who wants none, and still in their list", async () => {
    const { here, owner, email } = await started();
    await delivered(here.system);
    await chooseNotices(here.system.db, here.workspaceId, owner, { reply: "never" });
    await writeBack(here, ["Subject: Re: Intro"], "Tell me more");
    expect(await runNotify(here.system)).toBe(0);
    expect(here.system.mailed.filter(({ to }) => to === email)).toEqual([]);
    expect((await noticesOf(here.system, owner)).length).toBe(1);
  });

  test("waits for the morning where that is what they want", async () => {
    const { here, owner, email } = await started();
    await delivered(here.system);
    await chooseNotices(here.system.db, here.workspaceId, owner, { reply: "daily" });
    await writeBack(here, ["Subject: Re: Intro"], "Tell me more");
    expect(await runNotify(here.system)).toBe(0);
    here.system.clock.advance(22 * hourMs);
    expect(await runNotify(here.system)).toBe(0);
    here.system.clock.advance(2 * hourMs);
    expect(await runNotify(here.system)).toBe(1);
    expect(here.system.mailed.filter(({ to }) => to === email).length).toBe(1);
  });

  test("nobody owns reaches every admin who is still there", async () => {
    const { here, owner } = await started();
    await delivered(here.system);
    const db = database(here.system.db);
    await db.update(schema.members).set({ removedAt: 1 }).where(eq(schema.members.id, owner));
    const admin = await createMember(here.system, here.workspaceId, { role: "admin" });
    const gone = await createMember(here.system, here.workspaceId, { role: "admin", removedAt: 1 });
    const manager = await createMember(here.system, here.workspaceId, { role: "manager" });
    await writeBack(here, ["Subject: Re: Intro"], "Tell me more");
    const told = await Promise.all([admin, gone, manager, owner].map((id) => noticesOf(here.system, id)));
    expect(told.map((rows) => rows.length)).toEqual([1, 0, 0, 0]);
  });
});

test("a mail nobody knows the fate of reaches the owner in the moment it is paused for it", async () => {
  const { here, owner } = await started();
  here.system.wire.answer = () => ({ kind: "ambiguous", detail: "no answer" });
  await delivered(here.system);
  const [notice] = await noticesOf(here.system, owner);
  expect(notice?.kind).toBe("uncertain_send");
});

test("a mailbox that is switched off is said once, to whoever owns it", async () => {
  await calm();
  const here = await stage({ people: 4 });
  const owner = await createMember(here.system, here.workspaceId);
  const db = database(here.system.db);
  await db.update(schema.mailboxes).set({ ownerId: owner });
  here.system.wire.answer = () =>
    refusal({ scope: "mailbox", permanent: true, detail: "535 wrong password" });
  await ticked(here.system);
  await delivered(here.system);
  const rows = await noticesOf(here.system, owner);
  expect(rows.map(({ kind, data }) => [kind, data])).toEqual([
    ["mailbox_disabled", { why: "535 wrong password" }],
  ]);
});

describe("a mail to a member", () => {
  test("that was not taken is tried again later, and never doubled", async () => {
    const { here, email } = await started();
    await delivered(here.system);
    await writeBack(here, ["Subject: Re: Intro"], "Tell me more");
    const { mailed, sendSystemMail } = here.system;
    here.system.sendSystemMail = async () => {
      throw new Error("the mail was not taken");
    };
    expect(await runNotify(here.system)).toBe(0);
    expect(here.system.errors.at(-1)?.message).toMatch(/tried again/);
    here.system.sendSystemMail = sendSystemMail;
    expect(await runNotify(here.system)).toBe(0);
    here.system.clock.advance(15 * minuteMs);
    expect((await Promise.all([runNotify(here.system), runNotify(here.system)])).sort()).toEqual([0, 1]);
    expect(mailed.filter(({ to }) => to === email).length).toBe(1);
  });

  test("waits in the list where no mail can go out", async () => {
    const { here, owner } = await started();
    await delivered(here.system);
    await writeBack(here, ["Subject: Re: Intro"], "Tell me more");
    here.system.sendSystemMail = null;
    expect(await runNotify(here.system)).toBe(0);
    expect((await noticesOf(here.system, owner))[0]?.mailDueAt).not.toBeNull();
  });
});

describe("over the API", () => {
  test("a member reads their own notices, marks them, and chooses what is mailed", async () => {
    const system = testSystem({ wallAt: Date.now() });
    const auth = buildAuth(system);
    const app = createApp([system], { serviceToken: "test-service-token", auth });
    const { createWorkspace } = await import("../world.ts");
    const workspace = await createWorkspace(system);
    const [mine, other] = [
      await signIn({ app, auth, system }, workspace, "rep"),
      await signIn({ app, auth, system }, workspace, "rep"),
    ];
    const me = (await mine.call("GET", "/v1/me")).body.member;
    const [row] = (
      await env.DB.prepare("SELECT id FROM members WHERE email = ?1").bind(mine.email).all<{ id: MemberId }>()
    ).results;
    const at = system.now();
    await database(system.db)
      .insert(schema.notices)
      .values(
        [1, 2, 3].map((n) => ({
          workspaceId: workspace.id,
          memberId: row!.id,
          kind: "reply" as const,
          data: { subject: `${n}` },
          at,
        })),
      );
    const list = (await mine.call("GET", "/v1/notices")).body.items;
    expect(list.map(({ text }: { text: string }) => text)).toEqual([
      'Somebody answered, "3".',
      'Somebody answered, "2".',
      'Somebody answered, "1".',
    ]);
    expect((await other.call("GET", "/v1/notices")).body.items).toEqual([]);
    expect((await other.call("PUT", `/v1/notices/${list[0].id}/read`)).body.code).toBe("notice_not_found");
    expect((await mine.call("PUT", `/v1/notices/${list[1].id}/read`)).body).toEqual({ read: 2 });
    const unread = (await mine.call("GET", "/v1/notices?unread=true")).body.items;
    expect(unread.map(({ id }: { id: string }) => id)).toEqual([list[0].id]);
    const chosen = await mine.call("PUT", "/v1/me/notice-choice", { reply: "daily" });
    expect(chosen.body).toMatchObject({ reply: "daily", bounce: "daily", uncertain_send: "now" });
    expect((await mine.call("GET", "/v1/me/notice-choice")).body.reply).toBe("daily");
    const wrong = await mine.call("PUT", "/v1/me/notice-choice", { reply: "hourly" });
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, "/reply"]);
    expect(me.email).toBe(mine.email);
  });
});
