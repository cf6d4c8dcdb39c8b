/**
 * Every table, and for every index the query that needs it: an index insert is a billed write, so none is free.
 *
 * Instants are epoch ms UTC. Keys are integers (see domain/ids.ts). Tables marked "keyed" are WITHOUT ROWID in the
 * migration (drizzle-kit cannot say so; scripts/migrations.ts adds it): their primary key *is* the table, so an
 * insert costs one write instead of two.
 */
import type {
  ContactKind,
  EnrollmentStatus,
  EventType,
  HoldKind,
  HostNewMemberRole,
  NoticeKind,
  ReplyClass,
  Role,
  SendState,
  SequenceStatus,
  SequenceVisibility,
  StatusReason,
  SuppressionKind,
  SuppressionReason,
  TaskKind,
  TaskOutcome,
  TaskStatus,
  TaskType,
  TransportName,
  WaitReason,
} from "@cadenza/shared/vocabulary";
import { sql } from "drizzle-orm";
import {
  customType,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import type * as Id from "../domain/ids.ts";
import type { DeliveryWindow } from "../domain/schedule.ts";
import type { Step } from "../domain/sequence.ts";

const id = <T extends number>() => integer().$type<T>();
const workspaceId = () => id<Id.WorkspaceId>().notNull();
const instant = () => integer();

/** JSON in a text column. What cannot be read comes out as null: one broken row must not stop the query it is in. */
const json = <T>() =>
  customType<{ data: T; driverData: string }>({
    dataType: () => "text",
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (stored) => {
      try {
        return JSON.parse(stored) as T;
      } catch {
        return null as T;
      }
    },
  })();

/** The tables whose primary key is the table itself. */
export const keyedTables = [
  "contact_addresses",
  "external_references",
  "sends",
  "events",
  "mailbox_usage",
  "idempotency_keys",
  "step_rollups",
  "inbound_messages",
  "embed_origins",
  "embed_users",
  "embed_exchanges",
  "rate_limits",
  "connections",
];

export const workspaces = sqliteTable(
  "workspaces",
  {
    id: id<Id.WorkspaceId>().primaryKey(),
    name: text().notNull(),
    timeZone: text().notNull(),
    country: text(),
    postalAddress: text(),
    defaultScheduleId: id<Id.ScheduleId>(),
    sendingStoppedAt: instant(),
    /** The live workspace this is the test twin of: nothing it sends leaves. */
    testOf: id<Id.WorkspaceId>(),
    /** Events of people nothing happens with any more are dropped after so many days; null keeps them. */
    eventsKeptDays: integer(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  // One test twin each.
  (t) => [uniqueIndex("workspaces_test_of").on(t.testOf).where(sql`test_of IS NOT NULL`)],
);

export const members = sqliteTable(
  "members",
  {
    id: id<Id.MemberId>().primaryKey(),
    workspaceId: workspaceId(),
    email: text().notNull(),
    name: text().notNull(),
    /** As the directory says (db/auth-schema.ts); copied here whenever it changes, and again at their next request. */
    role: text().$type<Role>().notNull(),
    /** Who this is in the directory; null until an address that was only named signs in. */
    userId: text(),
    /** What to tell them and how (domain/notice.ts); null: as it is for everybody. */
    notify: json<Record<string, unknown>>(),
    /** Gone, but what they did and own still says their name. */
    removedAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [
    // One member per address; also lists a workspace's members.
    uniqueIndex("members_email").on(t.workspaceId, t.email),
    // Who asks, at every request of a person.
    uniqueIndex("members_user").on(t.userId, t.workspaceId).where(sql`user_id IS NOT NULL`),
  ],
);

export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: id<Id.ApiKeyId>().primaryKey(),
    workspaceId: workspaceId(),
    name: text().notNull(),
    secretHash: text().notNull(),
    scopes: json<string[]>().notNull(),
    /** Who made it, as the event log names people; null: the operator, or nobody knows any more. */
    createdBy: text(),
    createdAt: instant().notNull(),
    expiresAt: instant(),
    lastUsedAt: instant(),
    revokedAt: instant(),
    /** The key that took its place; it ends by itself. */
    replacedBy: id<Id.ApiKeyId>(),
  },
  // Lists a workspace's keys. A request finds its key by the id inside the key itself.
  (t) => [index("api_keys_workspace").on(t.workspaceId)],
);

export const schedules = sqliteTable(
  "schedules",
  {
    id: id<Id.ScheduleId>().primaryKey(),
    workspaceId: workspaceId(),
    name: text().notNull(),
    windows: json<DeliveryWindow[]>().notNull(),
    country: text(),
    region: text(),
    holidays: json<string[]>().notNull(),
    jitterMinutes: integer().notNull(),
    rev: integer().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  // Lists a workspace's schedules; one name once, so that a sequence file can name its schedule.
  (t) => [uniqueIndex("schedules_name").on(t.workspaceId, t.name)],
);

export const mailboxes = sqliteTable(
  "mailboxes",
  {
    id: id<Id.MailboxId>().primaryKey(),
    workspaceId: workspaceId(),
    ownerId: id<Id.MemberId>(),
    address: text().notNull(),
    name: text(),
    transport: text().$type<TransportName>().notNull(),
    /** Host, port and the like; the password is in `sealedSecret`, AES-GCM under the Worker's secret. */
    settings: json<Record<string, unknown>>().notNull(),
    sealedSecret: text(),
    timeZone: text(),
    signature: text(),
    /** Whether mail to this address is handed to us: then `unsubscribe` may be asked for by mail. */
    receives: integer({ mode: "boolean" }).notNull().default(false),
    dailyCap: integer().notNull(),
    gapMs: integer().notNull(),
    /** Business time before which the gap keeps this mailbox silent. */
    nextFreeAt: instant().notNull(),
    /** The latest instant promised to a send that had to wait for this mailbox: the next one waits behind it. */
    slotAt: instant().notNull(),
    disabledAt: instant(),
    disabledReason: text(),
    rev: integer().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  // One mailbox per address; tells our own addresses from a person's when mail comes in.
  (t) => [uniqueIndex("mailboxes_address").on(t.workspaceId, t.address)],
);

export const companies = sqliteTable(
  "companies",
  {
    id: id<Id.CompanyId>().primaryKey(),
    workspaceId: workspaceId(),
    name: text().notNull(),
    domain: text(),
    custom: json<Record<string, unknown>>().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  // Contacts name their company: one row per name and workspace, found or made in one statement.
  (t) => [uniqueIndex("companies_name").on(t.workspaceId, t.name)],
);

export const contacts = sqliteTable(
  "contacts",
  {
    id: id<Id.ContactId>().primaryKey(),
    workspaceId: workspaceId(),
    kind: text().$type<ContactKind>().notNull(),
    /** Nothing of the person is left but this row, which old counts and ids still point at. */
    erasedAt: instant(),
    /** The address sequences write to, normalised; the person's other addresses are in contact_addresses. */
    email: text(),
    firstName: text(),
    lastName: text(),
    title: text(),
    phone: text(),
    linkedinUrl: text(),
    companyId: id<Id.CompanyId>(),
    ownerId: id<Id.MemberId>(),
    timeZone: text(),
    country: text(),
    locale: text(),
    custom: json<Record<string, unknown>>().notNull(),
    rev: integer().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  // Lists a workspace's contacts in the order they came.
  (t) => [index("contacts_workspace").on(t.workspaceId)],
);

/** Keyed. Every address of every person once per workspace: what makes "create or merge" a single statement. */
export const contactAddresses = sqliteTable(
  "contact_addresses",
  {
    workspaceId: workspaceId(),
    email: text().notNull(),
    contactId: id<Id.ContactId>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.email] }),
    // All addresses of one person: inbound mail from any of them is theirs.
    index("contact_addresses_contact").on(t.contactId),
  ],
);

export const deals = sqliteTable(
  "deals",
  {
    id: id<Id.DealId>().primaryKey(),
    workspaceId: workspaceId(),
    name: text().notNull(),
    stage: text(),
    amount: integer(),
    currency: text(),
    contactId: id<Id.ContactId>(),
    companyId: id<Id.CompanyId>(),
    ownerId: id<Id.MemberId>(),
    custom: json<Record<string, unknown>>().notNull(),
    rev: integer().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  // Lists a workspace's deals.
  (t) => [index("deals_workspace").on(t.workspaceId)],
);

/** Keyed. "lead 4711 in hubspot" → our row. */
export const externalReferences = sqliteTable(
  "external_references",
  {
    workspaceId: workspaceId(),
    system: text().notNull(),
    type: text().notNull(),
    externalId: text().notNull(),
    entity: text().$type<"contact" | "company" | "deal">().notNull(),
    entityId: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.system, t.type, t.externalId] }),
    // Shows a record's references beside it.
    index("external_references_entity").on(t.entity, t.entityId),
  ],
);

export const sequences = sqliteTable(
  "sequences",
  {
    id: id<Id.SequenceId>().primaryKey(),
    workspaceId: workspaceId(),
    name: text().notNull(),
    status: text().$type<SequenceStatus>().notNull(),
    ownerId: id<Id.MemberId>(),
    /** `private`: only its owner and managers see it; an enrollment in it is also seen by whoever owns that. */
    visibility: text().$type<SequenceVisibility>().notNull().default("shared"),
    scheduleId: id<Id.ScheduleId>(),
    mailboxId: id<Id.MailboxId>(),
    /** What the next publish makes a version of. */
    draft: json<Step[]>().notNull(),
    /** The next step id to hand out: ids are never used for two different steps of one sequence. */
    nextStepId: integer().notNull(),
    versionId: id<Id.VersionId>(),
    pausedAt: instant(),
    rev: integer().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    // Lists a workspace's sequences, by status or all.
    index("sequences_workspace").on(t.workspaceId, t.status),
    // Two live sequences of one name are one name too few for whoever enrolls people by it.
    uniqueIndex("sequences_name").on(t.workspaceId, t.name).where(sql`status <> 'archived'`),
  ],
);

export const sequenceVersions = sqliteTable(
  "sequence_versions",
  {
    id: id<Id.VersionId>().primaryKey(),
    workspaceId: workspaceId(),
    sequenceId: id<Id.SequenceId>().notNull(),
    number: integer().notNull(),
    name: text().notNull(),
    steps: json<Step[]>().notNull(),
    publishedAt: instant().notNull(),
  },
  // Two publishes at once: one wins. Also lists a sequence's versions.
  (t) => [uniqueIndex("sequence_versions_number").on(t.sequenceId, t.number)],
);

export const enrollments = sqliteTable(
  "enrollments",
  {
    id: id<Id.EnrollmentId>().primaryKey(),
    workspaceId: workspaceId(),
    sequenceId: id<Id.SequenceId>().notNull(),
    versionId: id<Id.VersionId>().notNull(),
    contactId: id<Id.ContactId>().notNull(),
    dealId: id<Id.DealId>(),
    mailboxId: id<Id.MailboxId>(),
    ownerId: id<Id.MemberId>(),
    status: text().$type<EnrollmentStatus>().notNull(),
    reason: text().$type<StatusReason>(),
    /** What a person needs to know about the reason: the missing variable, the refusal's text. */
    detail: text(),
    waitReason: text().$type<WaitReason>(),
    stepId: integer().notNull(),
    cycle: integer().notNull(),
    epoch: integer().notNull(),
    /** Raised by every write but a claim: what an optimistic writer compares. */
    rev: integer().notNull(),
    /** When the current step's delay ends, before windows and jitter. */
    dueAt: instant().notNull(),
    /** When the tick looks again; null unless active. */
    wakeAt: instant(),
    /** A frozen timer: what was left of the delay when a pause or hold began. */
    remainingMs: integer(),
    leaseToken: text(),
    leaseUntil: instant(),
    threadSubject: text(),
    threadReferences: json<string[]>().notNull(),
    executedAt: instant(),
    enrolledAt: instant().notNull(),
    endedAt: instant(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    // The tick's claim. Only rows that will be looked at are in it, so an empty poll costs the same at any size.
    // Invariant: the lease is in no index (claiming would cost two more writes a row).
    index("enrollments_wake").on(t.wakeAt).where(sql`wake_at IS NOT NULL`),
    // One live enrollment per person and sequence, whoever races.
    uniqueIndex("enrollments_live").on(t.contactId, t.sequenceId).where(sql`status IN ('active', 'paused')`),
    // Everything a person was ever enrolled in: their page, a reply, a hold.
    index("enrollments_contact").on(t.contactId),
    // A sequence's people: its list, its counts, pausing it.
    index("enrollments_sequence").on(t.sequenceId, t.status),
    // A sequence's list of everybody, newest first: the row order comes free with every index.
    index("enrollments_sequence_all").on(t.sequenceId),
    // The workspace's lists, newest first: everybody, and by status. The latter is rewritten only when the status changes.
    index("enrollments_workspace").on(t.workspaceId),
    index("enrollments_status").on(t.workspaceId, t.status),
    // The health count. Empty on a good day.
    index("enrollments_parked").on(t.workspaceId).where(sql`reason = 'parked'`),
    // Whom a mailbox that opens again sets going. Empty on a good day.
    index("enrollments_mailbox").on(t.mailboxId).where(sql`reason = 'mailbox_unavailable'`),
    // A deal that was won or lost. Only who is enrolled for a deal is in it.
    index("enrollments_deal").on(t.dealId).where(sql`deal_id IS NOT NULL`),
  ],
);

/** Keyed by what a mail is for: Invariant: this key is why a step can never be sent twice. */
export const sends = sqliteTable(
  "sends",
  {
    enrollmentId: id<Id.EnrollmentId>().notNull(),
    stepId: integer().notNull(),
    cycle: integer().notNull(),
    workspaceId: workspaceId(),
    sequenceId: id<Id.SequenceId>().notNull(),
    versionId: id<Id.VersionId>().notNull(),
    contactId: id<Id.ContactId>().notNull(),
    mailboxId: id<Id.MailboxId>().notNull(),
    state: text().$type<SendState>().notNull(),
    epoch: integer().notNull(),
    /** When deliver looks (queued) or would look (claimed, sending); null once the send is over. */
    dueAt: instant(),
    notAfter: instant().notNull(),
    claim: text(),
    fence: integer().notNull(),
    leaseUntil: instant(),
    attempt: integer().notNull(),
    /** Wall time of the latest authorisation: what the resolver measures age by. */
    authorisedAt: instant(),
    /** Business time of the first authorisation: the Date header, the same on every try. */
    firstAuthorisedAt: instant(),
    /** The usage bucket the latest authorisation was counted in, so that a give-back returns it there. */
    usageHour: integer(),
    /** How often a lookup provider has answered "absent", and when it last did (wall). */
    absentCount: integer().notNull(),
    lookedAt: instant(),
    sentAt: instant(),
    deferReason: text().$type<WaitReason>(),
    snapshot: json<Record<string, unknown>>().notNull(),
    contentHash: text().notNull(),
    error: text(),
    providerMessageId: text(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.enrollmentId, t.stepId, t.cycle] }),
    // Deliver's claim and the sweep of stale rows. A finished send leaves it.
    index("sends_due").on(t.dueAt).where(sql`due_at IS NOT NULL`),
    // A workspace's outbox, by due date. The claim of every minute must not read it by workspace.
    index("sends_outbox").on(t.workspaceId, t.dueAt).where(sql`due_at IS NOT NULL`),
    // Who waits for a slot of a mailbox, the longest first. Empty where there is room for everybody.
    index("sends_waiting")
      .on(t.mailboxId, t.createdAt)
      .where(sql`due_at IS NOT NULL AND defer_reason IN ('cap', 'gap')`),
    // A reply to a provider that chose its own Message-ID. Empty for SMTP.
    index("sends_provider_message").on(t.providerMessageId).where(sql`provider_message_id IS NOT NULL`),
    // What a person must decide, and the health count.
    index("sends_uncertain").on(t.workspaceId).where(sql`state = 'uncertain'`),
  ],
);

