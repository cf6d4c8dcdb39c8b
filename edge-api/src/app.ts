/**
 * The Worker's HTTP side, put together once per isolate; the systems it works on come with each request, so that a
 * test or the demo can bring its own. A resource is one line here.
 */
import { type Auth, buildAuth } from "./auth/auth.ts";
import type { System } from "./domain/system.ts";
import type { Assets } from "./http/answer.ts";
import { assertComplete, createRouter } from "./http/router.ts";
import { apiKeyPages } from "./routes/api-key-pages.ts";
import { apiKeyRoutes } from "./routes/api-keys.ts";
import { appPages } from "./routes/app-pages.ts";
import { auditRoutes } from "./routes/audit.ts";
import { auditPages } from "./routes/audit-pages.ts";
import { authRoutes } from "./routes/auth.ts";
import { companyRoutes } from "./routes/companies.ts";
import { connectionRoutes } from "./routes/connections.ts";
import { contactRoutes } from "./routes/contacts.ts";
import { dealRoutes } from "./routes/deals.ts";
import { docsRoutes } from "./routes/docs.ts";
import { embedAppPages } from "./routes/embed-app-pages.ts";
import { embedAppRoutes } from "./routes/embed-apps.ts";
import { embedFrameRoutes } from "./routes/embed-frame.ts";
import { engineRoutes } from "./routes/engine.ts";
import { enrollmentRoutes } from "./routes/enrollments.ts";
import { internalRoutes } from "./routes/internal.ts";
import { invitationPages } from "./routes/invitation-pages.ts";
import { invitationRoutes } from "./routes/invitations.ts";
import { mailboxRoutes } from "./routes/mailboxes.ts";
import { meRoutes } from "./routes/me.ts";
import { memberPages } from "./routes/member-pages.ts";
import { memberRoutes } from "./routes/members.ts";
import { noticePages } from "./routes/notice-pages.ts";
import { noticeRoutes } from "./routes/notices.ts";
import { oauthPages } from "./routes/oauth.ts";
import { recordRoutes } from "./routes/record.ts";
import { scheduleRoutes } from "./routes/schedules.ts";
import { sequenceRoutes } from "./routes/sequences.ts";
import { setupRoutes } from "./routes/setup.ts";
import { signInRoutes } from "./routes/sign-in.ts";
import { suppressionRoutes } from "./routes/suppressions.ts";
import { taskRoutes } from "./routes/tasks.ts";
import { templateRoutes } from "./routes/templates.ts";
import { unsubscribeRoutes } from "./routes/unsubscribe.ts";
import { widgetRoutes } from "./routes/widget.ts";
import { workspaceRoutes } from "./routes/workspace.ts";
import type { EngineLimits } from "./run.ts";

const router = createRouter();
workspaceRoutes(router);
memberRoutes(router);
invitationRoutes(router);
meRoutes(router);
apiKeyRoutes(router);
mailboxRoutes(router);
scheduleRoutes(router);
companyRoutes(router);
contactRoutes(router);
dealRoutes(router);
recordRoutes(router);
suppressionRoutes(router);
sequenceRoutes(router);
templateRoutes(router);
enrollmentRoutes(router);
taskRoutes(router);
engineRoutes(router);
embedAppRoutes(router);
embedFrameRoutes(router);
auditRoutes(router);
connectionRoutes(router);
oauthPages(router);
noticeRoutes(router);
unsubscribeRoutes(router);
internalRoutes(router);
docsRoutes(router);
widgetRoutes(router);
authRoutes(router);
signInRoutes(router);
setupRoutes(router);
invitationPages(router);
appPages(router);
memberPages(router);
noticePages(router);
apiKeyPages(router);
embedAppPages(router);
auditPages(router);
assertComplete(router);

export type App = { fetch(request: Request, env?: unknown, ctx?: ExecutionContext): Promise<Response> };

export type AppOptions = {
  serviceToken: string;
  /** Makes the first workspace; without it that page says how to set one. */
  setupToken?: string | undefined;
  limits?: EngineLimits;
  /** The panel's files; without them it is not found here. */
  assets?: Assets | undefined;
  /** Signing in, put together once and kept; left out, this app makes its own. */
  auth?: Auth;
};

/** `systems` are the shards in order. */
export function createApp(systems: System[], options: AppOptions): App {
  const bindings = { systems, auth: buildAuth(systems[0]!), ...options };
  return { fetch: async (request, _env, ctx) => router.hono.fetch(request, bindings, ctx) };
}
