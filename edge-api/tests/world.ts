/**
 * The small language the workerd tests are written in: a System with a clock one can step and a wire that collects
 * what would have been sent, a workspace with a key, and rows put straight into the database. It never loads the app,
 * so that a test of the engine does not pay for it.
 */

import { env } from "cloudflare:workers";
import { type Client, createClient } from "@cadenza/shared/client";
import { hashSecret, newSecret } from "../src/commands/api-keys.ts";
import { database } from "../src/db/database.ts";
import * as schema from "../src/db/schema.ts";
import type * as Id from "../src/domain/ids.ts";
import type { MailboxSettings, System, SystemMail, Wake } from "../src/domain/system.ts";
import type { OutgoingMessage, Transport, WireOutcome } from "../src/domain/transport.ts";
import { formatToken } from "../src/http/api-token.ts";
import { seal, unseal } from "../src/mail/seal.ts";

/** Monday 23 November 2026, 09:00 UTC: inside everybody's office hours. */
export const monday = Date.UTC(2026, 10, 23, 9);
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export const iso = (ms: number): string => new Date(ms).toISOString();

/** Unique in this run: tests of one file share its database. */
let counter = 0;
export const unique = (word = "x"): string => `${word}-${++counter}`;

export type Clock = { at: number; wallAt: number; advance(ms: number): void; set(at: number): void };

export type TestSystem = System & {
  /** Steps business time and wall time together; change `at` alone to move them apart. */
  clock: Clock;
  /** Every message the wire took, in order. */
  delivered: OutgoingMessage[];
  /** What the wire answers from now on. */
  wire: { answer(message: OutgoingMessage): Promise<WireOutcome> | WireOutcome; class: Transport["class"] };
  opened: MailboxSettings[];
  woken: Wake[];
  /** What Cadenza itself mailed. */
  mailed: SystemMail[];
  errors: { message: string; error: unknown }[];
};

/** What the wire says of a mail it took. */
export const sentOutcome: WireOutcome = { kind: "sent", providerMessageId: null, response: "250 OK" };

/**
 * @param from.at the business clock's start, Monday morning unless told.
 * @param from.wallAt the wall clock's start, `at` unless told. Whoever signs people in gives `Date.now()`: the library
 *   that keeps sessions reads the real clock, while steps must not wait for the office to open where the test runs.
 */
export function testSystem(
  from: Partial<System> & { now?: () => number; at?: number; wallAt?: number } = {},
): TestSystem {
  const { at = monday, wallAt = at, ...overrides } = from;
  const clock: Clock = {
    at,
    wallAt,
    advance(ms) {
      clock.at += ms;
      clock.wallAt += ms;
    },
    set(next) {
      clock.advance(next - clock.at);
    },
  };
  const secret = "test-secret-test-secret-test-secret!";
  const delivered: OutgoingMessage[] = [];
  const opened: MailboxSettings[] = [];
  const woken: Wake[] = [];
  const mailed: SystemMail[] = [];
  const errors: TestSystem["errors"] = [];
  const wire: TestSystem["wire"] = {
    class: "blind",
    answer: () => sentOutcome,
  };
  let eventId = at;
  return {
    db: env.DB,
    shard: 0,
    now: () => clock.at,
    wallNow: () => clock.wallAt,
    newToken: () => crypto.randomUUID(),
    nextEventId: () => ++eventId,
    sleep: async (ms) => clock.advance(ms),
    secret,
    publicUrl: "https://cadenza.test",
    seal: (text) => seal(text, secret),
    unseal: (sealed) => unseal(sealed, secret),
    openTransport: async (mailbox) => {
      opened.push(mailbox);
      return {
        class: wire.class,
        deliver: async (message) => {
          const outcome = await wire.answer(message);
          if (outcome.kind === "sent") delivered.push(message);
          return outcome;
        },
      };
    },
    sendSystemMail: async (mail) => {
      mailed.push(mail);
    },
    wake: async (message) => {
      woken.push(message);
    },
    logError: (message, error) => {
      errors.push({ message, error });
    },
    clock,
    delivered,
    wire,
    opened,
    woken,
    mailed,
    errors,
    ...overrides,
  };
}

export type TestWorkspace = { id: Id.WorkspaceId; adminId: Id.MemberId; token: string };

/** A workspace with an admin and a key that may do everything. */
export async function createWorkspace(
  system: System,
  values: Partial<typeof schema.workspaces.$inferInsert> = {},
): Promise<TestWorkspace> {
  const at = system.now();
  const [workspace] = await database(system.db)
    .insert(schema.workspaces)
    .values({ name: unique("Workspace"), timeZone: "UTC", createdAt: at, updatedAt: at, ...values })
    .returning();
  const adminId = await createMember(system, workspace!.id, { role: "admin" });
  const token = await createKey(system, workspace!.id, { scopes: ["read", "write", "admin", "inbound"] });
  return { id: workspace!.id, adminId, token };
}

