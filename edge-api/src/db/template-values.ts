/** What a text is rendered with outside an enrollment, and which fields of their own a workspace's records carry. */
import { sql } from "drizzle-orm";
import type { Company, Contact, Sender, Workspace } from "../domain/contact.ts";
import { AppError } from "../domain/errors.ts";
import type { ContactId, MemberId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { companies, contacts, members, workspaces } from "./schema.ts";

/** One person as templates see them, in one round; whoever is named signs, else the person's owner. */
export async function loadTemplatePeople(
  d1: D1Database,
  workspaceId: WorkspaceId,
  contactId: ContactId,
  senderId: MemberId | null,
): Promise<{ contact: Contact; company: Company | null; sender: Sender | null; workspace: Workspace }> {
  const db = database(d1);
  const person = sql`(SELECT * FROM contacts WHERE id = ${contactId} AND workspace_id = ${workspaceId}) p`;
  const [[contact], [company], [sender], [workspace]] = await db.batch([
    db
      .select()
      .from(contacts)
      .where(
        sql`${contacts.id} = ${contactId} AND ${contacts.workspaceId} = ${workspaceId}
          AND ${contacts.erasedAt} IS NULL`,
      ),
    db.select().from(companies).where(sql`${companies.id} = (SELECT p.company_id FROM ${person})`),
    db
      .select()
      .from(members)
      .where(sql`${members.id} = coalesce(${senderId}, (SELECT p.owner_id FROM ${person}))`),
    db.select().from(workspaces).where(sql`${workspaces.id} = ${workspaceId}`),
  ]);
  if (!contact)
    throw new AppError("contact_not_found", "There is no such contact in this workspace.", "/contactId");
  return { contact, company: company ?? null, sender: sender ?? null, workspace: workspace! };
}

export type OwnField = { root: "contact" | "company" | "deal"; key: string; sample: string | null };

/** Of each kind the newest so many are looked at, and so many keys of each are told, the commonest first. */
const recordsRead = 200;
const sampleLength = 80;

export async function listOwnFields(
  d1: D1Database,
  workspaceId: WorkspaceId,
  keysMax: number,
): Promise<OwnField[]> {
  const answers = await d1.batch<OwnField>(
    ownRecords.map(({ root, from }) =>
      d1
        .prepare(
          `SELECT '${root}' AS root, j.key AS key,
             substr(min(CASE WHEN j.type IN ('text', 'integer', 'real') AND j.value <> '' THEN j.value END),
               1, ${sampleLength}) AS sample
           FROM (SELECT custom FROM ${from} LIMIT ${recordsRead}) r
             CROSS JOIN json_each(iif(json_valid(r.custom), r.custom, '{}')) j
           GROUP BY j.key ORDER BY count(*) DESC, j.key LIMIT ?2`,
        )
        .bind(workspaceId, keysMax),
    ),
  );
  return answers.flatMap(({ results }) => results);
}

/** Companies are known by name and not by age: theirs are any. */
const ownRecords = [
  { root: "contact", from: "contacts WHERE workspace_id = ?1 AND erased_at IS NULL ORDER BY id DESC" },
  { root: "company", from: "companies WHERE workspace_id = ?1" },
  { root: "deal", from: "deals WHERE workspace_id = ?1 ORDER BY id DESC" },
];
