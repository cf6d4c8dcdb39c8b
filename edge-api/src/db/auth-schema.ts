/**
 * What better-auth keeps: who people are, their sessions, which workspaces they belong to, and what they let other
 * programs do. Its columns are the library's (`auth generate` writes them); the names of tables and indexes are ours.
 * Lives on the first shard only: a person signs in before anybody knows where their workspace lies.
 */
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

const instant = (name: string) => integer(name, { mode: "timestamp_ms" });
const flag = (name: string) => integer(name, { mode: "boolean" });
const json = (name: string) => text(name, { mode: "json" });

export const user = sqliteTable("auth_user", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: flag("email_verified").default(false).notNull(),
  image: text("image"),
  createdAt: instant("created_at").notNull(),
  updatedAt: instant("updated_at").notNull(),
});

export const session = sqliteTable(
  "auth_session",
  {
    id: text("id").primaryKey(),
    expiresAt: instant("expires_at").notNull(),
    token: text("token").notNull().unique(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    activeOrganizationId: text("active_organization_id"),
  },
  (table) => [index("auth_session_user_id").on(table.userId)],
);

export const account = sqliteTable(
  "auth_account",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: instant("access_token_expires_at"),
    refreshTokenExpiresAt: instant("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [index("auth_account_user_id").on(table.userId)],
);

export const verification = sqliteTable(
  "auth_verification",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: instant("expires_at").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [index("auth_verification_identifier").on(table.identifier)],
);

export const organization = sqliteTable("auth_organization", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  slug: text("slug").notNull().unique(),
  logo: text("logo"),
  createdAt: instant("created_at").notNull(),
  metadata: text("metadata"),
  /** Where the workspace lies: its shard and its key there. */
  shard: integer("shard").notNull(),
  workspaceKey: integer("workspace_key").notNull(),
});

export const member = sqliteTable(
  "auth_member",
  {
    id: text("id").primaryKey(),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organization.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    role: text("role").default("member").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    // Ours, and unique: two accepted invitations at once make one member.
    uniqueIndex("auth_member_organization_id").on(table.organizationId, table.userId),
    index("auth_member_user_id").on(table.userId),
  ],
);

export const invitation = sqliteTable(
  "auth_invitation",
  {
    id: text("id").primaryKey(),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organization.id, { onDelete: "cascade" }),
    email: text("email").notNull(),
    role: text("role"),
    status: text("status").default("pending").notNull(),
    expiresAt: instant("expires_at").notNull(),
    createdAt: instant("created_at").notNull(),
    inviterId: text("inviter_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
  },
  (table) => [
    index("auth_invitation_organization_id").on(table.organizationId),
    index("auth_invitation_email").on(table.email),
  ],
);

export const jwks = sqliteTable("auth_jwks", {
  id: text("id").primaryKey(),
  publicKey: text("public_key").notNull(),
  privateKey: text("private_key").notNull(),
  createdAt: instant("created_at").notNull(),
  expiresAt: instant("expires_at"),
  alg: text("alg"),
  crv: text("crv"),
});

export const oauthClient = sqliteTable(
  "auth_oauth_client",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id").notNull().unique(),
    clientSecret: text("client_secret"),
    clientDiscoveryId: text("client_discovery_id"),
    disabled: flag("disabled").default(false),
    skipConsent: flag("skip_consent"),
    enableEndSession: flag("enable_end_session"),
    subjectType: text("subject_type"),
    scopes: json("scopes"),
    clientCredentialsScopes: json("client_credentials_scopes").default([]),
    userId: text("user_id").references(() => user.id, { onDelete: "cascade" }),
    createdAt: instant("created_at"),
    updatedAt: instant("updated_at"),
    name: text("name"),
    uri: text("uri"),
    icon: text("icon"),
    contacts: json("contacts"),
    tos: text("tos"),
    policy: text("policy"),
    softwareId: text("software_id"),
    softwareVersion: text("software_version"),
    softwareStatement: text("software_statement"),
    redirectUris: json("redirect_uris").notNull(),
    postLogoutRedirectUris: json("post_logout_redirect_uris"),
    backchannelLogoutUri: text("backchannel_logout_uri"),
    backchannelLogoutSessionRequired: integer("backchannel_logout_session_required", { mode: "boolean" }),
    tokenEndpointAuthMethod: text("token_endpoint_auth_method"),
    applicationType: text("application_type"),
    jwks: text("jwks"),
    jwksUri: text("jwks_uri"),
    grantTypes: json("grant_types"),
    responseTypes: json("response_types"),
    requirePKCE: flag("require_pkce"),
    dpopBoundAccessTokens: flag("dpop_bound_access_tokens").default(false),
    referenceId: text("reference_id"),
    metadata: json("metadata"),
  },
  (table) => [index("auth_oauth_client_user_id").on(table.userId)],
);

export const oauthResource = sqliteTable("auth_oauth_resource", {
  id: text("id").primaryKey(),
  identifier: text("identifier").notNull().unique(),
  name: text("name").notNull(),
  accessTokenTtl: integer("access_token_ttl"),
  refreshTokenTtl: integer("refresh_token_ttl"),
  signingAlgorithm: text("signing_algorithm"),
  signingKeyId: text("signing_key_id"),
  allowedScopes: json("allowed_scopes"),
  customClaims: json("custom_claims"),
  dpopBoundAccessTokensRequired: flag("dpop_bound_access_tokens_required").default(false),
  disabled: flag("disabled").default(false),
  createdAt: instant("created_at"),
  updatedAt: instant("updated_at"),
  policyVersion: integer("policy_version").default(1),
  metadata: json("metadata"),
});

