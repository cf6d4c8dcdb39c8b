/** What must hold, whatever happens: checked at every commit, at every acceptance, and when all is quiet. */
import { Temporal } from "temporal-polyfill";
import { AppError } from "../src/domain/errors.ts";
import type { InboundMail } from "../src/domain/inbound.ts";
import { parseMessageId } from "../src/domain/message.ts";
import type { DeliveryWindow } from "../src/domain/schedule.ts";
import type { OutgoingMessage } from "../src/domain/transport.ts";
import { type Commit, keyOf, type SendRow } from "./audit.ts";
import type { Accepted } from "./provider.ts";
import { type Simulation, secret } from "./simulation.ts";

export type Problem = { invariant: string; detail: string };

/** Which moves a send may make; anything else is a bug whatever the reason. */
const moves: Record<string, string[]> = {
  queued: ["claimed", "canceled"],
  claimed: ["queued", "sending", "canceled"],
  sending: ["sending", "sent", "failed", "uncertain", "queued", "canceled"],
  failed: ["canceled"],
  canceled: ["queued"],
  // A person, a reply or a late word of the provider settles it.
  uncertain: ["sent", "failed"],
  sent: [],
};

type Authorisation = { key: string; now: number; gapMs: number };
type KeyHistory = {
  authorised: number;
  tried: number;
  accepted: number;
  settledByPerson: boolean;
  state: string;
};

/** What the simulated world itself may do to a person: pass over the mail that a follow-up replies to. */
const ownFault = /no mail before to reply to/;
const dayMs = 86_400_000;
const movedGraceMs = 5 * 60_000;

export class Invariants {
  readonly problems: Problem[] = [];
  accepted = 0;
  /** Per mailbox: what counts against its cap. */
  private readonly ledger = new Map<number, Authorisation[]>();
  private readonly lastAuthorised = new Map<number, { now: number }>();
  private readonly keys = new Map<string, KeyHistory>();
  private readonly statusEvents = new Map<number, string>();
  private readonly counted = new Map<string, number>();
  private readonly skipped = new Set<string>();
  private readonly sim: Simulation;

  constructor(sim: Simulation) {
    this.sim = sim;
  }

  broken = (invariant: string, detail: string): void => {
    this.problems.push({ invariant, detail: `${new Date(this.sim.scheduler.now).toISOString()} ${detail}` });
  };

  /** An error nobody injected and no person caused is a bug. */
  onError = (message: string, error: unknown): void => {
    if (error instanceof AppError) return;
    // drizzle wraps what the database said.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const text = cause instanceof Error ? cause.message : String(cause);
    const injected =
      /simulated|internal error; reference = sim|is overloaded|Network connection lost|exceeded timeout|kept changing/;
    if (!injected.test(text))
      this.broken(
        "no error but the injected ones",
        `${message}: ${error instanceof Error ? error.stack : text}`,
      );
  };

  // --- at every commit

  onCommit = (commit: Commit): void => {
    for (const row of commit.enrollments) {
      const at = `enrollment ${row.id} (${row.from} → ${row.to})`;
      if (row.to === "active" && (row.waitReason === null || row.wakeAt === null)) {
        this.broken("an active enrollment has a wait reason and a wake time", at);
      }
      if (row.to !== "active" && row.wakeAt !== null) this.broken("only an active enrollment wakes", at);
      if (row.to !== "active" && row.reason === null) this.broken("what is not active has a reason", at);
    }
    for (const event of commit.events) {
      const counter = `${event.type} ${event.enrollmentId}.${event.stepId}`;
      this.counted.set(counter, (this.counted.get(counter) ?? 0) + 1);
      if (event.type === "enrollment.step_skipped") this.skipped.add(`${event.enrollmentId}.${event.stepId}`);
      const status = statusAfter[event.type];
      if (!status || event.enrollmentId === null) continue;
      const before = this.statusEvents.get(event.enrollmentId) ?? "none";
      if (!statusBefore[event.type]!.includes(before)) {
        this.broken(
          "each event follows from those before it",
          `${event.type} of ${event.enrollmentId} while ${before}`,
        );
      }
      this.statusEvents.set(event.enrollmentId, status);
    }
    for (const row of commit.sends) this.onSend(row, commit);
    const granted = commit.sends.filter(({ from, to }) => from === "claimed" && to === "sending");
    if (granted.length) this.onAuthorised(granted, commit);
  };

