/**
 * Every route, by the name its contract, its handler and its callers use. It reads as the table of contents; state
 * changes are sub-resources.
 */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export const routes = {
  "workspace.get": ["GET", "/v1/workspace"],
  "workspace.update": ["PATCH", "/v1/workspace"],
  "workspace.stopSending": ["PUT", "/v1/workspace/sending-stop"],
  "workspace.resumeSending": ["DELETE", "/v1/workspace/sending-stop"],

  "members.list": ["GET", "/v1/members"],
  "members.create": ["POST", "/v1/members"],
  "members.get": ["GET", "/v1/members/:id"],
  "members.update": ["PATCH", "/v1/members/:id"],
  "members.remove": ["DELETE", "/v1/members/:id"],

  "invitations.list": ["GET", "/v1/invitations"],
  "invitations.create": ["POST", "/v1/invitations"],
  "invitations.withdraw": ["DELETE", "/v1/invitations/:id"],

  "me.get": ["GET", "/v1/me"],
  "me.update": ["PATCH", "/v1/me"],
  "me.switchWorkspace": ["PUT", "/v1/me/workspace"],

  "me.noticeChoice": ["GET", "/v1/me/notice-choice"],
  "me.chooseNotices": ["PUT", "/v1/me/notice-choice"],
  "notices.list": ["GET", "/v1/notices"],
  "notices.read": ["PUT", "/v1/notices/:id/read"],

  "connections.list": ["GET", "/v1/me/connections"],
  "connections.end": ["DELETE", "/v1/me/connections/:id"],

  "apiKeys.list": ["GET", "/v1/api-keys"],
  "apiKeys.create": ["POST", "/v1/api-keys"],
  "apiKeys.rotate": ["POST", "/v1/api-keys/:id/rotation"],
  "apiKeys.revoke": ["DELETE", "/v1/api-keys/:id"],

  "mailboxes.list": ["GET", "/v1/mailboxes"],
  "mailboxes.create": ["POST", "/v1/mailboxes"],
  "mailboxes.get": ["GET", "/v1/mailboxes/:id"],
  "mailboxes.update": ["PATCH", "/v1/mailboxes/:id"],
  "mailboxes.disable": ["PUT", "/v1/mailboxes/:id/disablement"],
  "mailboxes.enable": ["DELETE", "/v1/mailboxes/:id/disablement"],

  "schedules.list": ["GET", "/v1/schedules"],
  "schedules.create": ["POST", "/v1/schedules"],
  "schedules.get": ["GET", "/v1/schedules/:id"],
  "schedules.update": ["PATCH", "/v1/schedules/:id"],

  "companies.list": ["GET", "/v1/companies"],
  "companies.create": ["POST", "/v1/companies"],
  "companies.get": ["GET", "/v1/companies/:id"],
  "companies.update": ["PATCH", "/v1/companies/:id"],

  "contacts.list": ["GET", "/v1/contacts"],
  "contacts.create": ["POST", "/v1/contacts"],
  "contacts.createBatch": ["POST", "/v1/contacts/batch"],
  "contacts.get": ["GET", "/v1/contacts/:id"],
  "contacts.update": ["PATCH", "/v1/contacts/:id"],
  "contacts.timeline": ["GET", "/v1/contacts/:id/timeline"],
  "contacts.export": ["GET", "/v1/contacts/:id/export"],
  "contacts.erase": ["POST", "/v1/contacts/:id/erasure"],

  "deals.list": ["GET", "/v1/deals"],
  "deals.create": ["POST", "/v1/deals"],
  "deals.get": ["GET", "/v1/deals/:id"],
  "deals.update": ["PATCH", "/v1/deals/:id"],

  "lookup.get": ["GET", "/v1/lookup"],
  "record.get": ["GET", "/v1/record"],

  "suppressions.list": ["GET", "/v1/suppressions"],
  "suppressions.create": ["POST", "/v1/suppressions"],
  "suppressions.delete": ["DELETE", "/v1/suppressions/:id"],

  "sequences.list": ["GET", "/v1/sequences"],
  "sequences.create": ["POST", "/v1/sequences"],
  "sequences.get": ["GET", "/v1/sequences/:id"],
  "sequences.update": ["PATCH", "/v1/sequences/:id"],
  "sequences.versions": ["GET", "/v1/sequences/:id/versions"],
  "sequences.publish": ["POST", "/v1/sequences/:id/versions"],
  "sequences.pause": ["PUT", "/v1/sequences/:id/pause"],
  "sequences.resume": ["DELETE", "/v1/sequences/:id/pause"],
  "sequences.archive": ["PUT", "/v1/sequences/:id/archive"],
  "sequences.numbers": ["GET", "/v1/sequences/:id/numbers"],
  "sequences.preview": ["POST", "/v1/sequences/:id/preview"],

  "mergeFields.list": ["GET", "/v1/merge-fields"],
  "templates.check": ["POST", "/v1/templates/check"],

  "enrollments.create": ["POST", "/v1/sequences/:id/enrollments"],
  "enrollments.createMany": ["POST", "/v1/sequences/:id/enrollments/batch"],
  "enrollments.list": ["GET", "/v1/enrollments"],
  "enrollments.get": ["GET", "/v1/enrollments/:id"],
  "enrollments.update": ["PATCH", "/v1/enrollments/:id"],
  "enrollments.pause": ["PUT", "/v1/enrollments/:id/pause"],
  "enrollments.resume": ["DELETE", "/v1/enrollments/:id/pause"],
  "enrollments.cancel": ["PUT", "/v1/enrollments/:id/cancellation"],
  "enrollments.reopen": ["DELETE", "/v1/enrollments/:id/end"],
  "enrollments.skip": ["POST", "/v1/enrollments/:id/skips"],
  "enrollments.plan": ["GET", "/v1/enrollments/:id/plan"],
  "enrollments.explain": ["GET", "/v1/enrollments/:id/explain"],
  "enrollments.sends": ["GET", "/v1/enrollments/:id/sends"],

  "sends.list": ["GET", "/v1/sends"],
  "sends.get": ["GET", "/v1/sends/:id"],
  "sends.settle": ["PUT", "/v1/sends/:id/settlement"],

  "tasks.list": ["GET", "/v1/tasks"],
  "tasks.get": ["GET", "/v1/tasks/:id"],
  "tasks.done": ["PUT", "/v1/tasks/:id/done"],
  "tasks.skip": ["PUT", "/v1/tasks/:id/skip"],
  "tasks.snooze": ["PUT", "/v1/tasks/:id/snooze"],
  "tasks.approve": ["PUT", "/v1/tasks/:id/approval"],

  "holds.get": ["GET", "/v1/contacts/:id/hold"],
  "holds.place": ["PUT", "/v1/contacts/:id/hold"],
  "holds.release": ["DELETE", "/v1/contacts/:id/hold"],

  "inbound.ingest": ["POST", "/v1/inbound"],
  "health.get": ["GET", "/v1/health"],

  "embedApps.list": ["GET", "/v1/embed-apps"],
  "embedApps.create": ["POST", "/v1/embed-apps"],
  "embedApps.get": ["GET", "/v1/embed-apps/:id"],
  "embedApps.update": ["PATCH", "/v1/embed-apps/:id"],
  "embedApps.disable": ["PUT", "/v1/embed-apps/:id/disablement"],
  "embedApps.enable": ["DELETE", "/v1/embed-apps/:id/disablement"],
  "embedApps.createSecret": ["POST", "/v1/embed-apps/:id/secrets"],
  "embedApps.revokeSecret": ["DELETE", "/v1/embed-apps/:id/secrets/:kid"],
  "embed.session": ["POST", "/v1/embed/session"],

  "audit.list": ["GET", "/v1/audit"],
  "audit.export": ["GET", "/v1/audit/export"],

  "internal.run": ["POST", "/internal/sequences/run"],
  "internal.deadLetters": ["GET", "/internal/dead-letters"],
  "internal.createWorkspace": ["POST", "/internal/workspaces"],
  "internal.stopSending": ["PUT", "/internal/sending-stop"],
  "internal.resumeSending": ["DELETE", "/internal/sending-stop"],
} as const satisfies Record<string, readonly [Method, `/${string}`]>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