/** @returns the token to send as Bearer. */
export async function createKey(
  system: System,
  workspaceId: Id.WorkspaceId,
  values: Partial<typeof schema.apiKeys.$inferInsert> = {},
): Promise<string> {
  const secret = newSecret();
  const [key] = await database(system.db)
    .insert(schema.apiKeys)
    .values({
      workspaceId,
      name: unique("Key"),
      scopes: ["read", "write"],
      secretHash: hashSecret(secret),
      createdAt: system.wallNow(),
      ...values,
    })
    .returning();
  return formatToken(system.shard, key!.id, secret);
}

export async function createMember(
  system: System,
  workspaceId: Id.WorkspaceId,
  values: Partial<typeof schema.members.$inferInsert> = {},
): Promise<Id.MemberId> {
  const [row] = await database(system.db)
    .insert(schema.members)
    .values({
      workspaceId,
      email: `${unique("member")}@seller.example`,
      name: "Robin Rep",
      role: "rep",
      createdAt: system.now(),
      ...values,
    })
    .returning();
  return row!.id;
}

export async function createMailbox(
  system: System,
  workspaceId: Id.WorkspaceId,
  values: Partial<typeof schema.mailboxes.$inferInsert> = {},
): Promise<Id.MailboxId> {
  const at = system.now();
  const [row] = await database(system.db)
    .insert(schema.mailboxes)
    .values({
      workspaceId,
      address: `${unique("mailbox")}@seller.example`,
      name: "Robin Rep",
      transport: "smtp",
      settings: { host: "127.0.0.1", port: 2525, security: "none", user: null },
      dailyCap: 200,
      gapMs: 0,
      nextFreeAt: 0,
      slotAt: 0,
      rev: 1,
      createdAt: at,
      updatedAt: at,
      ...values,
    })
    .returning();
  return row!.id;
}

export async function createSchedule(
  system: System,
  workspaceId: Id.WorkspaceId,
  values: Partial<typeof schema.schedules.$inferInsert> = {},
): Promise<Id.ScheduleId> {
  const at = system.now();
  const [row] = await database(system.db)
    .insert(schema.schedules)
    .values({
      workspaceId,
      name: unique("Schedule"),
      windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }],
      holidays: [],
      jitterMinutes: 0,
      rev: 1,
      createdAt: at,
      updatedAt: at,
      ...values,
    })
    .returning();
  return row!.id;
}

/** A person with one address. */
export async function createContact(
  system: System,
  workspaceId: Id.WorkspaceId,
  values: Partial<typeof schema.contacts.$inferInsert> = {},
): Promise<Id.ContactId> {
  const at = system.now();
  const db = database(system.db);
  const [row] = await db
    .insert(schema.contacts)
    .values({
      workspaceId,
      kind: "lead",
      email: `${unique("person")}@buyer.example`,
      firstName: "Dana",
      lastName: "Silva",
      custom: {},
      rev: 1,
      createdAt: at,
      updatedAt: at,
      ...values,
    })
    .returning();
  if (row!.email) {
    await db.insert(schema.contactAddresses).values({ workspaceId, email: row!.email, contactId: row!.id });
  }
  return row!.id;
}

/** Anything that answers requests: `createApp(…)`, or a stand-in. */
type Fetcher = { fetch(request: Request): Promise<Response> };

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came back, also when it should not have
export type Reply = { status: number; headers: Headers; text: string; body: any };

export async function replyOf(response: Response): Promise<Reply> {
  // Not text(): workerd warns where the body is of no type it knows as text.
  const text = new TextDecoder().decode(await response.arrayBuffer());
  const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text ? JSON.parse(text) : null,
  };
}

/** The rows of a list, page after page. */
export async function everyPage<Item>(
  ask: (cursor: { cursor?: string }) => Promise<{ items: Item[]; nextCursor: string | null }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: Item[]; nextCursor: string | null } = await ask(cursor ? { cursor } : {});
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

export type Caller = {
  /** Typed by the contracts; throws a ProblemError. */
  client: Client;
  /** Any request at all, right or wrong: nothing is thrown, the reply is looked at. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
};

export function api(app: Fetcher, token?: string): Caller {
  const client = createClient({
    baseUrl: "https://cadenza.test",
    fetch: (request) => app.fetch(request),
    ...(token !== undefined && { token }),
  });
  return {
    client,
    async call(method, path, body, headers = {}) {
      const request = new Request(`https://cadenza.test${path}`, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
      });
      return replyOf(await app.fetch(request));
    },
  };
}
