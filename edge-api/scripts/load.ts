/** `pnpm load contacts FILE.csv` and `pnpm load sequence FILE.json`: files into a workspace, through the API. */
import { readFile } from "node:fs/promises";
import { createClient } from "@cadenza/shared/client";
import { apiUrl, argumentsOf, fileFrom, Refusal, run } from "./command-line.ts";
import { CsvError } from "./csv-rows.ts";
import { type LoadedContacts, type LoadedRow, loadContacts } from "./load-contacts.ts";
import { loadSequence, parseSequenceFile } from "./load-sequence.ts";

const usage = `pnpm load contacts FILE.csv [--system crm] [--type contact] [--encoding utf-8] [--quiet]
pnpm load sequence FILE.json [--publish] [--update]

  --api URL      where the Worker is      (else CADENZA_API, else http://127.0.0.1:8787)
  --key KEY      an API key that may write (else CADENZA_KEY)
  --system NAME  whose record ids the file's "Record ID" column holds; --type names their kind
  --quiet        print only rows that were refused or read otherwise than written
  --publish      make a version of the sequence at once; --update changes the draft of one with this name`;

await run(async () => {
  const { values, positionals } = argumentsOf(process.argv.slice(2), {
    api: { type: "string" },
    key: { type: "string" },
    system: { type: "string", default: "crm" },
    type: { type: "string", default: "contact" },
    encoding: { type: "string", default: "utf-8" },
    quiet: { type: "boolean", default: false },
    publish: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  });
  const [what, path, ...more] = positionals;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if ((what !== "contacts" && what !== "sequence") || !path || more.length) throw new Refusal(usage);
  const bytes = await read(path);
  const token = values.key ?? process.env.CADENZA_KEY;
  if (!token) throw new Refusal("Give an API key: --key cdz_key_… or CADENZA_KEY.");
  const client = createClient({ baseUrl: apiUrl(values.api), token });

  if (what === "sequence") {
    const loaded = await loadSequence(client, parseSequenceFile(new TextDecoder().decode(bytes)), values);
    const version = loaded.version === null ? "a draft" : `version ${loaded.version}, published`;
    console.log(
      `${loaded.outcome} sequence "${loaded.name}" (${loaded.id}): ${loaded.steps} steps, ${version}`,
    );
    return 0;
  }
  const loaded = await loadContacts(client, bytes, {
    reference: { system: values.system, type: values.type },
    encoding: values.encoding,
    onRow: (row) => {
      if (!values.quiet || row.outcome === "refused" || row.notes.length) console.log(rowLine(row));
    },
  }).catch((error: unknown) => {
    if (error instanceof CsvError || error instanceof RangeError) throw new Refusal(error.message);
    throw error;
  });
  for (const line of totals(loaded)) console.log(line);
  return loaded.rows.some(({ outcome }) => outcome === "refused") ? 1 : 0;
});

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(fileFrom(path));
  } catch (error) {
    throw new Refusal(`${fileFrom(path)} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function rowLine({ line, outcome, person, contactId, notes }: LoadedRow): string {
  const name = [person?.firstName, person?.lastName].filter(Boolean).join(" ");
  const who = [name, person?.email && `<${person.email}>`, contactId].filter(Boolean).join(" ");
  return `line ${String(line).padStart(4)}  ${outcome.padEnd(9)}  ${[who, ...notes].filter(Boolean).join(" · ")}`;
}

function totals({ columns, rows }: LoadedContacts): string[] {
  const count = (outcome: LoadedRow["outcome"]) => rows.filter((row) => row.outcome === outcome).length;
  const custom = columns.flatMap(({ name, to }) => ("custom" in to ? [`${name} → ${to.custom}`] : []));
  return [
    `${rows.length} rows: ${count("created")} created, ${count("merged")} merged, ${count("unchanged")} unchanged, ${count("refused")} refused`,
    ...(custom.length ? [`custom fields: ${custom.join(", ")}`] : []),
  ];
}
