/**
 * Every page people are served, and every form on one: who may see it is said here and checked in serve-page.ts, so
 * that a test can walk every role over every page. A form that does what the API does goes by the API's name for it.
 */
import type { Permission } from "@cadenza/shared/access";

/** `public`: anybody. `person`: whoever is signed in, in a workspace or not. Else: members who may (shared/access.ts). */
export type PageAccess = "public" | "person" | Permission;

export const pageRoutes = {
  start: ["GET", "/", "public"],

  "signIn.ask": ["GET", "/sign-in", "public"],
  "signIn.mail": ["POST", "/sign-in", "public"],
  "signIn.google": ["POST", "/sign-in/google", "public"],
  "signIn.confirm": ["GET", "/sign-in/confirm", "public"],
  "signIn.enter": ["POST", "/sign-in/confirm", "public"],
  "signIn.failed": ["GET", "/sign-in/failed", "public"],
  "signIn.leave": ["POST", "/sign-out", "public"],

  "setup.ask": ["GET", "/setup", "public"],
  "setup.make": ["POST", "/setup", "public"],

  "invitation.show": ["GET", "/invitations/:id", "public"],
  "invitation.accept": ["POST", "/invitations/:id/acceptance", "person"],
  "invitation.decline": ["POST", "/invitations/:id/refusal", "person"],

  "workspaces.list": ["GET", "/workspaces", "person"],
  "me.switchWorkspace": ["POST", "/workspaces", "person"],

  "app.home": ["GET", "/app", "read"],
  "app.members": ["GET", "/app/members", "read"],
  "members.update": ["POST", "/app/members/:id/role", "administer"],
  "members.remove": ["POST", "/app/members/:id/removal", "administer"],
  "invitations.create": ["POST", "/app/invitations", "administer"],
  "invitations.withdraw": ["POST", "/app/invitations/:id/withdrawal", "administer"],
  "app.settings": ["GET", "/app/settings", "self"],
  "me.update": ["POST", "/app/settings", "self"],
  "me.chooseNotices": ["POST", "/app/settings/notices", "self"],

  "app.notices": ["GET", "/app/notices", "self"],
  "notices.read": ["POST", "/app/notices/:id/read", "self"],

  "app.apiKeys": ["GET", "/app/api-keys", "administer"],
  "apiKeys.create": ["POST", "/app/api-keys", "administer"],
  "apiKeys.rotate": ["POST", "/app/api-keys/:id/rotation", "administer"],
  "apiKeys.revoke": ["POST", "/app/api-keys/:id/revocation", "administer"],

  "app.embedApps": ["GET", "/app/host-apps", "administer"],
  "embedApps.create": ["POST", "/app/host-apps", "administer"],
  "app.embedApp": ["GET", "/app/host-apps/:id", "administer"],
  "embedApps.update": ["POST", "/app/host-apps/:id", "administer"],
  "embedApps.disable": ["POST", "/app/host-apps/:id/disablement", "administer"],
  "embedApps.enable": ["POST", "/app/host-apps/:id/enablement", "administer"],
  "embedApps.createSecret": ["POST", "/app/host-apps/:id/secrets", "administer"],
  "embedApps.revokeSecret": ["POST", "/app/host-apps/:id/secrets/:kid/revocation", "administer"],

  "app.audit": ["GET", "/app/audit-log", "administer"],

  "app.connections": ["GET", "/app/connections", "self"],
  "connections.end": ["POST", "/app/connections/:id/end", "self"],

  "oauth.signIn": ["GET", "/oauth/sign-in", "public"],
  "oauth.ask": ["GET", "/oauth/consent", "self"],
  "oauth.answer": ["POST", "/oauth/consent", "self"],
  "device.ask": ["GET", "/device", "self"],
  "device.answer": ["POST", "/device", "self"],
} as const satisfies Record<string, readonly ["GET" | "POST", `/${string}`, PageAccess]>;

export type PageRoutes = typeof pageRoutes;
export type PageName = keyof PageRoutes;
