/** What commands and loops get instead of the outside world: the database, two clocks, ids, the wire. Built in system.ts. */
import type { MailboxId } from "./ids.ts";
import type { Transport } from "./transport.ts";

/** A queue message only wakes somebody up: it may come twice, late or never. */
export type Wake = { kind: "tick" | "deliver" | "tidy"; shard: number };

/** What it takes to speak for a mailbox; one of a test twin has neither a server nor a password. */
export type MailboxSettings = { id: MailboxId } & (
  | { transport: "test" }
  | { transport: "smtp"; settings: Record<string, unknown>; sealedSecret: string | null }
);

/** A mail from Cadenza itself to one person. */
export type SystemMail = { to: string; subject: string; text: string; html: string };

export type System = {
  db: D1Database;
  /** Which D1 binding this is: part of every public id and Message-ID. */
  shard: number;
  /** Business time: due, windows, caps. The demo and the simulation step it. */
  now(): number;
  /** Real time: leases, time-outs, tokens, rate limits. */
  wallNow(): number;
  newToken(): string;
  /** Rises with every call, also within one millisecond: the order of events that share an instant. */
  nextEventId(): number;
  sleep(ms: number): Promise<void>;
  /** Signs links and Message-IDs. */
  secret: string;
  publicUrl: string;
  /** Seals a secret for the database: a mailbox's password, what a host signs with. */
  seal(text: string): Promise<string>;
  /** @throws when it was changed, or sealed under another secret. */
  unseal(sealed: string): Promise<string>;
  openTransport(mailbox: MailboxSettings): Promise<Transport>;
  /** Sign-in links, invitations, notices. Rejects where it provably was not taken; null where no mail server is set up. */
  sendSystemMail: ((mail: SystemMail) => Promise<void>) | null;
  wake(message: Wake): Promise<void>;
  logError(message: string, error: unknown): void;
};
