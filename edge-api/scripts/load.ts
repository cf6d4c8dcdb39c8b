/** `pnpm load contacts FILE.csv` and `pnpm load sequence FILE.json`: files into a workspace, through the API. */
import { readFile } from "node:fs/promises";
import {
  argumentsOf,
  clientOf,
  counted,
  fileFrom,
  helpOption,
  printable,
  Refusal,
  run,
} from "./command-line.ts";
import { CsvError, decodeText } from "./csv-rows.ts";
import { type EnrolledRow, enrollLoaded, findPublished } from "./enroll-loaded.ts";
import { type LoadedContacts, type LoadedRow, loadContacts } from "./load-contacts.ts";
import { loadSequence, parseSequenceFile } from "./load-sequence.ts";

const usage = `pnpm load contacts FILE.csv [--system crm] [--type contact] [--map "Column=field"] [--enroll SEQUENCE]
pnpm load sequence FILE.json [--publish] [--update]

  --api URL      where the Worker is      (else CADENZA_API, else http://127.0.0.1:8787)
  --key KEY      an API key that may write (else CADENZA_KEY)
  --system NAME  whose record ids the file's "Record ID" column holds (crm unless told; always the same for one
                 source, or its people are not found again); --type names their kind
  --map C=FIELD  what the column C holds: "Vorname=first_name"; may be given several times
  --encoding E   the file's, where it is not UTF-8: windows-1252
  --enroll NAME  enroll everybody the file holds in this published sequence
  --quiet        print only rows that were refused, or read otherwise than written
  --publish      make a version of the sequence at once; --update changes the draft of one with this name`;

await run(async () => {
  const { values, positionals } = argumentsOf(process.argv.slice(2), {
    api: { type: "string" },
    key: { type: "string" },
    system: { type: "string", default: "crm" },
    type: { type: "string", default: "contact" },
    encoding: { type: "string", default: "utf-8" },
    map: { type: "string", multiple: true, default: [] },
    enroll: { type: "string" },
    quiet: { type: "boolean", default: false },
    publish: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
    ...helpOption,
  });
  const [what, path, ...more] = positionals;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (what !== "contacts" && what !== "sequence")
    throw new Refusal(what ? `"${what}" is nothing that can be loaded.\n\n${usage}` : usage);
  if (!path) throw new Refusal(`Which file? Name it after "${what}".\n\n${usage}`);
  if (more.length) throw new Refusal(`One file at a time: "${more.join(" ")}" is one too many.\n\n${usage}`);
  const bytes = await read(path);
  const token = values.key ?? process.env.CADENZA_KEY;
  if (!token) throw new Refusal("Give an API key: --key cdz_key_… or CADENZA_KEY.");
  const client = clientOf(values.api, token);

  if (what === "sequence") {
    const loaded = await loadSequence(client, parseSequenceFile(decodeText(bytes)), values);
    const version = loaded.version === null ? "a draft" : `version ${loaded.version}, published`;
    console.log(
      `${loaded.outcome} sequence "${loaded.name}" (${loaded.id}): ${counted(loaded.steps, "step")}, ${version}`,
    );
    return 0;
  }
  const sequenceId = values.enroll === undefined ? null : await findPublished(client, values.enroll);
  const loaded = await loadContacts(client, bytes, {
    reference: { system: values.system, type: values.type },
    encoding: values.encoding,
    map: values.map,
    onRow: (row) => {
      if (!values.quiet || row.outcome === "refused" || row.notes.length) console.log(rowLine(row));
    },
  }).catch((error: unknown) => {
    if (error instanceof CsvError || error instanceof RangeError) throw new Refusal(error.message);
    throw error;
  });
  for (const line of totals(loaded)) console.log(line);
  const isWhole = !loaded.rows.some(({ outcome }) => outcome === "refused");
  if (!sequenceId) return isWhole ? 0 : 1;
  const enrolled = await enrollLoaded(client, sequenceId, loaded.rows);
  for (const line of enrolledLines(enrolled, values.enroll!)) console.log(line);
  return isWhole && enrolled.every(({ refusal }) => !refusal) ? 0 : 1;
});

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(fileFrom(path));
  } catch (error) {
    throw new Refusal(`${fileFrom(path)} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** What stands in the file is shown, never obeyed: a terminal would. */
function whoIs({ person }: LoadedRow): string {
  const name = [person?.firstName, person?.lastName].filter(Boolean).join(" ");
  return [printable(name, 60), person?.email && `<${printable(person.email)}>`].filter(Boolean).join(" ");
}

function rowLine(row: LoadedRow): string {
  const who = [whoIs(row), row.contactId].filter(Boolean).join(" ");
  const said = [who, ...row.notes.map((note) => printable(note, 300))].filter(Boolean).join(" · ");
  return `line ${String(row.line).padStart(4)}  ${row.outcome.padEnd(9)}  ${said}`;
}

function totals({ columns, rows }: LoadedContacts): string[] {
  const count = (outcome: LoadedRow["outcome"]) => rows.filter((row) => row.outcome === outcome).length;
  const custom = columns.flatMap(({ name, to }) =>
    "custom" in to ? [`${printable(name, 40)} → ${to.custom}`] : [],
  );
  return [
    `${counted(rows.length, "row")}: ${count("created")} created, ${count("merged")} merged, ${count("unchanged")} unchanged, ${count("refused")} refused`,
    ...(custom.length ? [`custom fields: ${custom.join(", ")}`] : []),
  ];
}

function enrolledLines(enrolled: EnrolledRow[], sequence: string): string[] {
  const refused = enrolled.filter(({ refusal }) => refusal).length;
  return [
    ...enrolled.flatMap(({ row, refusal, warnings }) =>
      [...(refusal ? [`not enrolled: ${refusal}`] : []), ...warnings.map((one) => `warning: ${one}`)].map(
        (said) => `line ${String(row.line).padStart(4)}  ${whoIs(row)} · ${printable(said, 300)}`,
      ),
    ),
    `${enrolled.length - refused} enrolled in "${sequence}", ${refused} refused`,
  ];
}
