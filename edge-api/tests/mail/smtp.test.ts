/** The whole engine in workerd against a real SMTP server: what it took, refused, dropped or never answered. */
import { beforeEach, expect, inject, test, vi } from "vitest";
import { attemptsMax } from "../../src/domain/delivery.ts";
import { openTransport } from "../../src/mail/open-transport.ts";
import {
  after,
  calm,
  email,
  enrollmentOf,
  eventsOf,
  runThrough,
  type Stage,
  sendsOf,
  stage,
  statesOf,
  tasksOf,
  usageOf,
} from "../engine/stage.ts";
import { dayMs, minuteMs, unique } from "../world.ts";
import type { TakenMail } from "./smtp-server.ts";

vi.setConfig({ testTimeout: 60_000 });
beforeEach(calm);

const { port, inbox } = inject("smtp");
const wireTimeoutMs = 1_500;

const run = crypto.randomUUID().slice(0, 8);
/** `what` is the behaviour the server is asked for. */
const addressed = (what: string) => `${what}.${run}.${unique("p")}@buyer.example`;

async function writing(what: string[], over: Parameters<typeof stage>[0] = {}) {
  const addresses = what.map(addressed);
  const here = await stage({
    people: what.length,
    contact: (n) => ({ email: addresses[n] }),
    mailbox: { settings: { host: "127.0.0.1", port, security: "none", user: null } },
    ...over,
  });
  here.system.openTransport = (mailbox) =>
    openTransport(mailbox, { secret: here.system.secret, wireTimeoutMs });
  return { ...here, addresses };
}

const askServer = async (to: string) =>
  (await (await fetch(`${inbox}/?to=${encodeURIComponent(to)}`)).json()) as {
    mails: TakenMail[];
    tries: number;
  };
const nextDays = (here: Stage, days = 2) => runThrough(here.system, here.system.clock.at + days * dayMs);

test("a sequence of three mails arrives as one conversation, with the unsubscribe headers and a text part", async () => {
  const here = await writing(["ok"], {
    steps: [
      email({ subject: "Olá {{ contact.first_name }}", body: "A few words — für dich." }),
      email({ subject: null, body: "Did you see it?", delay: after(1, "days") }),
      email({ subject: null, body: "Last one.", delay: after(1, "days") }),
    ],
    workspace: { postalAddress: "1 Rua Nova, Lisboa" },
  });
  await nextDays(here, 4);
  const { mails } = await askServer(here.addresses[0]!);
  expect(mails).toHaveLength(3);
  const header = (n: number, name: string) =>
    new RegExp(`^${name}: ((?:.|\\r\\n[ \\t])*)`, "im").exec(mails[n]!.raw)?.[1]?.replace(/\r\n[ \t]/g, " ");
  const ids = [0, 1, 2].map((n) => header(n, "Message-ID"));
  expect(new Set(ids).size).toBe(3);
  expect(header(0, "In-Reply-To")).toBeUndefined();
  expect([header(1, "In-Reply-To"), header(2, "In-Reply-To")]).toEqual([ids[0], ids[1]]);
  expect(header(2, "References")).toBe(`${ids[0]} ${ids[1]}`);
  expect(header(1, "Subject")).toBe(header(2, "Subject"));
  for (const n of [0, 1, 2]) {
    expect(header(n, "List-Unsubscribe")).toMatch(/^<https:\/\/cadenza\.test\/u\//);
    expect(header(n, "List-Unsubscribe-Post")).toBe("List-Unsubscribe=One-Click");
    expect(mails[n]!.raw).toContain("Content-Type: text/plain");
    expect(mails[n]!.raw).toContain("1 Rua Nova");
  }
  expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({ status: "completed" });
});

test("many at once, more than there are connections: each arrives once", async () => {
  const here = await writing(Array.from({ length: 25 }, () => "ok"));
  await nextDays(here);
  for (const address of here.addresses) expect((await askServer(address)).mails).toHaveLength(1);
  expect(await statesOf(here.system, here.ids)).toEqual({ sent: 25 });
});

test("a recipient refused for good pauses alone, with the server's own words; the others arrive", async () => {
  const here = await writing(["refuse550", "ok"]);
  await nextDays(here);
  expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
    status: "paused",
    reason: "send_refused",
    detail: expect.stringContaining("no such user here"),
  });
  expect((await askServer(here.addresses[0]!)).tries).toBe(1);
  expect((await askServer(here.addresses[1]!)).mails).toHaveLength(1);
  expect(await usageOf(here.system, here.mailboxId)).toBe(1);
});