export const oauthClientResource = sqliteTable(
  "auth_oauth_client_resource",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id")
      .notNull()
      .references(() => oauthClient.clientId, { onDelete: "cascade" }),
    resourceId: text("resource_id")
      .notNull()
      .references(() => oauthResource.identifier, { onDelete: "cascade" }),
    metadata: json("metadata"),
    createdAt: instant("created_at"),
  },
  (table) => [
    uniqueIndex("auth_oauth_client_resource_client_id_resource_id").on(table.clientId, table.resourceId),
    index("auth_oauth_client_resource_client_id").on(table.clientId),
    index("auth_oauth_client_resource_resource_id").on(table.resourceId),
  ],
);

export const oauthRefreshToken = sqliteTable(
  "auth_oauth_refresh_token",
  {
    id: text("id").primaryKey(),
    token: text("token").notNull().unique(),
    clientId: text("client_id")
      .notNull()
      .references(() => oauthClient.clientId, { onDelete: "cascade" }),
    sessionId: text("session_id").references(() => session.id, {
      onDelete: "set null",
    }),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    referenceId: text("reference_id"),
    authorizationCodeId: text("authorization_code_id"),
    resources: json("resources"),
    requestedUserInfoClaims: json("requested_user_info_claims"),
    expiresAt: instant("expires_at").notNull(),
    createdAt: instant("created_at").notNull(),
    revoked: instant("revoked"),
    rotatedAt: instant("rotated_at"),
    rotationReplayResponse: text("rotation_replay_response"),
    rotationReplayExpiresAt: instant("rotation_replay_expires_at"),
    authTime: instant("auth_time"),
    confirmation: json("confirmation"),
    scopes: json("scopes").notNull(),
  },
  (table) => [
    index("auth_oauth_refresh_token_client_id").on(table.clientId),
    index("auth_oauth_refresh_token_session_id").on(table.sessionId),
    index("auth_oauth_refresh_token_user_id").on(table.userId),
    index("auth_oauth_refresh_token_authorization_code_id").on(table.authorizationCodeId),
  ],
);

export const oauthAccessToken = sqliteTable(
  "auth_oauth_access_token",
  {
    id: text("id").primaryKey(),
    token: text("token").notNull().unique(),
    clientId: text("client_id")
      .notNull()
      .references(() => oauthClient.clientId, { onDelete: "cascade" }),
    sessionId: text("session_id").references(() => session.id, {
      onDelete: "set null",
    }),
    userId: text("user_id").references(() => user.id, { onDelete: "cascade" }),
    referenceId: text("reference_id"),
    authorizationCodeId: text("authorization_code_id"),
    resources: json("resources"),
    requestedUserInfoClaims: json("requested_user_info_claims"),
    refreshId: text("refresh_id").references(() => oauthRefreshToken.id, {
      onDelete: "cascade",
    }),
    expiresAt: instant("expires_at").notNull(),
    createdAt: instant("created_at").notNull(),
    revoked: instant("revoked"),
    confirmation: json("confirmation"),
    scopes: json("scopes").notNull(),
  },
  (table) => [
    index("auth_oauth_access_token_client_id").on(table.clientId),
    index("auth_oauth_access_token_session_id").on(table.sessionId),
    index("auth_oauth_access_token_user_id").on(table.userId),
    index("auth_oauth_access_token_authorization_code_id").on(table.authorizationCodeId),
    index("auth_oauth_access_token_refresh_id").on(table.refreshId),
  ],
);

export const oauthConsent = sqliteTable(
  "auth_oauth_consent",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id")
      .notNull()
      .references(() => oauthClient.clientId, { onDelete: "cascade" }),
    userId: text("user_id").references(() => user.id, { onDelete: "cascade" }),
    referenceId: text("reference_id"),
    resources: json("resources"),
    requestedUserInfoClaims: json("requested_user_info_claims"),
    scopes: json("scopes").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    index("auth_oauth_consent_client_id").on(table.clientId),
    index("auth_oauth_consent_user_id").on(table.userId),
  ],
);

export const oauthClientAssertion = sqliteTable("auth_oauth_client_assertion", {
  id: text("id").primaryKey(),
  expiresAt: instant("expires_at").notNull(),
});

export const deviceCode = sqliteTable(
  "auth_device_code",
  {
    id: text("id").primaryKey(),
    deviceCode: text("device_code").notNull(),
    userCode: text("user_code").notNull(),
    userId: text("user_id"),
    expiresAt: instant("expires_at").notNull(),
    status: text("status").notNull(),
    lastPolledAt: instant("last_polled_at"),
    pollingInterval: integer("polling_interval"),
    clientId: text("client_id"),
    scope: text("scope"),
    resources: json("resources"),
    oauthClientId: text("oauth_client_id"),
  },
  (table) => [
    uniqueIndex("auth_device_code_device_code").on(table.deviceCode),
    uniqueIndex("auth_device_code_user_code").on(table.userCode),
  ],
);
