/** `pnpm migrations`: writes the migration for a changed schema, and marks the keyed tables WITHOUT ROWID. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { keyedTables } from "../src/db/schema.ts";

const home = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(home, "migrations/");
mkdirSync(folder, { recursive: true });
const before = new Set(readdirSync(folder));
execFileSync("drizzle-kit", ["generate", "--name", process.argv[2] ?? "change"], {
  cwd: home,
  stdio: "inherit",
});

for (const file of readdirSync(folder).filter((name) => name.endsWith(".sql") && !before.has(name))) {
  const text = readFileSync(folder + file, "utf8");
  const keyed = text.replace(/CREATE TABLE `(\w+)` \(([\s\S]*?)\n\);/g, (whole, table) =>
    keyedTables.includes(table) ? whole.replace(/\);$/, ") WITHOUT ROWID;") : whole,
  );
  writeFileSync(folder + file, keyed);
}
