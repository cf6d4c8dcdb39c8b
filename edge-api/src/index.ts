/** The Worker: one line per way in. */
import { createApp } from "./app.ts";
import { onCron } from "./cron.ts";
import type { Wake } from "./domain/system.ts";
import { onEmail } from "./email.ts";
import type { Env } from "./env.ts";
import { onQueue } from "./queue.ts";
import { appOptions, buildSystems } from "./system.ts";

export default {
  fetch: (request, env, ctx) => createApp(buildSystems(env), appOptions(env)).fetch(request, env, ctx),
  scheduled: (event, env) => onCron(env, event.cron),
  queue: (batch, env) => onQueue(batch, buildSystems(env)),
  email: (message, env) => onEmail(message, buildSystems(env)),
} satisfies ExportedHandler<Env, Wake>;
