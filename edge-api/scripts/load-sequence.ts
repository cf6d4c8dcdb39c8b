/** A JSON file → a sequence's draft, and on request its version. Everything wrong with the file is said at once, by path. */
import { type Client, ProblemError } from "@cadenza/shared/client";
import { plainMessage } from "@cadenza/shared/contract/plain-message";
import { sequenceContracts } from "@cadenza/shared/contract/sequences";
import * as z from "zod";
import { explained, placeNamed, Refusal } from "./command-line.ts";

const draft = sequenceContracts["sequences.create"].body;

/** As the API takes it, but a mailbox by its address and a schedule by its name. */
const file = z.strictObject({
  ...z.strictObject(draft.shape).omit({ mailboxId: true, scheduleId: true, ownerId: true }).shape,
  mailbox: z.string().optional(),
  schedule: z.string().optional(),
  owner: z.string().optional().meta({ description: "A member's address." }),
});
export type SequenceFile = z.output<typeof file>;

/** @throws Refusal with one line per problem. */
export function parseSequenceFile(text: string): SequenceFile {
  const checked = file.safeParse(parseJson(text.replace(/^\ufeff/, "")), { error: plainMessage });
  if (checked.success) return checked.data;
  const lines = checked.error.issues
    .flatMap(problemsOf)
    .map(({ path, message }) => `  ${[placeNamed(path), message].filter(Boolean).join(": ")}`);
  throw new Refusal(["The sequence cannot be taken:", ...lines].join("\n"));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = (error as Error).message;
    const at = placeOf(message, text);
    if (at === null) throw new Refusal(`The file is not JSON: ${message}`);
    const before = text.slice(0, at).split("\n");
    const what = message.replace(/ in JSON at position.*|, (\.\.\.)?".*is not valid JSON/s, "");
    throw new Refusal(
      `The file is not JSON: line ${before.length}, column ${before.at(-1)!.length + 1}: ${what}`,
    );
  }
}

/** V8 names the position, or quotes the ten characters before it. */
function placeOf(message: string, text: string): number | null {
  const named = /position (\d+)/.exec(message)?.[1];
  if (named) return Number(named);
  const [, excerpt] = /\.\.\."(.*?)"(?:\.\.\.)? is not valid JSON$/s.exec(message) ?? [];
  const start = excerpt ? text.indexOf(excerpt) : -1;
  return start < 0 ? null : start + 10;
}

function problemsOf(issue: z.core.$ZodIssue): { path: string; message: string }[] {
  const path = issue.path.map((part) => `/${String(part)}`).join("");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: `${path}/${key}`, message: "there is no such field" }));
  }
  return [{ path, message: issue.message }];
}

export type LoadedSequence = {
  id: string;
  name: string;
  steps: number;
  outcome: "created" | "updated";
  version: number | null;
};

export async function loadSequence(
  client: Client,
  sequence: SequenceFile,
  options: { publish: boolean; update: boolean },
): Promise<LoadedSequence> {
  const body = { name: sequence.name, steps: sequence.steps ?? [], ...(await namedIn(client, sequence)) };
  const known = await findByName(client, sequence.name);
  if (known && !options.update) {
    throw new Refusal(
      `There is a sequence "${sequence.name}" (${known}). Pass --update to change its draft, or give this one another name.`,
    );
  }
  const saved = known ? await update(client, known, body) : await client("sequences.create", { body });
  const published = options.publish ? await publish(client, saved) : null;
  return {
    id: saved.id,
    name: saved.name,
    steps: saved.steps.length,
    outcome: known ? "updated" : "created",
    version: published?.version.number ?? null,
  };
}

async function publish(client: Client, { id, name }: { id: string; name: string }) {
  try {
    return await client("sequences.publish", { params: { id } });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new Refusal(
      `${explained(error)}\nThe draft of "${name}" (${id}) was saved and is not published. Correct the file, then load it again with --update --publish.`,
    );
  }
}

/** A step that keeps its name stays that step, so that the people standing on it keep their place. */
async function update(
  client: Client,
  id: string,
  body: { name: string; steps: NonNullable<SequenceFile["steps"]> },
) {
  const before = await client("sequences.get", { params: { id } });
  const ids = new Map(before.steps.map((step) => [step.name, step.id]));
  const steps = body.steps.map((step) => {
    const stepId = step.id ?? ids.get(step.name);
    ids.delete(step.name);
    return stepId === undefined ? step : { ...step, id: stepId };
  });
  return client("sequences.update", { params: { id }, body: { ...body, steps }, ifMatch: before.rev });
}

async function findByName(client: Client, name: string): Promise<string | null> {
  const all = await everyPage((cursor) => client("sequences.list", { query: { limit: 200, cursor } }));
  return all.find((one) => one.name === name && one.status !== "archived")?.id ?? null;
}

async function namedIn(client: Client, { mailbox, schedule, owner }: SequenceFile) {
  const named: { mailboxId?: string; scheduleId?: string; ownerId?: string } = {};
  if (mailbox !== undefined) {
    const all = await everyPage((cursor) => client("mailboxes.list", { query: { limit: 200, cursor } }));
    named.mailboxId = pick(
      "mailbox",
      mailbox,
      all.map(({ id, address }) => ({ id, name: address })),
    );
  }
  if (schedule !== undefined) {
    const all = await everyPage((cursor) => client("schedules.list", { query: { limit: 200, cursor } }));
    named.scheduleId = pick("schedule", schedule, all);
  }
  if (owner !== undefined) {
    const all = await everyPage((cursor) => client("members.list", { query: { limit: 200, cursor } }));
    named.ownerId = pick(
      "owner",
      owner,
      all.map(({ id, email }) => ({ id, name: email })),
    );
  }
  return named;
}

function pick(what: string, wanted: string, known: { id: string; name: string }[]): string {
  const found = known.find(({ name }) => name.toLowerCase() === wanted.trim().toLowerCase());
  if (found) return found.id;
  const names = known.map(({ name }) => `"${name}"`).join(", ") || "none yet";
  throw new Refusal(
    `The sequence cannot be taken:\n  ${what}: there is no ${what} "${wanted}" (known: ${names})`,
  );
}

export async function everyPage<Item>(
  list: (cursor: string | undefined) => Promise<{ items: Item[]; nextCursor: string | null }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(cursor);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return items;
}
