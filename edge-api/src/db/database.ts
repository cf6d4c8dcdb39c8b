/** The drizzle handle over one shard. Anything D1-shaped will do: the simulation gives it SQLite in memory. */
import { drizzle } from "drizzle-orm/d1";
import * as schema from "./schema.ts";

export const database = (d1: D1Database) => drizzle(d1, { schema, casing: "snake_case" });
export type Database = ReturnType<typeof database>;
