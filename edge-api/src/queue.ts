/**
 * Wake-ups: each runs a loop over rows, so a message that comes twice or late does no harm. Those that failed every
 * retry are kept to be seen.
 */
import type { System, Wake } from "./domain/system.ts";
import { type EngineLimits, runDelivery, runTick, runTidy } from "./run.ts";

export const deadQueue = "cadenza-wake-dead";

export async function onQueue(batch: MessageBatch<Wake>, systems: System[], limits?: EngineLimits): Promise<void> {
  if (batch.queue === deadQueue) return park(batch, systems);
  // Ten messages for one loop are one reason to run it.
  const wanted = new Map(batch.messages.map(({ body }) => [`${body.kind}.${body.shard}`, body]));
  for (const { kind, shard } of wanted.values()) {
    const system = systems[shard];
    if (!system) throw new Error(`there is no shard ${shard}`);
    await work[kind](system, limits);
  }
  batch.ackAll();
}

const work = { tick: runTick, deliver: runDelivery, tidy: runTidy };

async function park(batch: MessageBatch<Wake>, systems: System[]): Promise<void> {
  const { db, wallNow } = systems[0]!;
  await db.batch(
    batch.messages.map(({ body }) =>
      db
        .prepare("INSERT INTO dead_letters (body, failed_at) VALUES (?1, ?2)")
        .bind(JSON.stringify(body), wallNow()),
    ),
  );
  batch.ackAll();
}