export const tasks = sqliteTable(
  "tasks",
  {
    id: id<Id.TaskId>().primaryKey(),
    workspaceId: workspaceId(),
    enrollmentId: id<Id.EnrollmentId>().notNull(),
    stepId: integer().notNull(),
    cycle: integer().notNull(),
    sequenceId: id<Id.SequenceId>().notNull(),
    versionId: id<Id.VersionId>().notNull(),
    contactId: id<Id.ContactId>().notNull(),
    ownerId: id<Id.MemberId>(),
    type: text().$type<TaskType>().notNull(),
    kind: text().$type<TaskKind>(),
    /** `step`: made by a manual step. `uncertain_send`: find out whether a mail arrived. */
    purpose: text().$type<"step" | "uncertain_send">().notNull(),
    title: text().notNull(),
    /** The call script, the note, or the draft's body: rendered when the task was made. */
    body: text().notNull(),
    subject: text(),
    status: text().$type<TaskStatus>().notNull(),
    outcome: text().$type<TaskOutcome>(),
    note: text(),
    dueAt: instant().notNull(),
    doneAt: instant(),
    rev: integer().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    // One task per step and cycle, whatever is doubled.
    uniqueIndex("tasks_step").on(t.enrollmentId, t.stepId, t.cycle, t.purpose),
    // A rep's list: by status and due date. Everybody's list reads the workspace's of that status and sorts.
    index("tasks_list").on(t.workspaceId, t.status, t.ownerId, t.dueAt),
  ],
);

