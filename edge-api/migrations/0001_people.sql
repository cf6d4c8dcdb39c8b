CREATE TABLE `audit_entries` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`via` text NOT NULL,
	`ip` text,
	`user_agent` text,
	`action` text NOT NULL,
	`record` text,
	`outcome` text NOT NULL,
	`request_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_entries_workspace` ON `audit_entries` (`workspace_id`,`at`);--> statement-breakpoint
CREATE TABLE `embed_apps` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`name` text NOT NULL,
	`origins` text NOT NULL,
	`new_member_role` text,
	`disabled_at` integer,
	`rev` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `embed_apps_workspace` ON `embed_apps` (`workspace_id`);--> statement-breakpoint
CREATE TABLE `embed_exchanges` (
	`app_id` integer NOT NULL,
	`token_hash` text NOT NULL,
	`origin` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`app_id`, `token_hash`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `embed_origins` (
	`origin` text NOT NULL,
	`app_id` integer NOT NULL,
	`workspace_id` integer NOT NULL,
	PRIMARY KEY(`origin`, `workspace_id`, `app_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `embed_origins_app` ON `embed_origins` (`app_id`);--> statement-breakpoint
CREATE TABLE `embed_secrets` (
	`kid` text PRIMARY KEY NOT NULL,
	`app_id` integer NOT NULL,
	`sealed_secret` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE INDEX `embed_secrets_app` ON `embed_secrets` (`app_id`);--> statement-breakpoint
CREATE TABLE `embed_users` (
	`app_id` integer NOT NULL,
	`subject` text NOT NULL,
	`member_id` integer NOT NULL,
	PRIMARY KEY(`app_id`, `subject`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `notices` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`member_id` integer NOT NULL,
	`kind` text NOT NULL,
	`contact_id` integer,
	`enrollment_id` integer,
	`mailbox_id` integer,
	`data` text NOT NULL,
	`at` integer NOT NULL,
	`read_at` integer,
	`mail_due_at` integer
);
--> statement-breakpoint
CREATE INDEX `notices_member` ON `notices` (`member_id`);--> statement-breakpoint
CREATE INDEX `notices_mail` ON `notices` (`mail_due_at`) WHERE mail_due_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `rate_limits` (
	`key` text PRIMARY KEY NOT NULL,
	`clear_at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `auth_account` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`user_id` text NOT NULL,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `auth_user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `auth_account_user_id` ON `auth_account` (`user_id`);--> statement-breakpoint
CREATE TABLE `auth_device_code` (
	`id` text PRIMARY KEY NOT NULL,
	`device_code` text NOT NULL,
	`user_code` text NOT NULL,
	`user_id` text,
	`expires_at` integer NOT NULL,
	`status` text NOT NULL,
	`last_polled_at` integer,
	`polling_interval` integer,
	`client_id` text,
	`scope` text,
	`resources` text,
	`oauth_client_id` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_device_code_device_code` ON `auth_device_code` (`device_code`);--> statement-breakpoint
CREATE UNIQUE INDEX `auth_device_code_user_code` ON `auth_device_code` (`user_code`);--> statement-breakpoint
CREATE TABLE `auth_invitation` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`email` text NOT NULL,
	`role` text,
	`status` text DEFAULT 'pending' NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`inviter_id` text NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `auth_organization`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`inviter_id`) REFERENCES `auth_user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `auth_invitation_organization_id` ON `auth_invitation` (`organization_id`);--> statement-breakpoint
CREATE INDEX `auth_invitation_email` ON `auth_invitation` (`email`);--> statement-breakpoint
CREATE TABLE `auth_jwks` (
	`id` text PRIMARY KEY NOT NULL,
	`public_key` text NOT NULL,
	`private_key` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`alg` text,
	`crv` text
);
--> statement-breakpoint
CREATE TABLE `auth_member` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text DEFAULT 'member' NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `auth_organization`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `auth_user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_member_organization_id` ON `auth_member` (`organization_id`,`user_id`);--> statement-breakpoint
CREATE INDEX `auth_member_user_id` ON `auth_member` (`user_id`);--> statement-breakpoint
CREATE TABLE `auth_oauth_access_token` (
	`id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`client_id` text NOT NULL,
	`session_id` text,
	`user_id` text,
	`reference_id` text,
	`authorization_code_id` text,
	`resources` text,
	`requested_user_info_claims` text,
	`refresh_id` text,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`revoked` integer,
	`confirmation` text,
	`scopes` text NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `auth_oauth_client`(`client_id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`session_id`) REFERENCES `auth_session`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`user_id`) REFERENCES `auth_user`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`refresh_id`) REFERENCES `auth_oauth_refresh_token`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_oauth_access_token_token_unique` ON `auth_oauth_access_token` (`token`);--> statement-breakpoint
CREATE INDEX `auth_oauth_access_token_client_id` ON `auth_oauth_access_token` (`client_id`);--> statement-breakpoint
CREATE INDEX `auth_oauth_access_token_session_id` ON `auth_oauth_access_token` (`session_id`);--> statement-breakpoint
CREATE INDEX `auth_oauth_access_token_user_id` ON `auth_oauth_access_token` (`user_id`);--> statement-breakpoint
CREATE INDEX `auth_oauth_access_token_authorization_code_id` ON `auth_oauth_access_token` (`authorization_code_id`);--> statement-breakpoint
CREATE INDEX `auth_oauth_access_token_refresh_id` ON `auth_oauth_access_token` (`refresh_id`);--> statement-breakpoint
CREATE TABLE `auth_oauth_client` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`client_secret` text,
	`client_discovery_id` text,
	`disabled` integer DEFAULT false,
	`skip_consent` integer,
	`enable_end_session` integer,
	`subject_type` text,
	`scopes` text,
	`client_credentials_scopes` text DEFAULT '[]',
	`user_id` text,
	`created_at` integer,
	`updated_at` integer,
	`name` text,
	`uri` text,
	`icon` text,
	`contacts` text,
	`tos` text,
	`policy` text,
	`software_id` text,
	`software_version` text,
	`software_statement` text,
	`redirect_uris` text NOT NULL,
	`post_logout_redirect_uris` text,
	`backchannel_logout_uri` text,
	`backchannel_logout_session_required` integer,
	`token_endpoint_auth_method` text,
	`application_type` text,
	`jwks` text,
	`jwks_uri` text,
	`grant_types` text,
	`response_types` text,
	`require_pkce` integer,
	`dpop_bound_access_tokens` integer DEFAULT false,
	`reference_id` text,
	`metadata` text,
	FOREIGN KEY (`user_id`) REFERENCES `auth_user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_oauth_client_client_id_unique` ON `auth_oauth_client` (`client_id`);--> statement-breakpoint
CREATE INDEX `auth_oauth_client_user_id` ON `auth_oauth_client` (`user_id`);--> statement-breakpoint
CREATE TABLE `auth_oauth_client_assertion` (
	`id` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `auth_oauth_client_resource` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`resource_id` text NOT NULL,
	`metadata` text,
	`created_at` integer,
	FOREIGN KEY (`client_id`) REFERENCES `auth_oauth_client`(`client_id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`resource_id`) REFERENCES `auth_oauth_resource`(`identifier`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_oauth_client_resource_client_id_resource_id` ON `auth_oauth_client_resource` (`client_id`,`resource_id`);--> statement-breakpoint
CREATE INDEX `auth_oauth_client_resource_client_id` ON `auth_oauth_client_resource` (`client_id`);--> statement-breakpoint
CREATE INDEX `auth_oauth_client_resource_resource_id` ON `auth_oauth_client_resource` (`resource_id`);--> statement-breakpoint
CREATE TABLE `auth_oauth_consent` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`user_id` text,
	`reference_id` text,
	`resources` text,
	`requested_user_info_claims` text,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `auth_oauth_client`(`client_id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `auth_user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `auth_oauth_consent_client_id` ON `auth_oauth_consent` (`client_id`);--> statement-breakpoint
CREATE INDEX `auth_oauth_consent_user_id` ON `auth_oauth_consent` (`user_id`);--> statement-breakpoint
CREATE TABLE `auth_oauth_refresh_token` (
	`id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`client_id` text NOT NULL,
	`session_id` text,
	`user_id` text NOT NULL,
	`reference_id` text,
	`authorization_code_id` text,
	`resources` text,
	`requested_user_info_claims` text,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`revoked` integer,
	`rotated_at` integer,
	`rotation_replay_response` text,
	`rotation_replay_expires_at` integer,
	`auth_time` integer,
	`confirmation` text,
	`scopes` text NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `auth_oauth_client`(`client_id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`session_id`) REFERENCES `auth_session`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`user_id`) REFERENCES `auth_user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_oauth_refresh_token_token_unique` ON `auth_oauth_refresh_token` (`token`);--> statement-breakpoint
CREATE INDEX `auth_oauth_refresh_token_client_id` ON `auth_oauth_refresh_token` (`client_id`);--> statement-breakpoint
CREATE INDEX `auth_oauth_refresh_token_session_id` ON `auth_oauth_refresh_token` (`session_id`);--> statement-breakpoint
CREATE INDEX `auth_oauth_refresh_token_user_id` ON `auth_oauth_refresh_token` (`user_id`);--> statement-breakpoint
CREATE INDEX `auth_oauth_refresh_token_authorization_code_id` ON `auth_oauth_refresh_token` (`authorization_code_id`);--> statement-breakpoint
CREATE TABLE `auth_oauth_resource` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`name` text NOT NULL,
	`access_token_ttl` integer,
	`refresh_token_ttl` integer,
	`signing_algorithm` text,
	`signing_key_id` text,
	`allowed_scopes` text,
	`custom_claims` text,
	`dpop_bound_access_tokens_required` integer DEFAULT false,
	`disabled` integer DEFAULT false,
	`created_at` integer,
	`updated_at` integer,
	`policy_version` integer DEFAULT 1,
	`metadata` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_oauth_resource_identifier_unique` ON `auth_oauth_resource` (`identifier`);--> statement-breakpoint
CREATE TABLE `auth_organization` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`slug` text NOT NULL,
	`logo` text,
	`created_at` integer NOT NULL,
	`metadata` text,
	`shard` integer NOT NULL,
	`workspace_key` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_organization_slug_unique` ON `auth_organization` (`slug`);--> statement-breakpoint
CREATE TABLE `auth_session` (
	`id` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL,
	`token` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`user_id` text NOT NULL,
	`active_organization_id` text,
	FOREIGN KEY (`user_id`) REFERENCES `auth_user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_session_token_unique` ON `auth_session` (`token`);--> statement-breakpoint
CREATE INDEX `auth_session_user_id` ON `auth_session` (`user_id`);--> statement-breakpoint
CREATE TABLE `auth_user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer DEFAULT false NOT NULL,
	`image` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_user_email_unique` ON `auth_user` (`email`);--> statement-breakpoint
CREATE TABLE `auth_verification` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `auth_verification_identifier` ON `auth_verification` (`identifier`);--> statement-breakpoint
ALTER TABLE `contacts` ADD `erased_at` integer;--> statement-breakpoint
ALTER TABLE `members` ADD `user_id` text;--> statement-breakpoint
ALTER TABLE `members` ADD `notify` text;--> statement-breakpoint
ALTER TABLE `members` ADD `removed_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `members_user` ON `members` (`user_id`,`workspace_id`) WHERE user_id IS NOT NULL;--> statement-breakpoint
ALTER TABLE `sequences` ADD `visibility` text DEFAULT 'shared' NOT NULL;--> statement-breakpoint
ALTER TABLE `workspaces` ADD `test_of` integer;--> statement-breakpoint
ALTER TABLE `workspaces` ADD `events_kept_days` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `workspaces_test_of` ON `workspaces` (`test_of`) WHERE test_of IS NOT NULL;--> statement-breakpoint
CREATE TRIGGER `audit_entries_unchanged` BEFORE UPDATE ON `audit_entries`
BEGIN
	SELECT RAISE(ABORT, 'the audit log is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_entries_kept` BEFORE DELETE ON `audit_entries`
WHEN OLD.`at` > (unixepoch() - 31536000) * 1000
BEGIN
	SELECT RAISE(ABORT, 'the audit log is kept for a year');
END;
