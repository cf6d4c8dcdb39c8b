/**
 * What who asks may see, as conditions on the rows: the one place that says it. Whatever find…, load… or list… answers
 * a person takes its condition from here, workspace and all; what they may change is in commands/ownership.ts. The
 * engine reaches everything, and pays nothing for it.
 *
 * Invariant: a sequence that cannot be found is nobody's to see: every ground is something that has to be true.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Actor } from "../domain/actor.ts";
import type { ContactId } from "../domain/ids.ts";

/** A row of `sequences`. */
export const visibleSequence = (actor: Actor): SQL =>
  within("sequences", actor, [isOpen(actor, "sequences")]);

/** A row of `enrollments`: in a sequence one sees, or one's own. */
export const visibleEnrollment = (actor: Actor): SQL =>
  within("enrollments", actor, [...isMine(actor, "enrollments"), inOpenSequence(actor, "enrollments")]);

/** A row of `tasks`: in a sequence one sees, or one's own, or of one's own enrollment. */
export const visibleTask = (actor: Actor): SQL =>
  within("tasks", actor, [
    ...isMine(actor, "tasks"),
    inOpenSequence(actor, "tasks"),
    ...ofMyEnrollment(actor, "tasks"),
  ]);

/** A row of `sends`: in a sequence one sees, or of one's own enrollment. */
export const visibleSend = (actor: Actor): SQL =>
  within("sends", actor, [inOpenSequence(actor, "sends"), ...ofMyEnrollment(actor, "sends")]);

/** A row of `mailboxes`: nobody's, which is everybody's to send from, or one's own. */
export const visibleMailbox = (actor: Actor): SQL =>
  within("mailboxes", actor, [sql`mailboxes.owner_id IS NULL`, ...isMine(actor, "mailboxes")]);

/** A row of `events` of this person. Their few enrollments are looked at once, not once an event. */
export const visibleEvent = (actor: Actor, contactId: ContactId): SQL => {
  const grounds = sql.join([...isMine(actor, "e"), inOpenSequence(actor, "e")], sql` OR `);
  return within("events", actor, [
    sql`events.enrollment_id IS NULL`,
    sql`events.enrollment_id IN (SELECT e.id FROM enrollments e WHERE e.contact_id = ${contactId} AND (${grounds}))`,
  ]);
};

/** Tables by their names: drizzle leaves a lone table's out, and inside a subquery the inner table would answer. */
const within = (table: string, { workspaceId, reach }: Actor, grounds: SQL[]): SQL => {
  const here = sql`${sql.raw(table)}.workspace_id = ${workspaceId}`;
  return reach === "all" ? here : sql`${here} AND (${sql.join(grounds, sql` OR `)})`;
};

/** A list and not a condition: to somebody who sees only what is shared, nothing is their own. */
const isMine = ({ reach, memberId }: Actor, table: string): SQL[] =>
  reach === "own" ? [sql`${sql.raw(table)}.owner_id = ${memberId}`] : [];

const isOpen = (actor: Actor, sequence: string): SQL =>
  sql.join([sql`${sql.raw(sequence)}.visibility = 'shared'`, ...isMine(actor, sequence)], sql` OR `);

// Each asked as a value and not by IN or EXISTS: the planner must neither start at the sequences nor join them, or a
// list would lose the order its index gives.
const inOpenSequence = (actor: Actor, table: string): SQL =>
  sql`(SELECT ${isOpen(actor, "q")} FROM sequences q WHERE q.id = ${sql.raw(table)}.sequence_id)`;

const ofMyEnrollment = (actor: Actor, table: string): SQL[] =>
  isMine(actor, "o").map(
    (mine) => sql`(SELECT ${mine} FROM enrollments o WHERE o.id = ${sql.raw(table)}.enrollment_id)`,
  );