  private onSend(row: SendRow, commit: Commit): void {
    const history = this.historyOf(row.key);
    history.state = row.to;
    if (row.from !== null && !(moves[row.from] ?? []).includes(row.to)) {
      this.broken("a send moves only as its life allows", `${row.key}: ${row.from} → ${row.to}`);
    }
    if (row.to === "sending") {
      history.authorised += row.attempt - row.attemptBefore;
      if (row.from === "sending") this.onReauthorised(row, this.sim.scheduler.running?.skewMs ?? 0);
      return;
    }
    if (row.from === "uncertain") history.settledByPerson = true;
    if (row.from === "sending" && ["queued", "failed", "canceled"].includes(row.to)) {
      if (history.accepted)
        this.broken("an accepted mail is never taken for unsent", `${row.key} → ${row.to}`);
      const entries = this.ledger.get(row.mailboxId) ?? [];
      const place = entries.findLastIndex(({ key }) => key === row.key);
      if (place >= 0) entries.splice(place, 1);
    }
    if (
      row.from === "uncertain" &&
      !commit.events.some(({ type }) => type === "send.sent" || type === "send.settled")
    ) {
      this.broken("what settles a send is in the event log", row.key);
    }
  }

  private onAuthorised(granted: SendRow[], commit: Commit): void {
    const statement = commit.queries.find(({ sql }) => sql.includes("SET state = 'sending', attempt"));
    if (!statement) {
      this.broken("only authorise moves a send to `sending`", granted.map(({ key }) => key).join());
      return;
    }
    const now = Number(statement.params[1]);
    for (const row of granted) {
      const facts = this.standing(row, now);
      for (const [name, holds] of Object.entries(facts.must)) {
        if (!holds)
          this.broken(`authorised only while ${name}`, `${row.key} at ${new Date(now).toISOString()}`);
      }
      // Somebody who moves in the very minute gets this one mail by the old clock.
      if (!insideWindow(facts, now) && facts.movedAt < now - movedGraceMs) {
        this.broken(
          "authorised inside the person's local window",
          `${row.key} at ${new Date(now).toISOString()} in ${facts.zone}: ${facts.windows}`,
        );
      }
      this.checkMailbox(row, facts, now);
    }
  }

  private checkMailbox(row: SendRow, mailbox: { dailyCap: number; gapMs: number }, now: number): void {
    const entries = this.ledger.get(row.mailboxId) ?? [];
    this.ledger.set(row.mailboxId, entries);
    entries.push({ key: row.key, now, gapMs: mailbox.gapMs });
    const used = entries.filter((entry) => entry.now > now - dayMs).length;
    if (used > mailbox.dailyCap) {
      this.broken(
        "a mailbox sends no more than its cap in any 24 hours",
        `mailbox ${row.mailboxId}: ${used} > ${mailbox.dailyCap} with ${row.key}`,
      );
    }
    const last = this.lastAuthorised.get(row.mailboxId);
    if (last && mailbox.gapMs > 0 && now < last.now + mailbox.gapMs) {
      this.broken(
        "two mails of a mailbox keep its gap",
        `mailbox ${row.mailboxId}: ${row.key} ${now - last.now} ms after another`,
      );
    }
    this.lastAuthorised.set(row.mailboxId, { now });
  }

  /** A key provider is asked again: the stop must not have come before. */
  private onReauthorised(row: SendRow, skewMs: number): void {
    const { must } = this.standing(row, this.sim.scheduler.now + skewMs);
    for (const [name, holds] of Object.entries(must)) {
      if (!holds) this.broken(`asked again only while ${name}`, row.key);
    }
  }

