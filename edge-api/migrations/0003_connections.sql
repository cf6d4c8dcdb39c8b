CREATE TABLE `connections` (
	`user_id` text NOT NULL,
	`client_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`connected_at` integer NOT NULL,
	`last_used_at` integer,
	PRIMARY KEY(`user_id`, `client_id`)
) WITHOUT ROWID;
