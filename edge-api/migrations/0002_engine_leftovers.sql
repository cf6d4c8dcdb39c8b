ALTER TABLE `mailboxes` ADD `receives` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `enrollments_mailbox` ON `enrollments` (`mailbox_id`) WHERE reason = 'mailbox_unavailable';--> statement-breakpoint
CREATE INDEX `enrollments_deal` ON `enrollments` (`deal_id`) WHERE deal_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `holds_until` ON `holds` (`until_at`);--> statement-breakpoint
CREATE INDEX `sends_outbox` ON `sends` (`workspace_id`,`due_at`) WHERE due_at IS NOT NULL;--> statement-breakpoint
-- Written by hand: of the live sequences that share a name by now, the oldest keeps it.
UPDATE `sequences` SET `name` = `name` || ' (' || `id` || ')' WHERE `status` <> 'archived' AND EXISTS (
  SELECT 1 FROM `sequences` o WHERE o.`workspace_id` = `sequences`.`workspace_id` AND o.`name` = `sequences`.`name`
    AND o.`status` <> 'archived' AND o.`id` < `sequences`.`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `sequences_name` ON `sequences` (`workspace_id`,`name`) WHERE status <> 'archived';