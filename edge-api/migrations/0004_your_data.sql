ALTER TABLE `shard_state` ADD `forgetting_workspace_id` integer;--> statement-breakpoint
ALTER TABLE `shard_state` ADD `forgetting_contact_id` integer;--> statement-breakpoint
CREATE INDEX `inbound_messages_contact` ON `inbound_messages` (`contact_id`);