/** Keyed, append-only. Read as a person's timeline, so a person's rows lie together in order. */
export const events = sqliteTable(
  "events",
  {
    contactId: id<Id.ContactId>().notNull(),
    at: instant().notNull(),
    id: id<Id.EventId>().notNull(),
    workspaceId: workspaceId(),
    type: text().$type<EventType>().notNull(),
    enrollmentId: id<Id.EnrollmentId>(),
    stepId: integer(),
    actor: text().notNull(),
    data: json<Record<string, unknown>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.contactId, t.at, t.id] })],
);

export const suppressions = sqliteTable(
  "suppressions",
  {
    id: id<Id.SuppressionId>().primaryKey(),
    workspaceId: workspaceId(),
    kind: text().$type<SuppressionKind>().notNull(),
    value: text().notNull(),
    reason: text().$type<SuppressionReason>().notNull(),
    note: text(),
    createdAt: instant().notNull(),
  },
  // Asked for every recipient at enroll, tick and authorise.
  (t) => [uniqueIndex("suppressions_value").on(t.workspaceId, t.value)],
);

/** One stop per person; a newer one replaces it (the events remember the older). */
export const holds = sqliteTable(
  "holds",
  {
    contactId: id<Id.ContactId>().primaryKey(),
    workspaceId: workspaceId(),
    kind: text().$type<HoldKind>().notNull(),
    untilAt: instant().notNull(),
    note: text(),
    createdBy: text().notNull(),
    createdAt: instant().notNull(),
  },
  // Those that ended since the last turn.
  (t) => [index("holds_until").on(t.untilAt)],
);

