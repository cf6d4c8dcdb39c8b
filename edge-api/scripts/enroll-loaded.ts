/** The people a file brought → enrolled in a sequence, in batches; and for each who was not, why. */
import type { Client } from "@cadenza/shared/client";
import { Refusal } from "./command-line.ts";
import type { LoadedRow } from "./load-contacts.ts";
import { everyPage } from "./load-sequence.ts";

export type EnrolledRow = { row: LoadedRow; refusal: string | null; warnings: string[] };

/** Half of what the API takes at once. */
const batchPeople = 500;

/** @returns the sequence's id. @throws Refusal where nobody can be enrolled in it. Asked before anybody is loaded. */
export async function findPublished(client: Client, name: string): Promise<string> {
  const all = await everyPage((cursor) => client("sequences.list", { query: { limit: 200, cursor } }));
  const found = all.find((one) => one.id === name || (one.name === name && one.status !== "archived"));
  const active = all.filter(({ status }) => status === "active").map((one) => `"${one.name}"`);
  if (found?.status === "active") return found.id;
  const known = `Nobody was loaded. Published: ${active.join(", ") || "none yet"}.`;
  throw new Refusal(
    found
      ? `The sequence "${name}" is ${found.status}, not published. ${known}`
      : `There is no sequence "${name}". ${known}`,
  );
}

/** One row a person: a file may name somebody twice. */
export async function enrollLoaded(
  client: Client,
  sequenceId: string,
  rows: LoadedRow[],
): Promise<EnrolledRow[]> {
  const people = [...new Map(rows.flatMap((row) => (row.contactId ? [[row.contactId, row]] : []))).values()];
  const enrolled: EnrolledRow[] = [];
  for (let at = 0; at < people.length; at += batchPeople) {
    const batch = people.slice(at, at + batchPeople);
    const { items } = await client("enrollments.createMany", {
      params: { id: sequenceId },
      body: { items: batch.map(({ contactId }) => ({ contactId: contactId! })) },
      idempotencyKey: crypto.randomUUID(),
    });
    for (const [index, item] of items.entries()) {
      enrolled.push({
        row: batch[index]!,
        refusal: item.outcome === "refused" ? (item.detail ?? item.code) : null,
        warnings: item.warnings.map(({ detail }) => detail),
      });
    }
  }
  return enrolled;
}
