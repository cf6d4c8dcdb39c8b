/** Enrollments by id, as the engine reads them. */
import { sql } from "drizzle-orm";
import type { Enrollment } from "../domain/enrollment.ts";
import type { EnrollmentId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { enrollments } from "./schema.ts";

export async function listEnrollmentsById(d1: D1Database, ids: EnrollmentId[]): Promise<Enrollment[]> {
  return database(d1)
    .select()
    .from(enrollments)
    .where(sql`${enrollments.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
}