/** Keyed. Mails put on the wire per mailbox and business hour. */
export const mailboxUsage = sqliteTable(
  "mailbox_usage",
  {
    mailboxId: id<Id.MailboxId>().notNull(),
    hour: integer().notNull(),
    used: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.mailboxId, t.hour] })],
);

/** Keyed. A POST's answer under its Idempotency-Key; `status` null while the first request is at work. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    workspaceId: workspaceId(),
    key: text().notNull(),
    requestHash: text().notNull(),
    status: integer(),
    body: text(),
    createdAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.key] })],
);

/** Keyed. What happened per step and UTC day, counted in the batch in which it happened. */
export const stepRollups = sqliteTable(
  "step_rollups",
  {
    sequenceId: id<Id.SequenceId>().notNull(),
    versionId: id<Id.VersionId>().notNull(),
    stepId: integer().notNull(),
    day: text().notNull(),
    sent: integer().notNull(),
    failed: integer().notNull(),
    uncertain: integer().notNull(),
    replied: integer().notNull(),
    bounced: integer().notNull(),
    tasksDone: integer().notNull(),
    tasksSkipped: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sequenceId, t.versionId, t.stepId, t.day] })],
);

/** Keyed. Each inbound Message-ID is consumed once. */
export const inboundMessages = sqliteTable(
  "inbound_messages",
  {
    workspaceId: workspaceId(),
    messageId: text().notNull(),
    replyClass: text().$type<ReplyClass>().notNull(),
    contactId: id<Id.ContactId>(),
    enrollmentId: id<Id.EnrollmentId>(),
    receivedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.messageId] }),
    // What one person wrote: to be shown to them, erased, or forgotten with the rest of what is old.
    index("inbound_messages_contact").on(t.contactId),
  ],
);

