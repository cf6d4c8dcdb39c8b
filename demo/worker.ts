/**
 * The demo's Worker: the product's, on a clock that stands still until it is told the time. This file is the only
 * place such a clock exists, and an entrypoint of its own: the production entrypoint never imports it.
 *
 * Invariant: the production bundle holds nothing of this file (tests/demo.test.ts).
 */
import { createApp } from "@cadenza/edge-api/app";
import { onCron } from "@cadenza/edge-api/cron";
import type { System, Wake } from "@cadenza/edge-api/domain/system";
import { onEmail } from "@cadenza/edge-api/email";
import type { Env } from "@cadenza/edge-api/env";
import { onQueue } from "@cadenza/edge-api/queue";
import { type EngineLimits, engineLimits } from "@cadenza/edge-api/run";
import { appOptions, buildSystems } from "@cadenza/edge-api/system";
import { demoLimits, wireTimeoutMs } from "./limits.ts";

type DemoEnv = Env & { DEMO_CLOCK: D1Database };

const limits: EngineLimits = {
  tick: { ...engineLimits.tick, ...demoLimits.tick },
  deliver: { ...engineLimits.deliver, ...demoLimits.deliver },
  recover: { ...engineLimits.recover, ...demoLimits.recover },
};

export default {
  fetch: async (request, env, ctx) => {
    if (new URL(request.url).pathname === "/demo/clock") return setClock(request, env);
    const app = createApp(await steppedSystems(env), { ...appOptions(env), limits });
    return app.fetch(request, env, ctx);
  },
  scheduled: (event, env) => onCron(env, event.cron),
  queue: async (batch, env) => onQueue(batch, await steppedSystems(env), limits),
  email: async (message, env) => onEmail(message, await steppedSystems(env)),
} satisfies ExportedHandler<DemoEnv, Wake>;

/** The clock is read once an invocation: within one, time stands still. */
async function steppedSystems(env: DemoEnv): Promise<System[]> {
  const clock = await env.DEMO_CLOCK.prepare("SELECT now FROM clock").first<{ now: number }>();
  if (!clock) throw new Error("the demo's clock was not set");
  return buildSystems(env, { now: () => clock.now, wireTimeoutMs });
}

async function setClock(request: Request, env: DemoEnv): Promise<Response> {
  if (request.headers.get("authorization") !== `Bearer ${env.CADENZA_SERVICE_TOKEN}`) {
    return new Response(null, { status: 401 });
  }
  const { now } = (await request.json()) as { now: number };
  await env.DEMO_CLOCK.batch([
    env.DEMO_CLOCK.prepare(
      "CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 1), now INTEGER NOT NULL)",
    ),
    env.DEMO_CLOCK.prepare(
      "INSERT INTO clock VALUES (1, ?1) ON CONFLICT DO UPDATE SET now = excluded.now",
    ).bind(now),
  ]);
  return new Response(null, { status: 204 });
}
