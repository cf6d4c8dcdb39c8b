/** Every minute: one wake-up per shard. The rows are the truth, so a minute that is missed or doubled harms nothing. */
import type { Env } from "./env.ts";
import { shardsOf } from "./env.ts";

export async function onCron(env: Env): Promise<void> {
  await env.WAKE.sendBatch(shardsOf(env).map((_, shard) => ({ body: { kind: "tick" as const, shard } })));
}
