/** Two shards in one isolate: each counts its rows from one, and neither may read the other's. */
import { expect, test } from "vitest";
import { loadVersions } from "../src/db/facts.ts";
import type { VersionId } from "../src/domain/ids.ts";
import { d1Of, Shard } from "./sqlite-d1.ts";

function shardWith(name: string): D1Database {
  const shard = new Shard();
  shard.all(
    `INSERT INTO sequence_versions (id, workspace_id, sequence_id, number, name, steps, published_at)
     VALUES (1, 1, 1, 1, ?1, '[]', 0)`,
    name,
  );
  return d1Of(shard, async (_, effect) => effect());
}

test("version 1 of one shard is never taken for version 1 of another", async () => {
  const [first, second] = [shardWith("ours"), shardWith("theirs")];
  const nameOf = async (db: D1Database) =>
    (await loadVersions(db, [1 as VersionId])).get(1 as VersionId)?.name;
  expect(await nameOf(first)).toBe("ours");
  expect(await nameOf(second)).toBe("theirs");
  expect(await nameOf(first)).toBe("ours");
});