/** Queue messages that failed every retry, kept to be looked at. */
export const deadLetters = sqliteTable("dead_letters", {
  id: integer().primaryKey(),
  body: text().notNull(),
  failedAt: instant().notNull(),
});

/** One row: what this shard's engine last did, and the operator's brake. */
export const shardState = sqliteTable("shard_state", {
  id: integer().primaryKey(),
  lastTickAt: instant(),
  sendingStoppedAt: instant(),
  /** How far the forgetting of old events has come (db/retention.ts); null: it is through. */
  forgettingWorkspaceId: id<Id.WorkspaceId>(),
  forgettingContactId: id<Id.ContactId>(),
});

/** A host application: where its pages are, and how far its users get. */
export const embedApps = sqliteTable(
  "embed_apps",
  {
    id: id<Id.EmbedAppId>().primaryKey(),
    workspaceId: workspaceId(),
    name: text().notNull(),
    origins: json<string[]>().notNull(),
    /** What a user of the host becomes who is no member yet; null: they are refused. */
    newMemberRole: text().$type<HostNewMemberRole>(),
    disabledAt: instant(),
    rev: integer().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  // Lists a workspace's apps.
  (t) => [index("embed_apps_workspace").on(t.workspaceId)],
);

/** What the host's server signs with. Sealed and not hashed: an HMAC is checked with the secret itself. */
export const embedSecrets = sqliteTable(
  "embed_secrets",
  {
    kid: text().primaryKey(),
    appId: id<Id.EmbedAppId>().notNull(),
    sealedSecret: text().notNull(),
    createdAt: instant().notNull(),
    revokedAt: instant(),
  },
  // An app's secrets: two at most are live.
  (t) => [index("embed_secrets_app").on(t.appId)],
);

/** Keyed. Asked by browsers before any request of a foreign page, when nobody has said who they are yet. */
export const embedOrigins = sqliteTable(
  "embed_origins",
  {
    origin: text().notNull(),
    appId: id<Id.EmbedAppId>().notNull(),
    workspaceId: workspaceId(),
  },
  (t) => [
    primaryKey({ columns: [t.origin, t.workspaceId, t.appId] }),
    // Replaces an app's origins.
    index("embed_origins_app").on(t.appId),
  ],
);

/** Keyed. Who a host's user is here: their address may change there, their `sub` does not. */
export const embedUsers = sqliteTable(
  "embed_users",
  {
    appId: id<Id.EmbedAppId>().notNull(),
    subject: text().notNull(),
    memberId: id<Id.MemberId>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.subject] })],
);

