/**
 * What the engine's tests are written in, on top of world.ts: a workspace with a mailbox, a published sequence, people
 * enrolled in it through the real command, and a clock that is walked minute by minute as the cron would.
 */
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { enroll } from "../../src/commands/enrolling.ts";
import { createSequence, type DraftStep, publishSequence } from "../../src/commands/sequences.ts";
import { database } from "../../src/db/database.ts";
import * as schema from "../../src/db/schema.ts";
import type { Actor } from "../../src/domain/actor.ts";
import type { ContactId, EnrollmentId, MailboxId, SequenceId, WorkspaceId } from "../../src/domain/ids.ts";
import type { System } from "../../src/domain/system.ts";
import type { WireOutcome } from "../../src/domain/transport.ts";
import { deliver } from "../../src/engine/deliver.ts";
import { recover } from "../../src/engine/recover.ts";
import { tick } from "../../src/engine/tick.ts";
import { ingestRaw } from "../../src/ingest-raw.ts";
import { deliverDeps, recoverDeps, runEngine, tickDeps } from "../../src/run.ts";
import {
  createContact,
  createMailbox,
  createSchedule,
  createWorkspace,
  minuteMs,
  monday,
  type TestSystem,
  testSystem,
  unique,
} from "../world.ts";

export type Stage = {
  system: TestSystem;
  actor: Actor;
  workspaceId: WorkspaceId;
  sequenceId: SequenceId;
  mailboxId: MailboxId;
  contactIds: ContactId[];
  ids: EnrollmentId[];
};

type StageOptions = {
  steps?: DraftStep[];
  people?: number;
  at?: number;
  mailbox?: Parameters<typeof createMailbox>[2];
  schedule?: Parameters<typeof createSchedule>[2];
  workspace?: Parameters<typeof createWorkspace>[1];
  /** The n-th person's columns. */
  contact?: (n: number) => Parameters<typeof createContact>[2];
  system?: Parameters<typeof testSystem>[0];
};

const noDelay = { amount: 0, unit: "minutes" } as const;

export const email = (over: Partial<Extract<DraftStep, { type: "email_auto" }>> = {}): DraftStep => ({
  type: "email_auto",
  name: unique("Mail"),
  delay: noDelay,
  subject: "Hello {{ contact.first_name }}",
  body: "A few words for {{ contact.first_name }}.",
  ...over,
});

export const call = (over: Partial<Extract<DraftStep, { type: "call" }>> = {}): DraftStep => ({
  type: "call",
  name: unique("Call"),
  delay: noDelay,
  title: "Call {{ contact.first_name }}",
  script: "Say hello.",
  ...over,
});

export const after = (amount: number, unit: "minutes" | "hours" | "days" | "business_days") => ({
  amount,
  unit,
});

/** The second a day after the first, in its thread. */
export const twoMails = (): DraftStep[] => [
  email(),
  email({ delay: after(1, "days"), subject: null, body: "Did you see it?" }),
];

/** Run before each test: files and tests share one database, and an engine works off everything in it. */
export async function calm(): Promise<void> {
  const tables = [
    "enrollments",
    "sends",
    "tasks",
    "holds",
    "shard_state",
    "mailbox_usage",
    "step_rollups",
    "inbound_messages",
    "notices",
  ];
  await env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
}

/** People enrolled in a published sequence, the clock standing at the instant their first step is due. */
export async function stage(options: StageOptions = {}): Promise<Stage> {
  const { steps = [email()], people = 1, at = monday } = options;
  const system = testSystem({ at, ...options.system });
  const workspace = await createWorkspace(system, options.workspace);
  const actor: Actor = {
    workspaceId: workspace.id,
    name: "member:1",
    memberId: null,
    role: null,
    reach: "all",
  };
  const mailboxId = await createMailbox(system, workspace.id, options.mailbox);
  const scheduleId = await createSchedule(system, workspace.id, options.schedule);
  const sequence = await createSequence(system, actor, {
    name: unique("Sequence"),
    steps,
    scheduleId,
    mailboxId,
  });
  await publishSequence(system, actor, sequence.id);
  const built: Stage = {
    system,
    actor,
    workspaceId: workspace.id,
    sequenceId: sequence.id,
    mailboxId,
    contactIds: [],
    ids: [],
  };
  await enrollMore(built, people, options.contact);
  system.clock.advance(minuteMs);
  return built;
}

/** More people into the same sequence. @returns their enrollments, which `stage.ids` then holds as well. */
export async function enrollMore(
  built: Stage,
  people: number,
  contact?: StageOptions["contact"],
  sequenceId = built.sequenceId,
): Promise<EnrollmentId[]> {
  if (!contact) return enrollThese(built, await createCrowd(built, people), sequenceId);
  const contactIds: ContactId[] = [];
  for (let n = 0; n < people; n++) {
    contactIds.push(await createContact(built.system, built.workspaceId, contact(n)));
  }
  return enrollThese(built, contactIds, sequenceId);
}

