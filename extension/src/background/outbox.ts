/**
 * What was asked and must happen exactly once: every POST goes in here before it goes out, under the key the API knows
 * it by, and leaves when the API has said what became of it. The worker may die at any line: the next one finds the
 * parcel and sends it under the same key.
 *
 * Invariant: a parcel is kept before it is sent, and forgotten only after it was answered or somebody dropped it.
 */
import * as z from "zod";
import { type Refusal, refusalOf, refused } from "../api/refusal.ts";
import type { Area } from "../storage/area.ts";
import { isWorthRetrying, retryDelayMs } from "./retry.ts";

const parcel = z.strictObject({
  key: z.string().min(1).max(255),
  /** Whose: another person who signs in here must not do it in their own name. */
  account: z.string(),
  route: z.string(),
  request: z.record(z.string(), z.unknown()),
  addedAt: z.number(),
  tries: z.number(),
  nextTryAt: z.number(),
  /** Answered with a no that nobody was there to hear. */
  refusal: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
});
export type Parcel = z.infer<typeof parcel>;

export type OutboxDeps = {
  area: Area;
  now(): number;
  random(): number;
  sleep(ms: number): Promise<void>;
  /** Throws as the client does. */
  send(parcel: Parcel): Promise<unknown>;
  /** The worker is to be woken for what waits, not before this instant. */
  wakeAt(at: number): void;
};

/** How long whoever asked waits for the answer, before it is told that it is kept. */
const patienceMs = 12_000;
/** The API remembers a key for a day: what is older could happen twice. */
const keyLifeMs = 23 * 3_600_000;
const prefix = "outbox:";

export function createOutbox({ area, now, random, sleep, send, wakeAt }: OutboxDeps) {
  const underWay = new Map<string, Promise<unknown>>();

  async function list(): Promise<Parcel[]> {
    const kept = Object.entries(await area.all()).filter(([key]) => key.startsWith(prefix));
    return kept
      .flatMap(([, value]) => parcel.safeParse(value).data ?? [])
      .sort((one, other) => one.addedAt - other.addedAt);
  }

  const keep = (changed: Parcel) => area.set(prefix + changed.key, changed);
  const forget = (key: string) => area.remove(prefix + key);

  /** Tries until it is answered or `until` has come. */
  async function deliver(given: Parcel, until: number): Promise<unknown> {
    await keep(given);
    for (let current = given; ; ) {
      current = { ...current, tries: current.tries + 1 };
      try {
        const answer = await send(current);
        await forget(current.key);
        return answer;
      } catch (error) {
        const { code, detail } = refusalOf(error);
        // Whoever is signed out now may be signed in again within the key's life.
        const isForLater =
          isWorthRetrying(error) || /^(signed_out|sign_in_expired|no_permission)$/.test(code);
        if (!isForLater) {
          await forget(current.key);
          throw error;
        }
        const delay = retryDelayMs(current.tries, random(), askedMsOf(error));
        current = { ...current, nextTryAt: now() + delay };
        await keep(current);
        if (!isWorthRetrying(error)) throw error;
        if (current.nextTryAt >= until) {
          wakeAt(current.nextTryAt);
          throw refused("kept_for_later", code === "rate_limited" ? detail : undefined);
        }
        await sleep(delay);
      }
    }
  }

  function once(given: Parcel, until: number): Promise<unknown> {
    const running = underWay.get(given.key);
    if (running) return running;
    const work = deliver(given, until).finally(() => underWay.delete(given.key));
    underWay.set(given.key, work);
    return work;
  }

  return {
    list,

    /** Asked twice under one key, it happens once and both get the answer. */
    async submit({ key, account, route, request }: Pick<Parcel, "key" | "account" | "route" | "request">) {
      const times = { addedAt: now(), tries: 0, nextTryAt: now() };
      const known = (await list()).find((kept) => kept.key === key && kept.account === account);
      const asked = { ...(known ?? { key, account, route, request, ...times }), refusal: null };
      return once(asked, now() + patienceMs);
    },

    /** What is due goes out again; a no is kept for somebody to read. @param account who is signed in. */
    async resume(account: string): Promise<void> {
      for (const kept of await list()) {
        if (kept.account !== account || kept.refusal || kept.nextTryAt > now()) continue;
        if (now() - kept.addedAt > keyLifeMs) {
          await keep({ ...kept, refusal: tooOld });
          continue;
        }
        await once(kept, now()).catch(async (error) => {
          const { code, detail } = refusalOf(error);
          if (!isKept(code)) await keep({ ...kept, refusal: { code, detail } });
        });
      }
    },

    /** Somebody says that now is the time. */
    async hurry(account: string): Promise<void> {
      for (const kept of await list()) if (!underWay.has(kept.key)) await keep({ ...kept, nextTryAt: now() });
      await this.resume(account);
    },

    /** @returns false for one that is on its way: what it does is done. */
    async drop(key: string): Promise<boolean> {
      if (underWay.has(key)) return false;
      await forget(key);
      return true;
    },

    clear: async () => area.remove((await list()).map(({ key }) => prefix + key)),
  };
}

const isKept = (code: Refusal["code"]) =>
  /^(kept_for_later|signed_out|sign_in_expired|no_permission)$/.test(code);

const tooOld = {
  code: "too_old",
  detail: "It could not be sent for a day. Look whether it happened before you do it again.",
};

const askedMsOf = (error: unknown): number | null =>
  (error as { retryAfterMs?: number | null }).retryAfterMs ?? null;