  private standing(row: SendRow, now: number) {
    const [found] = this.sim.shard.all<Record<string, number | string | null>>(
      `SELECT e.status = 'active' AND e.step_id = s.step_id AND e.cycle = s.cycle AND e.epoch = s.epoch AS stands,
         EXISTS (SELECT 1 FROM suppressions x JOIN contacts c ON c.id = s.contact_id
                 WHERE x.value IN (c.email, s.snapshot ->> 'to')) AS suppressed,
         EXISTS (SELECT 1 FROM holds h WHERE h.contact_id = s.contact_id AND h.until_at > ?4) AS held,
         q.status = 'active' AS sequenceActive, w.sending_stopped_at IS NULL AS sending,
         EXISTS (SELECT 1 FROM shard_state b WHERE b.sending_stopped_at IS NOT NULL) AS shardStopped,
         m.disabled_at IS NULL AS open, m.daily_cap AS dailyCap, m.gap_ms AS gapMs,
         coalesce(c.time_zone, m.time_zone, w.time_zone) AS zone, c.updated_at AS movedAt, d.windows, d.holidays,
         (SELECT v.steps FROM sequence_versions v WHERE v.id = s.version_id) AS steps
       FROM sends s JOIN enrollments e ON e.id = s.enrollment_id JOIN sequences q ON q.id = s.sequence_id
       JOIN workspaces w ON w.id = s.workspace_id JOIN mailboxes m ON m.id = s.mailbox_id
       JOIN contacts c ON c.id = s.contact_id JOIN schedules d ON d.id = q.schedule_id
       WHERE s.enrollment_id = ?1 AND s.step_id = ?2 AND s.cycle = ?3`,
      row.enrollmentId,
      row.stepId,
      row.cycle,
      now,
    );
    const must: Record<string, boolean> = {
      "its enrollment stands on that step": found!.stands === 1,
      "its person is not suppressed": found!.suppressed === 0,
      "its person is not on hold": found!.held === 0,
      "its sequence is active": found!.sequenceActive === 1,
      "the workspace and the shard are sending": found!.sending === 1 && found!.shardStopped === 0,
      "its mailbox is open": found!.open === 1,
    };
    return {
      must,
      dailyCap: Number(found!.dailyCap),
      gapMs: Number(found!.gapMs),
      zone: String(found!.zone),
      windows: String(found!.windows),
      holidays: JSON.parse(String(found!.holidays)) as string[],
      /** What a person approved by hand goes when they say so. */
      movedAt: Number(found!.movedAt),
      byHand: (JSON.parse(String(found!.steps)) as { id: number; type: string }[]).some(
        (step) => step.id === row.stepId && step.type === "email_manual",
      ),
    };
  }

  // --- at the provider

  onTry = (message: OutgoingMessage): void => {
    const history = this.historyOf(this.keyOfMessage(message.messageId));
    history.tried++;
    if (history.tried > history.authorised) {
      this.broken("nothing goes on the wire that was not authorised", message.messageId);
    }
  };

  onAccept = (mail: Accepted): void => {
    const key = this.keyOfMessage(mail.messageId);
    const history = this.historyOf(key);
    this.accepted++;
    history.accepted++;
    if (history.accepted > 1) this.broken("accepted at most once", `${key} (${history.accepted} times)`);
    if (!history.settledByPerson && ["queued", "claimed", "failed", "canceled"].includes(history.state)) {
      this.broken("an accepted mail is never taken for unsent", `${key} accepted while ${history.state}`);
    }
  };

  wasAccepted = (key: string): boolean => this.historyOf(key).accepted > 0;

  /** A letter is consumed only after what it stops has stopped. */
  onIngested = (mail: InboundMail): void => {
    const consumed = this.sim.shard.all(
      "SELECT 1 FROM inbound_messages WHERE message_id = ?1",
      mail.messageId,
    );
    if (!consumed.length) this.broken("a letter that was taken is consumed", String(mail.messageId));
  };

