/** Unsubscribing by mail (RFC 2369): offered where we receive mail, and obeyed whoever sends it. */
import { beforeEach, expect, test } from "vitest";
import { onEmail } from "../../src/email.ts";
import { ingestRaw } from "../../src/ingest-raw.ts";
import { runEngine } from "../../src/run.ts";
import { createWorkspace, dayMs } from "../world.ts";
import { after, calm, email, enrollmentOf, runThrough, type Stage, stage } from "./stage.ts";

beforeEach(calm);

async function mailed(receives: boolean) {
  const steps = [email(), email({ delay: after(1, "days"), subject: null })];
  const here = await stage({
    steps,
    mailbox: { receives, address: `robin-${Math.random()}@seller.example` },
  });
  await runEngine(here.system);
  const head = new TextDecoder().decode(here.system.delivered[0]!.mime).replace(/\r\n[ \t]/g, " ");
  return { here, offered: /^List-Unsubscribe: (.*)$/m.exec(head)?.[1] ?? "" };
}

const mailtoIn = (offered: string) => new URL(/<(mailto:[^>]+)>/.exec(offered)![1]!);

function asks(offered: string, from: string, headers: string[] = []) {
  const mailto = mailtoIn(offered);
  const subject = mailto.searchParams.get("subject")!;
  const lines = [
    `From: ${from}`,
    `To: ${mailto.pathname}`,
    `Subject: ${subject}`,
    "Message-ID: <u@buyer.example>",
  ];
  return { to: mailto.pathname, raw: new TextEncoder().encode([...lines, ...headers, "", ""].join("\r\n")) };
}

async function isOff({ system, contactIds, ids }: Stage) {
  await runThrough(system, system.clock.at + 10 * dayMs);
  expect(system.delivered).toHaveLength(1);
  expect(await enrollmentOf(system, ids[0]!)).toMatchObject({ status: "canceled", reason: "opted_out" });
  const row = await system.db
    .prepare(
      `SELECT s.reason FROM contacts c CROSS JOIN suppressions s ON s.workspace_id = c.workspace_id AND s.value = c.email
       WHERE c.id = ?1`,
    )
    .bind(contactIds[0]!)
    .first();
  expect(row).toEqual({ reason: "opted_out" });
}

test("a mail to the address that was offered takes the person off, also through Email Routing", async () => {
  const { here, offered } = await mailed(true);
  expect(offered).toMatch(
    /^<https:\/\/cadenza\.test\/u\/[^>]+>, <mailto:robin-[\d.]+@seller\.example\?subject=/,
  );
  const { to, raw } = asks(offered, here.system.delivered[0]!.to);
  const message = { from: "", to, raw: new Blob([raw]).stream(), setReject: expect.unreachable };
  await onEmail(message as unknown as ForwardableEmailMessage, [here.system]);
  await isOff(here);
});

test("whatever address it comes from, and though a machine sent it", async () => {
  const { here, offered } = await mailed(true);
  const { raw } = asks(offered, "unsubscriber@mail-program.example", ["Auto-Submitted: auto-generated"]);
  expect(await ingestRaw(here.system, here.workspaceId, raw)).toMatchObject({
    outcome: "stopped",
    replyClass: "unsubscribe_request",
    contactId: here.contactIds[0],
  });
  await isOff(here);
});

test("in another workspace the same mail is nobody's", async () => {
  const { here, offered } = await mailed(true);
  const other = await createWorkspace(here.system);
  const { raw } = asks(offered, "x@mail-program.example");
  expect(await ingestRaw(here.system, other.id, raw)).toMatchObject({ why: "unknown_sender" });
  expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({ status: "active" });
});

test("is not offered where mail to the mailbox does not reach us", async () => {
  const { offered } = await mailed(false);
  expect(offered).toMatch(/^<https:\/\/[^>]+>$/);
});
