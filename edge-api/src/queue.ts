/**
 * Wake-ups: each runs a loop over rows, so a message that comes twice or late does no harm. Those that failed every
 * retry are kept to be seen.
 */
import type { System, Wake } from "./domain/system.ts";
import { type EngineLimits, runDelivery, runTick, runTidy } from "./run.ts";

export const deadQueue = "cadenza-wake-dead";

const work = { tick: runTick, deliver: runDelivery, tidy: runTidy };

/** Each loop succeeds or fails for its own messages: one shard in trouble holds back no other. */
export async function onQueue(
  batch: MessageBatch<Wake>,
  systems: System[],
  limits?: EngineLimits,
): Promise<void> {
  for (const [name, messages] of byLoop(batch.messages)) {
    const { kind, shard } = messages[0]!.body;
    const system = systems[shard] ?? systems[0]!;
    try {
      if (batch.queue === deadQueue) await park(system, messages);
      else if (!systems[shard]) throw new Error(`there is no shard ${shard}`);
      else await work[kind](system, limits);
      for (const message of messages) message.ack();
    } catch (error) {
      system.logError(`the wake-up ${name} failed`, error);
      for (const message of messages) message.retry();
    }
  }
}

/** Ten messages for one loop are one reason to run it. */
function byLoop(messages: readonly Message<Wake>[]): Map<string, Message<Wake>[]> {
  const loops = new Map<string, Message<Wake>[]>();
  for (const message of messages) {
    const name = `${message.body.kind}.${message.body.shard}`;
    loops.set(name, [...(loops.get(name) ?? []), message]);
  }
  return loops;
}

async function park({ db, wallNow }: System, messages: Message<Wake>[]): Promise<void> {
  await db.batch(
    messages.map(({ body }) =>
      db
        .prepare("INSERT INTO dead_letters (body, failed_at) VALUES (?1, ?2)")
        .bind(JSON.stringify(body), wallNow()),
    ),
  );
}