  private keyOfMessage(messageId: string): string {
    const key = parseMessageId(messageId, secret);
    if (!key) throw new Error(`not a Message-ID of ours: ${messageId}`);
    return keyOf(key.enrollmentId, key.stepId, key.cycle);
  }

  private historyOf(key: string): KeyHistory {
    const known = this.keys.get(key) ?? {
      authorised: 0,
      tried: 0,
      accepted: 0,
      settledByPerson: false,
      state: "none",
    };
    this.keys.set(key, known);
    return known;
  }

  // --- when all is quiet

  /** A while after the last fault, nothing may be left half done. */
  inQuiet(quietMs: number): void {
    if (quietMs < 12 * 3_600_000) return;
    const { now } = this.sim.scheduler;
    const old = this.sim.shard.all(
      `SELECT enrollment_id, step_id, state FROM sends
       WHERE (state = 'claimed' AND lease_until < ?1 - 4 * 3600000)
         OR (state = 'sending' AND authorised_at < ?1 - 10 * 3600000)`,
      now,
    );
    if (old.length) this.broken("nothing old is left claimed or sending", JSON.stringify(old[0]));
  }

  atTheEnd(): void {
    const { shard } = this.sim;
    const rows = shard.all<{
      id: number;
      status: string;
      reason: string | null;
      detail: string | null;
      wait_reason: string | null;
      steps: string;
      step_id: number;
    }>(`SELECT e.*, v.steps FROM enrollments e JOIN sequence_versions v ON v.id = e.version_id`);
    for (const row of rows) {
      if (row.status === "active")
        this.broken("nobody is stuck", `enrollment ${row.id} waits for ${row.wait_reason}`);
      if (this.statusEvents.has(row.id) && this.statusEvents.get(row.id) !== row.status) {
        this.broken(
          "the events fold to the status",
          `${row.id}: ${this.statusEvents.get(row.id)} ≠ ${row.status}`,
        );
      }
      if (row.reason === "parked" && !ownFault.test(row.detail ?? "")) {
        this.broken("only a broken row is parked", `enrollment ${row.id}: ${row.detail}`);
      }
      this.checkSteps(row);
    }
    for (const send of shard.all<{ enrollment_id: number; step_id: number; cycle: number; state: string }>(
      "SELECT * FROM sends",
    )) {
      this.checkSend(send);
    }
    this.checkSums();
  }

  private checkSteps(row: {
    id: number;
    status: string;
    reason: string | null;
    steps: string;
    step_id: number;
  }): void {
    const done = row.reason === "all_steps_done";
    for (const step of JSON.parse(row.steps) as { id: number; type: string }[]) {
      if (!done && step.id === row.step_id) return;
      const [found] = this.sim.shard.all<{
        sent: number;
        closed: number;
        tasks: number;
        cycles: number | null;
      }>(
        `SELECT (SELECT count(*) FROM sends WHERE enrollment_id = ?1 AND step_id = ?2 AND state = 'sent') AS sent,
           (SELECT count(*) FROM tasks WHERE enrollment_id = ?1 AND step_id = ?2 AND purpose = 'step' AND status <> 'open') AS closed,
           (SELECT count(*) FROM tasks WHERE enrollment_id = ?1 AND step_id = ?2 AND purpose = 'step') AS tasks,
           (SELECT max(cycle) FROM tasks WHERE enrollment_id = ?1 AND step_id = ?2 AND purpose = 'step') AS cycles`,
        row.id,
        step.id,
      );
      if (this.skipped.has(`${row.id}.${step.id}`)) continue;
      if (step.type === "email_auto" && !found!.sent)
        this.broken("no due mail is lost", `enrollment ${row.id} went past step ${step.id}`);
      // A mail by hand that did not arrive is asked for again, as a new cycle.
      if (step.type !== "email_auto" && (found!.tasks !== found!.cycles || found!.closed !== found!.tasks)) {
        this.broken("one task per manual step", `enrollment ${row.id} step ${step.id}: ${found!.tasks}`);
      }
    }
  }

