/**
 * What the tests of the engine's side of the API start from: a workspace with an open mailbox and a schedule that never
 * closes, its key, and short ways to publish, enroll and let time pass. Everything a person could do goes over the API.
 */
import { env } from "cloudflare:workers";
import type { AnswerOf, RequestOf } from "@cadenza/shared/client";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { expect } from "vitest";
import { type App, createApp } from "../../src/app.ts";
import type * as Id from "../../src/domain/ids.ts";
import type { OutgoingMessage } from "../../src/domain/transport.ts";
import { decodeId, encodeId } from "../../src/http/public-id.ts";
import { runEngine } from "../../src/run.ts";
import { calm } from "../engine/stage.ts";
import {
  api,
  type Caller,
  createContact,
  createMailbox,
  createSchedule,
  createWorkspace,
  minuteMs,
  type TestSystem,
  type TestWorkspace,
  testSystem,
  unique,
} from "../world.ts";

export const serviceToken = "test-service-token";

type SequenceDraft = RequestOf<"sequences.create">["body"];
export type StepDraft = NonNullable<SequenceDraft["steps"]>[number];
export type Enrolled = AnswerOf<"enrollments.get">;

export type Desk = Caller & {
  system: TestSystem;
  app: App;
  workspace: TestWorkspace;
  mailboxKey: Id.MailboxId;
  mailboxId: string;
  scheduleId: string;
  /** Somebody new, straight in the database. @returns the public id. */
  person(values?: Parameters<typeof createContact>[2]): Promise<string>;
  draft(steps: StepDraft[], fields?: Partial<SequenceDraft>): Promise<AnswerOf<"sequences.create">>;
  published(steps?: StepDraft[], fields?: Partial<SequenceDraft>): Promise<string>;
  /** In whatever way `who` says; a contact's id alone will do. */
  enroll(sequenceId: string, who: string | RequestOf<"enrollments.create">["body"]): Promise<Enrolled>;
  get(enrollmentId: string): Promise<Enrolled>;
  explain(enrollmentId: string): Promise<AnswerOf<"enrollments.explain">>;
  /** What happened to this enrollment, in order. */
  events(enrollment: Enrolled): Promise<string[]>;
  sendsOf(enrollmentId: string): Promise<AnswerOf<"enrollments.sends">["items"]>;
  taskOf(enrollmentId: string): Promise<AnswerOf<"tasks.get">>;
  run(): ReturnType<typeof runEngine>;
  /** Lets this much time pass, then runs the engine once. */
  pass(ms: number): ReturnType<typeof runEngine>;
};

export const at = (amount: number, unit: "minutes" | "hours" | "days" | "business_days" = "minutes") => ({
  amount,
  unit,
});

type Step<Type extends StepDraft["type"]> = Extract<StepDraft, { type: Type }>;

export const mail = (over: Partial<Step<"email_auto">> = {}): StepDraft => ({
  type: "email_auto",
  name: "Intro",
  delay: at(0),
  subject: "Hello {{ contact.first_name }}",
  body: "A few words for {{ contact.first_name }}.",
  ...over,
});
export const followUp = (over: Partial<Step<"email_auto">> = {}): StepDraft =>
  mail({ name: "Follow-up", delay: at(2, "days"), subject: null, body: "Did you see this?", ...over });
export const manualMail = (over: Partial<Step<"email_manual">> = {}): StepDraft => ({
  type: "email_manual",
  name: "By hand",
  delay: at(0),
  subject: "A word, {{ contact.first_name }}",
  body: "Hi {{ contact.first_name }}, in person.",
  ...over,
});
export const call = (over: Partial<Step<"call">> = {}): StepDraft => ({
  type: "call",
  name: "Call",
  delay: at(0),
  title: "Call {{ contact.first_name }}",
  script: "Ask who decides.",
  ...over,
});
export const todo = (over: Partial<Step<"task">> = {}): StepDraft => ({
  type: "task",
  name: "Connect",
  kind: "linkedin_connect",
  delay: at(0),
  title: "Connect with {{ contact.first_name }}",
  note: "",
  ...over,
});

