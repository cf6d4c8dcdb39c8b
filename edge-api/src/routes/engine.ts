/** Health, holds, mail that comes in, and a turn of the engine by hand. */
import { hold, release } from "../commands/holds.ts";
import { listDeadLetters, loadHealth } from "../db/health.ts";
import { findHold } from "../db/holds.ts";
import { pageOf } from "../db/page.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { System } from "../domain/system.ts";
import { endpoint, type Router } from "../http/endpoint.ts";
import { ingestRaw } from "../ingest-raw.ts";
import { runEngine } from "../run.ts";

/** What takes longer than this is not the queue's normal delay any more. */
const lateMs = 5 * 60_000;
/** A server that asks to be tried again later takes the mail within this; so many at once are not one server's caution. */
const failingMs = 30 * 60_000;
const failingMax = 10;

export function engineRoutes(app: Router): void {
  endpoint(app, "health.get", ({ actor, system }) => healthOf(system, actor));
  endpoint(app, "inbound.ingest", async ({ raw, actor, system }) => {
    const result = await ingestRaw(system, actor.workspaceId, raw);
    if (!result) throw new AppError("mail_unreadable", "The body holds no mail that can be read.");
    return result;
  });
  endpoint(app, "internal.deadLetters", async ({ query, systems }) => {
    const { limit, cursor } = query;
    const before = Number(cursor?.[0] ?? Number.MAX_SAFE_INTEGER);
    const lists = await Promise.all(
      systems.map(({ db }) => listDeadLetters(db, { before, limit: limit + 1 })),
    );
    const rows = lists.flat().sort((a, b) => b.failedAt - a.failedAt);
    return pageOf(rows, limit, ({ failedAt }) => [failedAt]);
  });
  endpoint(app, "internal.run", async ({ systems, limits }) => {
    const shards = [];
    for (const system of systems) shards.push({ shard: system.shard, ...(await runEngine(system, limits)) });
    return { shards };
  });
  endpoint(app, "holds.get", async ({ params, actor, system }) => {
    const found = await findHold(system.db, actor.workspaceId, params.id, system.now());
    if (!found) throw new AppError("hold_not_found", "This person is not on hold.");
    return found;
  });
  endpoint(app, "holds.place", ({ params, body, actor, system }) => hold(system, actor, params.id, body));
  endpoint(app, "holds.release", async ({ params, actor, system }) => {
    await release(system, actor, params.id);
  });
}

async function healthOf(system: System, actor: Actor) {
  const now = system.now();
  const health = await loadHealth(system.db, actor, now);
  const age = (at: number | null) => (at === null ? null : Math.max(0, now - at));
  const oldestDueAgeMs = age(health.oldestDueAt);
  const oldestSendAgeMs = age(health.oldestSendDueAt);
  const late = Math.max(oldestDueAgeMs ?? 0, oldestSendAgeMs ?? 0) > lateMs;
  const next = [health.nextWakeAt, health.nextSendAt].filter((at) => at !== null);
  const failing = health.retryingMails >= failingMax || (age(health.failingSince) ?? 0) > failingMs;
  return {
    mode: health.mode,
    status: statusOf({ stopped: health.sendingStoppedAt !== null, late, failing }),
    now,
    lastTickAt: health.lastTickAt,
    // By the same clock: business time may have been stepped.
    lastTickAgeMs: health.lastTickAt === null ? null : Math.max(0, system.wallNow() - health.lastTickAt),
    oldestDueAgeMs,
    oldestSendAgeMs,
    due: health.dueEnrollments,
    queue: {
      queued: health.queuedSends,
      claimed: health.claimedSends,
      sending: health.sendingSends,
      dead: health.deadLetters,
    },
    mail: {
      waiting: health.waitingMails,
      retrying: health.retryingMails,
      failingSince: health.failingSince,
      lastError: health.lastError,
    },
    warnings: health.postalAddress?.trim() ? [] : [noPostalAddress],
    uncertain: health.uncertain,
    parked: health.parked,
    nextAt: next.length ? Math.min(...next) : null,
    sendingStoppedAt: health.sendingStoppedAt,
  };
}

const statusOf = ({ stopped, late, failing }: { stopped: boolean; late: boolean; failing: boolean }) =>
  stopped
    ? ("stopped" as const)
    : late
      ? ("late" as const)
      : failing
        ? ("degraded" as const)
        : ("ok" as const);

const noPostalAddress = {
  code: "postal_address_missing" as const,
  detail:
    "The mails say no postal address, as the law asks of commercial mail in many places. Set the workspace's `postalAddress`.",
};