  private checkSend(send: { enrollment_id: number; step_id: number; cycle: number; state: string }): void {
    const key = keyOf(send.enrollment_id, send.step_id, send.cycle);
    const { accepted, settledByPerson } = this.historyOf(key);
    const count = (type: string) => this.counted.get(`${type} ${send.enrollment_id}.${send.step_id}`) ?? 0;
    switch (send.state) {
      case "queued":
      case "claimed":
      case "sending":
        this.broken("nothing is left half done", `${key} is ${send.state}`);
        return;
      case "sent":
        if (accepted !== 1 && !settledByPerson)
          this.broken("what counts as sent was accepted", `${key}: ${accepted}`);
        if (!settledByPerson && count("send.sent") !== 1)
          this.broken("one send.sent a sent mail", `${key}: ${count("send.sent")}`);
        return;
      case "failed":
      case "canceled":
        if (accepted && !settledByPerson)
          this.broken("an accepted mail is never taken for unsent", `${key} is ${send.state}`);
    }
  }

  private checkSums(): void {
    const { shard } = this.sim;
    const one = (sql: string) => shard.all<{ n: number }>(sql)[0]!.n;
    const live = [...this.ledger.values()].reduce((sum, entries) => sum + entries.length, 0);
    const used = one("SELECT coalesce(sum(used), 0) AS n FROM mailbox_usage");
    if (used !== live) this.broken("usage counts exactly what may have left", `${used} ≠ ${live}`);
    const rolled = one("SELECT coalesce(sum(sent), 0) AS n FROM step_rollups");
    const counted = one("SELECT count(*) AS n FROM sends WHERE state = 'sent'");
    if (rolled !== counted) this.broken("the numbers per step add up", `${rolled} ≠ ${counted} sent`);
    const failed = one("SELECT coalesce(sum(failed), 0) AS n FROM step_rollups");
    const said = one("SELECT count(*) AS n FROM events WHERE type = 'send.failed'");
    if (failed !== said) this.broken("the numbers per step add up", `${failed} ≠ ${said} failed`);
    const done = one("SELECT coalesce(sum(tasks_done), 0) AS n FROM step_rollups");
    const doneTasks = one("SELECT count(*) AS n FROM tasks WHERE purpose = 'step' AND status = 'done'");
    if (done !== doneTasks) this.broken("the numbers per step add up", `${done} ≠ ${doneTasks} tasks done`);
  }
}

const statusAfter: Record<string, string> = {
  "enrollment.created": "active",
  "enrollment.paused": "paused",
  "enrollment.resumed": "active",
  "enrollment.reopened": "active",
  "enrollment.canceled": "canceled",
  "enrollment.completed": "completed",
};

const statusBefore: Record<string, string[]> = {
  "enrollment.created": ["none"],
  "enrollment.paused": ["active"],
  "enrollment.resumed": ["paused"],
  "enrollment.reopened": ["canceled", "completed"],
  "enrollment.canceled": ["active", "paused"],
  "enrollment.completed": ["active", "paused"],
};

/** Worked out by Temporal from the wall clock, not by the engine's own arithmetic. */
function insideWindow(
  facts: { windows: string; holidays: string[]; zone: string; byHand: boolean },
  now: number,
): boolean {
  if (facts.byHand) return true;
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(facts.zone);
  // In an hour that the clock repeats, a window is open through both passes.
  const changed = local.getTimeZoneTransition("previous");
  if (changed && local.since(changed, { largestUnit: "hour" }).hours < 2) return true;
  const minute = local.hour * 60 + local.minute;
  const on = (daysBefore: number) => local.toPlainDate().subtract({ days: daysBefore });
  const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  return (JSON.parse(facts.windows) as DeliveryWindow[]).some(({ days, from, to }) => {
    const open = (daysBefore: number) =>
      days.includes(on(daysBefore).dayOfWeek) && !facts.holidays.includes(on(daysBefore).toString());
    const [first, last] = [minuteOf(from), minuteOf(to)];
    return last > first
      ? open(0) && minute >= first && minute < last
      : (open(0) && minute >= first) || (open(1) && minute < last);
  });
}