test("a mail refused after its last dot was not taken: known as refused, not as uncertain", async () => {
  const here = await writing(["refuse-data"]);
  await nextDays(here);
  expect(await sendsOf(here.system, here.ids[0]!)).toMatchObject([
    { state: "failed", error: expect.stringContaining("message refused") },
  ]);
  expect((await askServer(here.addresses[0]!)).mails).toEqual([]);
});

test("who is greylisted gets the mail on the second knock, once", async () => {
  const here = await writing(["greylist"]);
  await nextDays(here);
  const { mails, tries } = await askServer(here.addresses[0]!);
  expect([mails.length, tries]).toEqual([1, 2]);
  expect(await eventsOf(here.system, here.ids[0]!)).toEqual([
    "enrollment.created",
    "send.queued",
    "send.sent",
    "enrollment.completed",
  ]);
});

test("a server that always says later is knocked at for about a day, then a person is told", async () => {
  const here = await writing(["later451"]);
  await nextDays(here, 4);
  expect((await askServer(here.addresses[0]!)).tries).toBe(attemptsMax);
  expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
    status: "paused",
    reason: "send_refused",
  });
});

test.each(["drop-after-data", "stall"])(
  "a connection that ends in %s is never knocked at again: uncertain, a task, and the slot stays used",
  async (what) => {
    const here = await writing([what, "ok"]);
    await nextDays(here, 5);
    const { mails, tries } = await askServer(here.addresses[0]!);
    // The server has it, though we were never told: a second try would have been the second mail.
    expect([mails.length, tries]).toEqual([1, 1]);
    expect(await sendsOf(here.system, here.ids[0]!)).toMatchObject([{ state: "uncertain", attempt: 1 }]);
    expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
      status: "paused",
      reason: "uncertain_send",
    });
    expect(await tasksOf(here.system, here.ids[0]!)).toMatchObject([
      { purpose: "uncertain_send", status: "open" },
    ]);
    expect(await usageOf(here.system, here.mailboxId)).toBe(2);
    expect((await askServer(here.addresses[1]!)).mails).toHaveLength(1);
  },
);

test("a wrong password disables the mailbox and pauses its people, and put right it sends", async () => {
  const settings = { host: "127.0.0.1", port, security: "none", user: "robin" };
  const here = await writing(["ok"], { mailbox: { settings } });
  const give = async (password: string) =>
    here.system.db
      .prepare(
        "UPDATE mailboxes SET sealed_secret = ?2, disabled_at = NULL, disabled_reason = NULL WHERE id = ?1",
      )
      .bind(here.mailboxId, await here.system.seal(password))
      .run();
  await give("wrong");
  await nextDays(here, 1);
  expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
    status: "paused",
    reason: "mailbox_unavailable",
  });
  await give("right");
  const { resumeEnrollment } = await import("../../src/commands/enrollments.ts");
  await resumeEnrollment(here.system, here.actor, here.ids[0]!);
  await nextDays(here, 1);
  expect((await askServer(here.addresses[0]!)).mails).toHaveLength(1);
});

test("a server that is not there costs nothing but time: tried again later and delivered when it is back", async () => {
  const here = await writing(["ok"], {
    mailbox: { settings: { host: "127.0.0.1", port: 1, security: "none", user: null } },
  });
  await runThrough(here.system, here.system.clock.at + minuteMs);
  expect(await sendsOf(here.system, here.ids[0]!)).toMatchObject([{ state: "queued", attempt: 1 }]);
  expect(await usageOf(here.system, here.mailboxId)).toBe(0);
  await here.system.db
    .prepare("UPDATE mailboxes SET settings = ?2 WHERE id = ?1")
    .bind(here.mailboxId, JSON.stringify({ host: "127.0.0.1", port, security: "none", user: null }))
    .run();
  await nextDays(here, 1);
  expect((await askServer(here.addresses[0]!)).mails).toHaveLength(1);
});
