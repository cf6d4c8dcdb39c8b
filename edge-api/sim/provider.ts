/**
 * The mail providers of the simulated world, one per mailbox, of the three classes. They count what they accept: the
 * only truth about what reached anybody. A `key` provider knows a key for as long as it says, a `lookup` provider
 * shows an accepted mail only after a while, a `blind` one says nothing.
 */
import type { OutgoingMessage, Transport, WireOutcome } from "../src/domain/transport.ts";
import type { Faults } from "./faults.ts";
import type { Invocation, Scheduler } from "./scheduler.ts";

export type Accepted = { messageId: string; to: string; at: number; mime: Uint8Array };

export type ProviderKind = { class: Transport["class"]; keyLifeMs: number; indexLagMs: number };

type Fate =
  | "accepts"
  | "accepts and loses the answer"
  | "accepts and throws"
  | "accepts late"
  | "loses it"
  | "throws"
  | "says later"
  | "says later, with a time"
  | "refuses the person"
  | "refuses the mailbox";

const fates: Record<Exclude<Fate, "accepts">, number> = {
  "accepts and loses the answer": 5,
  "accepts and throws": 1,
  "accepts late": 2,
  "loses it": 4,
  throws: 1,
  "says later": 4,
  "says later, with a time": 2,
  "refuses the person": 2,
  "refuses the mailbox": 0.3,
};

export class Provider {
  readonly accepted: Accepted[] = [];
  readonly kind: ProviderKind;
  private readonly scheduler: Scheduler;
  private readonly faults: Faults;
  private readonly report: (problem: string, detail: string) => void;
  private readonly keys = new Map<string, { at: number; mime: string }>();
  onAccept: (mail: Accepted) => void = () => {};
  onTry: (message: OutgoingMessage, invocation: Invocation) => void = () => {};

  constructor(
    kind: ProviderKind,
    scheduler: Scheduler,
    faults: Faults,
    report: (problem: string, detail: string) => void,
  ) {
    this.kind = kind;
    this.scheduler = scheduler;
    this.faults = faults;
    this.report = report;
  }

  transport(invocation: Invocation): Transport {
    return {
      class: this.kind.class,
      ...(this.kind.class === "key" ? { keyLifeMs: this.kind.keyLifeMs } : {}),
      deliver: (message) => this.deliver(message, invocation),
      ...(this.kind.class === "lookup"
        ? { find: (messageId: string) => this.find(messageId, invocation) }
        : {}),
    };
  }

  private deliver(message: OutgoingMessage, invocation: Invocation): Promise<WireOutcome> {
    const { scheduler, faults } = this;
    const { random } = scheduler;
    const fate: Fate =
      faults.profile.wire > 0 && random.chance(faults.profile.wire) ? random.weighted(fates) : "accepts";
    if (fate !== "accepts") faults.count(`wire ${fate}`);
    this.onTry(message, invocation);
    const slow = faults.profile.latency !== "calm" && random.chance(0.05);
    const effectMs = slow ? random.int(5_000, 25_000) : random.int(20, 400);
    return faults.call(
      invocation,
      effectMs,
      () => this.outcome(fate, message),
      slow ? random.int(5_000, 25_000) : random.int(1, 100),
    );
  }

  private outcome(fate: Fate, message: OutgoingMessage): WireOutcome {
    const { random, now } = this.scheduler;
    const ambiguous: WireOutcome = { kind: "ambiguous", detail: `the simulated provider: ${fate}` };
    switch (fate) {
      case "accepts":
        return this.accept(message);
      case "accepts and loses the answer":
        this.accept(message);
        return ambiguous;
      case "accepts and throws":
        this.accept(message);
        throw new Error("the simulated transport broke after the mail");
      case "accepts late":
        this.scheduler.at(now + random.int(1_000, this.kind.class === "lookup" ? 60_000 : 240_000), () =>
          this.accept(message),
        );
        return ambiguous;
      case "loses it":
        return ambiguous;
      case "throws":
        throw new Error("the simulated transport broke");
      case "says later":
        return notSent(false, "message", null);
      case "says later, with a time":
        return notSent(false, "mailbox", random.int(1, 3_600) * 1000);
      case "refuses the person":
        return notSent(true, "recipient", null);
      case "refuses the mailbox":
        return notSent(true, "mailbox", null);
    }
  }

  private accept(message: OutgoingMessage): WireOutcome {
    const { now } = this.scheduler;
    const sent = { kind: "sent" as const, providerMessageId: null, response: "250 ok" };
    if (this.kind.class === "key") {
      const mime = new TextDecoder().decode(message.mime);
      const known = this.keys.get(message.idempotencyKey);
      if (known && now - known.at <= this.kind.keyLifeMs) {
        if (known.mime !== mime) this.report("other bytes under one key", message.messageId);
        return sent;
      }
      this.keys.set(message.idempotencyKey, { at: now, mime });
    }
    const mail = { messageId: message.messageId, to: message.to, at: now, mime: message.mime };
    this.accepted.push(mail);
    this.onAccept(mail);
    return sent;
  }

  private find(messageId: string, invocation: Invocation): Promise<"found" | "absent"> {
    const broken = this.faults.strikes("wire", "look-up fails");
    return this.faults.call(invocation, this.scheduler.random.int(20, 2_000), () => {
      if (broken) throw new Error("the simulated look-up broke");
      const visible = this.scheduler.now - this.kind.indexLagMs;
      return this.accepted.some((mail) => mail.messageId === messageId && mail.at <= visible)
        ? "found"
        : "absent";
    });
  }
}

const notSent = (
  permanent: boolean,
  scope: "message" | "recipient" | "mailbox",
  retryAfterMs: number | null,
): WireOutcome => ({ kind: "not_sent", permanent, scope, retryAfterMs, detail: `refused: ${scope}` });
