/**
 * The Worker is killed three times on the same files, each time in the middle of its work, and is started again at
 * once. What the mail server wrote down is the judge: everybody got their mail, and nobody got it twice.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { type RunningWorker, startWorker } from "../demo/boot.ts";
import { freePort } from "../demo/inbox.ts";
import { type AcceptedMail, type MailServer, startMailServer } from "../demo/mail-server.ts";
import { serviceToken, setClock } from "../demo/office.ts";
import { everyPage } from "../edge-api/scripts/load-sequence.ts";
import { createClient } from "../shared/src/client.ts";
import { openOffice, publish } from "./office.ts";
import { isRunning } from "./pnpm.ts";

const minuteMs = 60_000;
const cohort = 14;
const stateDir = mkdtempSync(join(tmpdir(), "cadenza-kill-"));
const open: { worker?: RunningWorker; mail?: MailServer } = {};

afterAll(async () => {
  await open.worker?.stop();
  await open.mail?.close();
  rmSync(stateDir, { recursive: true, force: true });
});

it("a Worker killed again and again sends every mail, and none twice", { timeout: 150_000 }, async () => {
  let onAccepted: (mail: AcceptedMail) => void = () => {};
  const mail = await startMailServer((accepted) => onAccepted(accepted));
  open.mail = mail;
  const settings = { port: await freePort(), stateDir, secret: crypto.randomUUID().repeat(2), serviceToken };
  const errors: string[] = [];
  const worker = await startWorker(settings, (line) => {
    if (line.startsWith("error")) errors.push(line);
  });
  open.worker = worker;
  let now = Date.parse("2027-01-12T10:00:00Z");
  await setClock(worker.url, now);

  const service = createClient({ baseUrl: worker.url, token: serviceToken });
  const office = await openOffice(service, worker.url, mail.port);
  const { client } = office;
  const id = await publish(office, [
    {
      name: "Intro",
      type: "email_auto",
      delay: { amount: 0, unit: "minutes" },
      subject: "Hello",
      body: "Hi {{ contact.first_name }}",
    },
  ]);

  const wanted: string[] = [];
  const enrollAnother = async () => {
    const people = Array.from({ length: cohort }, (_, n) => `person-${wanted.length + n}@kill.example`);
    const items = people.map((email) => ({ person: { email, firstName: "Dana" } }));
    const { enrolled } = await client("enrollments.createMany", { params: { id }, body: { items } });
    expect(enrolled).toBe(cohort);
    wanted.push(...people);
    now += 2 * minuteMs;
    await setClock(worker.url, now);
  };
  /** Two turns at once, as when two wake-ups meet. @returns how many of them were cut off. */
  const turns = async () => {
    const ended = await Promise.allSettled([service("internal.run"), service("internal.run")]);
    return ended.filter(({ status }) => status === "rejected").length;
  };

  // Once as soon as the turn has begun, once with the first mail, once in the middle of the batch.
  const pids: number[] = [];
  for (const mails of [0, 1, cohort / 2]) {
    await enrollAnother();
    const before = mail.accepted.length;
    pids.push(worker.pid);
    const killed = new Promise<void>((done) => {
      // In the very moment the server has the mail: its yes is never heard.
      onAccepted = () => {
        if (mail.accepted.length === before + mails) done(worker.kill());
      };
      if (!mails) done(client("health.get").then(worker.kill));
    });
    const [cutOff] = await Promise.all([turns(), killed]);
    expect(cutOff).toBeGreaterThan(0);
    await worker.start();
  }
  expect(new Set(pids).size).toBe(3);
  expect([...pids.filter(isRunning), pids.includes(worker.pid)]).toEqual([false]);

  const released = await atRest();
  // Nobody can know what became of a mail whose yes was not heard: a person looks, and says.
  const unsure = await everyPage((cursor) =>
    client("sends.list", { query: { state: "uncertain", limit: 200, cursor } }),
  );
  for (const send of unsure) {
    const arrived = mail.accepted.some(({ to }) => to === send.to);
    await client("sends.settle", { params: { id: send.id }, body: { arrived } });
  }
  await atRest();

  /** @returns how many claims of the killed ones ran out. */
  async function atRest(): Promise<number> {
    let claims = 0;
    await vi.waitFor(
      async () => {
        const { shards } = await service("internal.run");
        for (const { recover } of shards) claims += recover.released;
        const { due, queue } = await client("health.get");
        expect({ due, queue }).toEqual({ due: 0, queue: { queued: 0, claimed: 0, sending: 0, dead: 0 } });
      },
      { timeout: 60_000, interval: 250 },
    );
    return claims;
  }

  const received = mail.accepted.map(({ to }) => to).sort();
  expect(received).toEqual([...wanted].sort());
  const enrollments = await everyPage((cursor) =>
    client("enrollments.list", { query: { limit: 200, cursor } }),
  );
  expect(enrollments.map(({ status, reason }) => `${status} ${reason}`)).toEqual(
    wanted.map(() => "completed all_steps_done"),
  );
  expect(await client("health.get")).toMatchObject({ uncertain: 0, parked: 0 });
  expect(errors).toEqual([]);
  // Or the kills met nothing that they could have broken.
  expect(released).toBeGreaterThan(0);
  expect(unsure.length).toBeGreaterThan(1);
});
