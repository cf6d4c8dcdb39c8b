/** Enrollments by id, as the engine reads them. */
import { getTableColumns, sql } from "drizzle-orm";
import type { Enrollment } from "../domain/enrollment.ts";
import type { EnrollmentId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { numberTable } from "./few-rows.ts";
import { enrollments } from "./schema.ts";

export async function listEnrollmentsById(d1: D1Database, ids: EnrollmentId[]): Promise<Enrollment[]> {
  return database(d1)
    .select(getTableColumns(enrollments))
    .from(
      sql.raw(
        numberTable(
          ["id"],
          ids.map((id) => [id]),
        ),
      ),
    )
    .crossJoin(enrollments)
    .where(sql`${enrollments.id} = j.id`);
}
