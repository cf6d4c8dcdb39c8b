CREATE TABLE `api_keys` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`name` text NOT NULL,
	`secret_hash` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE INDEX `api_keys_workspace` ON `api_keys` (`workspace_id`);--> statement-breakpoint
CREATE TABLE `companies` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`name` text NOT NULL,
	`domain` text,
	`custom` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `companies_name` ON `companies` (`workspace_id`,`name`);--> statement-breakpoint
CREATE TABLE `contact_addresses` (
	`workspace_id` integer NOT NULL,
	`email` text NOT NULL,
	`contact_id` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `email`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `contact_addresses_contact` ON `contact_addresses` (`contact_id`);--> statement-breakpoint
CREATE TABLE `contacts` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`kind` text NOT NULL,
	`email` text,
	`first_name` text,
	`last_name` text,
	`title` text,
	`phone` text,
	`linkedin_url` text,
	`company_id` integer,
	`owner_id` integer,
	`time_zone` text,
	`country` text,
	`locale` text,
	`custom` text NOT NULL,
	`rev` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `contacts_workspace` ON `contacts` (`workspace_id`);--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`id` integer PRIMARY KEY NOT NULL,
	`body` text NOT NULL,
	`failed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `deals` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`name` text NOT NULL,
	`stage` text,
	`amount` integer,
	`currency` text,
	`contact_id` integer,
	`company_id` integer,
	`owner_id` integer,
	`custom` text NOT NULL,
	`rev` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `deals_workspace` ON `deals` (`workspace_id`);--> statement-breakpoint
CREATE TABLE `enrollments` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`sequence_id` integer NOT NULL,
	`version_id` integer NOT NULL,
	`contact_id` integer NOT NULL,
	`deal_id` integer,
	`mailbox_id` integer,
	`owner_id` integer,
	`status` text NOT NULL,
	`reason` text,
	`detail` text,
	`wait_reason` text,
	`step_id` integer NOT NULL,
	`cycle` integer NOT NULL,
	`epoch` integer NOT NULL,
	`rev` integer NOT NULL,
	`due_at` integer NOT NULL,
	`wake_at` integer,
	`remaining_ms` integer,
	`lease_token` text,
	`lease_until` integer,
	`thread_subject` text,
	`thread_references` text NOT NULL,
	`executed_at` integer,
	`enrolled_at` integer NOT NULL,
	`ended_at` integer,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `enrollments_wake` ON `enrollments` (`wake_at`) WHERE wake_at IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `enrollments_live` ON `enrollments` (`contact_id`,`sequence_id`) WHERE status IN ('active', 'paused');--> statement-breakpoint
CREATE INDEX `enrollments_contact` ON `enrollments` (`contact_id`);--> statement-breakpoint
CREATE INDEX `enrollments_sequence` ON `enrollments` (`sequence_id`,`status`);--> statement-breakpoint
CREATE INDEX `enrollments_sequence_all` ON `enrollments` (`sequence_id`);--> statement-breakpoint
CREATE INDEX `enrollments_workspace` ON `enrollments` (`workspace_id`);--> statement-breakpoint
CREATE INDEX `enrollments_status` ON `enrollments` (`workspace_id`,`status`);--> statement-breakpoint
CREATE INDEX `enrollments_parked` ON `enrollments` (`workspace_id`) WHERE reason = 'parked';--> statement-breakpoint
CREATE TABLE `events` (
	`contact_id` integer NOT NULL,
	`at` integer NOT NULL,
	`id` integer NOT NULL,
	`workspace_id` integer NOT NULL,
	`type` text NOT NULL,
	`enrollment_id` integer,
	`step_id` integer,
	`actor` text NOT NULL,
	`data` text NOT NULL,
	PRIMARY KEY(`contact_id`, `at`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `external_references` (
	`workspace_id` integer NOT NULL,
	`system` text NOT NULL,
	`type` text NOT NULL,
	`external_id` text NOT NULL,
	`entity` text NOT NULL,
	`entity_id` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `system`, `type`, `external_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `external_references_entity` ON `external_references` (`entity`,`entity_id`);--> statement-breakpoint
CREATE TABLE `holds` (
	`contact_id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`kind` text NOT NULL,
	`until_at` integer NOT NULL,
	`note` text,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`workspace_id` integer NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer,
	`body` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `inbound_messages` (
	`workspace_id` integer NOT NULL,
	`message_id` text NOT NULL,
	`reply_class` text NOT NULL,
	`contact_id` integer,
	`enrollment_id` integer,
	`received_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `message_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `mailbox_usage` (
	`mailbox_id` integer NOT NULL,
	`hour` integer NOT NULL,
	`used` integer NOT NULL,
	PRIMARY KEY(`mailbox_id`, `hour`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `mailboxes` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`owner_id` integer,
	`address` text NOT NULL,
	`name` text,
	`transport` text NOT NULL,
	`settings` text NOT NULL,
	`sealed_secret` text,
	`time_zone` text,
	`signature` text,
	`daily_cap` integer NOT NULL,
	`gap_ms` integer NOT NULL,
	`next_free_at` integer NOT NULL,
	`slot_at` integer NOT NULL,
	`disabled_at` integer,
	`disabled_reason` text,
	`rev` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mailboxes_address` ON `mailboxes` (`workspace_id`,`address`);--> statement-breakpoint
CREATE TABLE `members` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `members_email` ON `members` (`workspace_id`,`email`);--> statement-breakpoint
CREATE TABLE `schedules` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`name` text NOT NULL,
	`windows` text NOT NULL,
	`country` text,
	`region` text,
	`holidays` text NOT NULL,
	`jitter_minutes` integer NOT NULL,
	`rev` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `schedules_name` ON `schedules` (`workspace_id`,`name`);--> statement-breakpoint
CREATE TABLE `sends` (
	`enrollment_id` integer NOT NULL,
	`step_id` integer NOT NULL,
	`cycle` integer NOT NULL,
	`workspace_id` integer NOT NULL,
	`sequence_id` integer NOT NULL,
	`version_id` integer NOT NULL,
	`contact_id` integer NOT NULL,
	`mailbox_id` integer NOT NULL,
	`state` text NOT NULL,
	`epoch` integer NOT NULL,
	`due_at` integer,
	`not_after` integer NOT NULL,
	`claim` text,
	`fence` integer NOT NULL,
	`lease_until` integer,
	`attempt` integer NOT NULL,
	`authorised_at` integer,
	`first_authorised_at` integer,
	`usage_hour` integer,
	`absent_count` integer NOT NULL,
	`looked_at` integer,
	`sent_at` integer,
	`defer_reason` text,
	`snapshot` text NOT NULL,
	`content_hash` text NOT NULL,
	`error` text,
	`provider_message_id` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`enrollment_id`, `step_id`, `cycle`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `sends_due` ON `sends` (`due_at`) WHERE due_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `sends_provider_message` ON `sends` (`provider_message_id`) WHERE provider_message_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `sends_uncertain` ON `sends` (`workspace_id`) WHERE state = 'uncertain';--> statement-breakpoint
CREATE TABLE `sequence_versions` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`sequence_id` integer NOT NULL,
	`number` integer NOT NULL,
	`name` text NOT NULL,
	`steps` text NOT NULL,
	`published_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sequence_versions_number` ON `sequence_versions` (`sequence_id`,`number`);--> statement-breakpoint
CREATE TABLE `sequences` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`owner_id` integer,
	`schedule_id` integer,
	`mailbox_id` integer,
	`draft` text NOT NULL,
	`next_step_id` integer NOT NULL,
	`version_id` integer,
	`paused_at` integer,
	`rev` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sequences_workspace` ON `sequences` (`workspace_id`,`status`);--> statement-breakpoint
CREATE TABLE `shard_state` (
	`id` integer PRIMARY KEY NOT NULL,
	`last_tick_at` integer,
	`sending_stopped_at` integer
);
--> statement-breakpoint
CREATE TABLE `step_rollups` (
	`sequence_id` integer NOT NULL,
	`version_id` integer NOT NULL,
	`step_id` integer NOT NULL,
	`day` text NOT NULL,
	`sent` integer NOT NULL,
	`failed` integer NOT NULL,
	`uncertain` integer NOT NULL,
	`replied` integer NOT NULL,
	`bounced` integer NOT NULL,
	`tasks_done` integer NOT NULL,
	`tasks_skipped` integer NOT NULL,
	PRIMARY KEY(`sequence_id`, `version_id`, `step_id`, `day`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `suppressions` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`reason` text NOT NULL,
	`note` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `suppressions_value` ON `suppressions` (`workspace_id`,`value`);--> statement-breakpoint
CREATE TABLE `tasks` (
	`id` integer PRIMARY KEY NOT NULL,
	`workspace_id` integer NOT NULL,
	`enrollment_id` integer NOT NULL,
	`step_id` integer NOT NULL,
	`cycle` integer NOT NULL,
	`sequence_id` integer NOT NULL,
	`version_id` integer NOT NULL,
	`contact_id` integer NOT NULL,
	`owner_id` integer,
	`type` text NOT NULL,
	`kind` text,
	`purpose` text NOT NULL,
	`title` text NOT NULL,
	`body` text NOT NULL,
	`subject` text,
	`status` text NOT NULL,
	`outcome` text,
	`note` text,
	`due_at` integer NOT NULL,
	`done_at` integer,
	`rev` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_step` ON `tasks` (`enrollment_id`,`step_id`,`cycle`,`purpose`);--> statement-breakpoint
CREATE INDEX `tasks_list` ON `tasks` (`workspace_id`,`status`,`owner_id`,`due_at`);--> statement-breakpoint
CREATE TABLE `workspaces` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`time_zone` text NOT NULL,
	`country` text,
	`postal_address` text,
	`default_schedule_id` integer,
	`sending_stopped_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
