/**
 * What must hold, whatever happens: checked at every commit and at everything that reaches a provider. What is seen on
 * the way is kept for end-check.ts, which judges what is left when all is quiet.
 */
import { AppError } from "../src/domain/errors.ts";
import type { InboundMail } from "../src/domain/inbound.ts";
import { parseMessageId } from "../src/domain/message.ts";
import type { OutgoingMessage } from "../src/domain/transport.ts";
import { type Commit, keyOf, type SendRow } from "./audit.ts";
import { Ledger } from "./ledger.ts";
import type { Accepted } from "./provider.ts";
import { type Simulation, secret } from "./simulation.ts";
import { insideWindow, standingOf } from "./standing.ts";

export type Problem = { invariant: string; detail: string };

/** Which moves a send may make; anything else is a bug whatever the reason. */
const moves: Record<string, string[]> = {
  queued: ["claimed", "canceled"],
  claimed: ["queued", "sending", "canceled"],
  sending: ["sending", "sent", "failed", "uncertain", "queued", "canceled"],
  failed: ["canceled"],
  canceled: ["queued"],
  // Settled: by a person, by an answer, or by a late word of the provider.
  uncertain: ["sent", "failed"],
  sent: [],
};

type KeyHistory = {
  authorised: number;
  tried: number;
  accepted: number;
  settledByPerson: boolean;
  state: string;
};

const movedGraceMs = 5 * 60_000;

export class Invariants {
  readonly problems: Problem[] = [];
  accepted = 0;
  readonly ledger = new Ledger((invariant, detail) => this.broken(invariant, detail));
  /** What the events make of each enrollment. */
  readonly statuses = new Map<number, string>();
  /** How often each type of event was told of each step of each enrollment. */
  readonly counted = new Map<string, number>();
  readonly skipped = new Set<string>();
  private readonly keys = new Map<string, KeyHistory>();
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
      const before = this.statuses.get(event.enrollmentId) ?? "none";
      if (!statusBefore[event.type]!.includes(before)) {
        this.broken(
          "each event follows from those before it",
          `${event.type} of ${event.enrollmentId} while ${before}`,
        );
      }
      this.statuses.set(event.enrollmentId, status);
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
      this.ledger.giveBack(row);
    }
    if (row.from === "uncertain" && !commit.events.some(({ type }) => type === "send.settled")) {
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
      const facts = standingOf(this.sim.shard, row, now);
      for (const [name, holds] of Object.entries(facts.must)) {
        if (!holds)
          this.broken(`authorised only while ${name}`, `${row.key} at ${new Date(now).toISOString()}`);
      }
      // Somebody who moves in the very minute gets this one mail by the old clock.
      if (!insideWindow(facts, now) && facts.movedAt < now - movedGraceMs) {
        this.broken(
          "authorised inside the person's local window",
          `${row.key} at ${new Date(now).toISOString()} in ${facts.zone}: ${facts.windows} ${JSON.stringify(facts.hours)}`,
        );
      }
      this.ledger.onAuthorised(row, facts, now);
    }
  }

  /** A key provider is asked again: the stop must not have come before. */
  private onReauthorised(row: SendRow, skewMs: number): void {
    const { must } = standingOf(this.sim.shard, row, this.sim.scheduler.now + skewMs);
    for (const [name, holds] of Object.entries(must)) {
      if (!holds) this.broken(`asked again only while ${name}`, row.key);
    }
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

  historyOf(key: string): KeyHistory {
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