/** A desk in a new workspace; `of` another desk's system and app to share its clock and wire. */
export async function openDesk(of?: { system: TestSystem; app: App }, mailbox = {}): Promise<Desk> {
  const system = of?.system ?? testSystem();
  const app = of?.app ?? createApp([system], { serviceToken });
  const workspace = await createWorkspace(system);
  const caller = api(app, workspace.token);
  const { client } = caller;
  const mailboxKey = await createMailbox(system, workspace.id, mailbox);
  const mailboxId = encodeId("mbx", 0, mailboxKey);
  const scheduleId = encodeId("sch", 0, await createSchedule(system, workspace.id));
  const desk: Desk = {
    ...caller,
    system,
    app,
    workspace,
    mailboxKey,
    mailboxId,
    scheduleId,
    person: async (values) => encodeId("ctc", 0, await createContact(system, workspace.id, values)),
    draft: (steps, fields) =>
      client("sequences.create", {
        body: { name: unique("Sequence"), steps, scheduleId, mailboxId, ...fields },
      }),
    async published(steps = [mail(), followUp()], fields) {
      const { id } = await desk.draft(steps, fields);
      await client("sequences.publish", { params: { id } });
      return id;
    },
    enroll: (id, who) =>
      client("enrollments.create", {
        params: { id },
        body: typeof who === "string" ? { contactId: who } : who,
      }),
    get: (id) => client("enrollments.get", { params: { id } }),
    explain: (id) => client("enrollments.explain", { params: { id } }),
    async events({ id, contactId }) {
      const { items } = await client("contacts.timeline", {
        params: { id: contactId },
        query: { limit: 200 },
      });
      return items
        .filter(({ enrollmentId }) => enrollmentId === id)
        .map(({ type }) => type)
        .reverse();
    },
    sendsOf: async (id) => (await client("enrollments.sends", { params: { id } })).items,
    async taskOf(enrollmentId) {
      const { items } = await client("tasks.list", { query: { enrollmentId } });
      expect(items).toHaveLength(1);
      return items[0]!;
    },
    run: () => runEngine(system),
    pass: (ms) => {
      system.clock.advance(ms);
      return runEngine(system);
    },
  };
  return desk;
}

/** A desk in a database in which nobody else's work is left. Run before each test: tests of a file share one. */
export async function openOnlyDesk(): Promise<Desk> {
  await calm();
  return openDesk();
}

/** One person, enrolled and due this very minute. */
export async function oneEnrolled(desk: Desk, steps?: StepDraft[], person?: Parameters<Desk["person"]>[0]) {
  const sequenceId = await desk.published(steps);
  const enrolled = await desk.enroll(sequenceId, await desk.person(person));
  desk.system.clock.advance(minuteMs);
  return enrolled;
}

export const keyOf = (publicEnrollmentId: string) => decodeId("enr", 0, publicEnrollmentId)!;

export const pointersOf = ({ body }: { body: { errors?: { pointer: string }[] } }): string[] =>
  (body.errors ?? []).map(({ pointer }) => pointer);

export const textOf = ({ mime }: OutgoingMessage): string => new TextDecoder().decode(mime);

/** A header of the mail as it went out, unfolded and decoded (RFC 2047, Q). */
export function headerOf(message: OutgoingMessage, name: string): string | null {
  const head = textOf(message)
    .split("\r\n\r\n")[0]!
    .replace(/\r\n[ \t]+/g, " ");
  const value = new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1] ?? null;
  return (
    value?.replace(/\?= =\?UTF-8\?Q\?/g, "").replace(/=\?UTF-8\?Q\?(.*?)\?=/g, (_, words: string) =>
      decodeURIComponent(
        words
          .replaceAll("_", " ")
          .replaceAll("%", "%25")
          .replace(/=([0-9A-F]{2})/g, "%$1"),
      ),
    ) ?? null
  );
}

/** Every row of every table: two snapshots are equal if and only if nothing was written but that somebody asked. */
export async function snapshot(): Promise<Record<string, string>> {
  const { results } = await env.DB.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\'
     AND name NOT LIKE 'd1\\_%' ESCAPE '\\' ORDER BY name`,
  ).all<{ name: string }>();
  // A key notes when it was last used, the audit log what was refused, a limit how often somebody asked.
  const asked = ["api_keys", "audit_entries", "rate_limits"];
  const tables = results.map(({ name }) => name).filter((name) => !asked.includes(name));
  const rows = await env.DB.batch(tables.map((table) => env.DB.prepare(`SELECT * FROM ${table}`)));
  return Object.fromEntries(
    rows.map(({ results: found }, i) => [tables[i], bytesToHex(sha256(utf8ToBytes(JSON.stringify(found))))]),
  );
}
