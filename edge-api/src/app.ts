/**
 * The Worker's HTTP side, put together once per isolate; the systems it works on come with each request, so that a
 * test or the demo can bring its own. A resource is one line here.
 */
import { type Auth, buildAuth } from "./auth/auth.ts";
import type { System } from "./domain/system.ts";
import { assertComplete } from "./http/endpoint.ts";
import { createRouter } from "./http/router.ts";
import { apiKeyRoutes } from "./routes/api-keys.ts";
import { companyRoutes } from "./routes/companies.ts";
import { contactRoutes } from "./routes/contacts.ts";
import { dealRoutes } from "./routes/deals.ts";
import { docsRoutes } from "./routes/docs.ts";
import { engineRoutes } from "./routes/engine.ts";
import { enrollmentRoutes } from "./routes/enrollments.ts";
import { internalRoutes } from "./routes/internal.ts";
import { mailboxRoutes } from "./routes/mailboxes.ts";
import { memberRoutes } from "./routes/members.ts";
import { scheduleRoutes } from "./routes/schedules.ts";
import { sequenceRoutes } from "./routes/sequences.ts";
import { suppressionRoutes } from "./routes/suppressions.ts";
import { taskRoutes } from "./routes/tasks.ts";
import { unsubscribeRoutes } from "./routes/unsubscribe.ts";
import { workspaceRoutes } from "./routes/workspace.ts";
import type { EngineLimits } from "./run.ts";

const router = createRouter();
workspaceRoutes(router);
memberRoutes(router);
apiKeyRoutes(router);
mailboxRoutes(router);
scheduleRoutes(router);
companyRoutes(router);
contactRoutes(router);
dealRoutes(router);
suppressionRoutes(router);
sequenceRoutes(router);
enrollmentRoutes(router);
taskRoutes(router);
engineRoutes(router);
unsubscribeRoutes(router);
internalRoutes(router);
docsRoutes(router);
assertComplete(router);

export type App = { fetch(request: Request, env?: unknown, ctx?: ExecutionContext): Promise<Response> };

export type AppOptions = {
  serviceToken: string;
  /** Makes the first workspace; without it that page says how to set one. */
  setupToken?: string | undefined;
  limits?: EngineLimits;
  /** Signing in, put together once and kept; left out, this app makes its own. */
  auth?: Auth;
};

/** `systems` are the shards in order. */
export function createApp(systems: System[], options: AppOptions): App {
  const bindings = { systems, auth: buildAuth(systems[0]!), ...options };
  return { fetch: async (request, _env, ctx) => router.hono.fetch(request, bindings, ctx) };
}
