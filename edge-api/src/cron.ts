/** Every minute one wake-up per shard, and once a day a tidying. The rows are the truth: a minute missed or doubled harms nothing. */
import { type Env, shardsOf } from "./env.ts";

/** As in wrangler.toml. */
const daily = "17 3 * * *";

export async function onCron(env: Env, cron: string): Promise<void> {
  const kind = cron === daily ? ("tidy" as const) : ("tick" as const);
  await env.WAKE.sendBatch(shardsOf(env).map((_, shard) => ({ body: { kind, shard } })));
}