/** Keyed. The origin that first exchanged a host's token: from another one it is a stolen one. */
export const embedExchanges = sqliteTable(
  "embed_exchanges",
  {
    appId: id<Id.EmbedAppId>().notNull(),
    tokenHash: text().notNull(),
    origin: text().notNull(),
    expiresAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.tokenHash] })],
);

/**
 * Keyed, on the first shard. Another program a person let act for them in one workspace (OAuth): a token of a client
 * that has no row here opens nothing, so that disconnecting works at once and not when the token ends.
 */
export const connections = sqliteTable(
  "connections",
  {
    userId: text().notNull(),
    clientId: text().notNull(),
    /** The workspace's public id, as the directory names it. */
    organizationId: text().notNull(),
    connectedAt: instant().notNull(),
    lastUsedAt: instant(),
  },
  // Also lists a person's connected programs.
  (t) => [primaryKey({ columns: [t.userId, t.clientId] })],
);

/** Keyed. One row a limit and whoever it holds for: `clearAt` is when what they used is forgotten (wall time). */
export const rateLimits = sqliteTable(
  "rate_limits",
  { key: text().notNull(), clearAt: integer().notNull() },
  (t) => [primaryKey({ columns: [t.key] })],
);

/** Append-only: triggers in the migration refuse to change a row, and to delete one that is younger than a year. */
export const auditEntries = sqliteTable(
  "audit_entries",
  {
    id: id<Id.AuditEntryId>().primaryKey(),
    workspaceId: workspaceId(),
    /** Wall time. */
    at: instant().notNull(),
    actor: text().notNull(),
    /** `session`, `key`, `embed:…`, `oauth:…`, `operator`: how they got in. */
    via: text().notNull(),
    ip: text(),
    userAgent: text(),
    /** The route's name, or what happened at sign-in. */
    action: text().notNull(),
    /** The public id of what it was done to. */
    record: text(),
    /** `done`, or the problem's code. */
    outcome: text().notNull(),
    requestId: text().notNull(),
  },
  // Read newest first, and exported by instant.
  (t) => [index("audit_entries_workspace").on(t.workspaceId, t.at)],
);

/** What a member should hear of at once. */
export const notices = sqliteTable(
  "notices",
  {
    id: id<Id.NoticeId>().primaryKey(),
    workspaceId: workspaceId(),
    memberId: id<Id.MemberId>().notNull(),
    kind: text().$type<NoticeKind>().notNull(),
    contactId: id<Id.ContactId>(),
    enrollmentId: id<Id.EnrollmentId>(),
    mailboxId: id<Id.MailboxId>(),
    /** What is needed to say it in words. */
    data: json<Record<string, unknown>>().notNull(),
    at: instant().notNull(),
    readAt: instant(),
    /** When it goes out by mail; null when it does not, or has. */
    mailDueAt: instant(),
  },
  (t) => [
    // A member's own, newest first.
    index("notices_member").on(t.memberId),
    // What is to be mailed now. Empty on most minutes.
    index("notices_mail").on(t.mailDueAt).where(sql`mail_due_at IS NOT NULL`),
  ],
);
