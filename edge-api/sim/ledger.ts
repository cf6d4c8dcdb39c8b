/**
 * What each mailbox was allowed to send, told from the authorisations as they happened and not from the engine's own
 * counters: the cap of any 24 hours, and the gap between two mails.
 */
import type { SendRow } from "./audit.ts";

type Authorisation = { key: string; now: number };

const dayMs = 86_400_000;

export class Ledger {
  private readonly counting = new Map<number, Authorisation[]>();
  private readonly last = new Map<number, number>();
  private readonly broken: (invariant: string, detail: string) => void;

  constructor(broken: (invariant: string, detail: string) => void) {
    this.broken = broken;
  }

  onAuthorised({ key, mailboxId }: SendRow, mailbox: { dailyCap: number; gapMs: number }, now: number): void {
    const entries = this.counting.get(mailboxId) ?? [];
    this.counting.set(mailboxId, entries);
    entries.push({ key, now });
    const used = entries.filter((entry) => entry.now > now - dayMs).length;
    if (used > mailbox.dailyCap) {
      this.broken(
        "a mailbox sends no more than its cap in any 24 hours",
        `mailbox ${mailboxId}: ${used} > ${mailbox.dailyCap} with ${key}`,
      );
    }
    const last = this.last.get(mailboxId);
    if (last !== undefined && mailbox.gapMs > 0 && now < last + mailbox.gapMs) {
      this.broken(
        "two mails of a mailbox keep its gap",
        `mailbox ${mailboxId}: ${key} ${now - last} ms after another`,
      );
    }
    this.last.set(mailboxId, now);
  }

  /** Its latest try provably never left: it counts no more. */
  giveBack({ key, mailboxId }: SendRow): void {
    const entries = this.counting.get(mailboxId) ?? [];
    const place = entries.findLastIndex((entry) => entry.key === key);
    if (place >= 0) entries.splice(place, 1);
  }

  /** How many mails count, of all mailboxes and days. */
  get total(): number {
    return [...this.counting.values()].reduce((sum, entries) => sum + entries.length, 0);
  }
}