/** People alike but for their address, in one statement. */
export async function createCrowd({ system, workspaceId }: Stage, people: number): Promise<ContactId[]> {
  const { results } = await system.db
    .prepare(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
              INSERT INTO contacts (workspace_id, kind, email, first_name, last_name, custom, rev, created_at, updated_at)
              SELECT ?1, 'lead', ?3 || i || '@buyer.example', 'Dana', 'Silva', '{}', 1, ?4, ?4 FROM n RETURNING id`)
    .bind(workspaceId, people, `${unique("crowd")}-`, system.now())
    .all<{ id: ContactId }>();
  await system.db
    .prepare(`INSERT INTO contact_addresses (workspace_id, email, contact_id)
              SELECT workspace_id, email, id FROM contacts WHERE workspace_id = ?1 ON CONFLICT DO NOTHING`)
    .bind(workspaceId)
    .run();
  return results.map(({ id }) => id);
}

export async function enrollThese(built: Stage, contactIds: ContactId[], sequenceId = built.sequenceId) {
  const targets = contactIds.map((contactId) => ({ contactId, dealId: null }));
  const results = await enroll(built.system, built.actor, sequenceId, targets, {});
  const ids = results.map((result) => {
    if (!result.ok) throw new Error(`not enrolled: ${result.reason} ${result.detail}`);
    return result.enrollmentId;
  });
  built.contactIds.push(...contactIds);
  built.ids.push(...ids);
  return ids;
}

/** A mail from the n-th person, taken in as it would arrive. */
export async function writeBack(here: Stage, headers: string[], text: string, n = 0) {
  const { email: from } = (await here.system.db
    .prepare("SELECT email FROM contacts WHERE id = ?1")
    .bind(here.contactIds[n]!)
    .first<{ email: string }>())!;
  const id = `<${crypto.randomUUID()}@buyer.example>`;
  const lines = [`From: ${from}`, `Message-ID: ${id}`, ...headers, "", text, ""];
  return ingestRaw(here.system, here.workspaceId, new TextEncoder().encode(lines.join("\r\n")));
}

export const ticked = (system: System) => tick({ ...tickDeps(system), wakeDelivery: async () => {} });
export const delivered = (system: System) => deliver(deliverDeps(system));
export const recovered = (system: System) => recover(recoverDeps(system));

/** Runs the whole engine every `everyMs` up to and including `until`. */
export async function runUntil(system: TestSystem, until: number, everyMs = minuteMs): Promise<void> {
  for (;;) {
    await runEngine(system);
    if (system.clock.at >= until) return;
    system.clock.advance(Math.min(everyMs, until - system.clock.at));
  }
}

/**
 * Steps straight to whatever is due next, as long as that is not after `until`: a month costs a few turns. `lateMs`
 * is how late the n-th turn comes.
 */
export async function runThrough(
  system: TestSystem,
  until: number,
  lateMs: (turn: number) => number = () => 0,
): Promise<void> {
  for (let turn = 0; turn < 2_000; turn++) {
    await runEngine(system);
    const { at } = system.clock;
    const next = await system.db
      .prepare(`SELECT min(at) AS at FROM (
                  SELECT min(wake_at) AS at FROM enrollments WHERE wake_at IS NOT NULL AND (lease_until IS NULL OR lease_until < ?1)
                  UNION ALL SELECT min(due_at) FROM sends WHERE due_at IS NOT NULL AND state = 'queued')`)
      .bind(system.clock.wallAt)
      .first<{ at: number | null }>();
    const due = Math.max(next?.at ?? Number.POSITIVE_INFINITY, at + 1);
    if (due > until) {
      if (until > at) system.clock.set(until);
      return;
    }
    system.clock.set(Math.ceil(due / minuteMs) * minuteMs + lateMs(turn));
  }
  throw new Error("the engine never came to rest");
}

// --- reading

export async function enrollmentOf({ db }: System, id: EnrollmentId) {
  const [row] = await database(db).select().from(schema.enrollments).where(sql`id = ${id}`);
  if (!row) throw new Error(`no enrollment ${id}`);
  return row;
}

export const sendsOf = ({ db }: System, id: EnrollmentId) =>
  database(db).select().from(schema.sends).where(sql`enrollment_id = ${id}`).orderBy(sql`step_id, cycle`);

export const tasksOf = ({ db }: System, id: EnrollmentId) =>
  database(db).select().from(schema.tasks).where(sql`enrollment_id = ${id}`).orderBy(schema.tasks.id);

export async function eventsOf({ db }: System, id: EnrollmentId): Promise<string[]> {
  const { results } = await db
    .prepare(`SELECT v.type FROM enrollments e CROSS JOIN events v ON v.contact_id = e.contact_id
              WHERE e.id = ?1 AND v.enrollment_id = ?1 ORDER BY v.at, v.id`)
    .bind(id)
    .all<{ type: string }>();
  return results.map(({ type }) => type);
}

export async function usageOf({ db }: System, mailboxId: MailboxId): Promise<number> {
  const row = await db
    .prepare("SELECT coalesce(sum(used), 0) AS used FROM mailbox_usage WHERE mailbox_id = ?1")
    .bind(mailboxId)
    .first<{ used: number }>();
  return row!.used;
}

/** How many sends there are of each state among these enrollments. */
export async function statesOf({ db }: System, ids: EnrollmentId[]): Promise<Record<string, number>> {
  const { results } = await db
    .prepare(
      `SELECT state, count(*) AS n FROM json_each(?1) j CROSS JOIN sends s ON s.enrollment_id = j.value GROUP BY 1`,
    )
    .bind(JSON.stringify(ids))
    .all<{ state: string; n: number }>();
  return Object.fromEntries(results.map(({ state, n }) => [state, n]));
}

/** Every Message-ID the wire accepted, with how often. */
export function acceptedOnce({ delivered }: TestSystem): Map<string, number> {
  const times = new Map<string, number>();
  for (const { messageId } of delivered) times.set(messageId, (times.get(messageId) ?? 0) + 1);
  return times;
}

export const subjectOf = (mime: Uint8Array): string =>
  /^Subject: (.*)$/m.exec(new TextDecoder().decode(mime))?.[1]?.trim() ?? "";

export const refusal = (over: Partial<Extract<WireOutcome, { kind: "not_sent" }>> = {}): WireOutcome => ({
  kind: "not_sent",
  permanent: false,
  scope: "recipient",
  retryAfterMs: null,
  detail: "451 later",
  ...over,
});
