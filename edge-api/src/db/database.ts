/** The drizzle handle over one shard. Anything D1-shaped will do: the simulation gives it SQLite in memory. */
import { drizzle } from "drizzle-orm/d1";

const make = (d1: D1Database) => drizzle(d1, { casing: "snake_case" });
export type Database = ReturnType<typeof make>;

/** Building one costs more than most queries (it spells every column anew), so a binding keeps its own. */
const handles = new WeakMap<D1Database, Database>();

export function database(d1: D1Database): Database {
  const known = handles.get(d1);
  if (known) return known;
  const made = make(d1);
  handles.set(d1, made);
  return made;
}
