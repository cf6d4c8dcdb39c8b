/**
 * Which column means what, and one row of cells → the person the API is given. Pure. What no field takes becomes a
 * custom field, so nothing a file holds is left behind.
 */
import type { contactContracts } from "@cadenza/shared/contract/contacts";
import type * as z from "zod";
import { type Field, fieldList, fieldOf, partOfName, plain } from "./column-names.ts";
import { printable, Refusal } from "./command-line.ts";
import { doubtAbout } from "./doubtful-values.ts";

export type Person = z.input<(typeof contactContracts)["contacts.create"]["body"]>;

export type Column = { name: string; to: { field: Field } | { custom: string } };
export type ReferenceKind = { system: string; type: string };

/**
 * The first column of a meaning takes the field; a further e-mail column is another address, any other is custom.
 * @param told `Vorname=first_name`: what a person says about a column goes before what its name says.
 */
export function mapColumns(header: string[], told: string[] = []): Column[] {
  const taken = new Set<Field>();
  const keys = new Set<string>();
  const said = toldColumns(header, told);
  const saidFields = new Set(said.values());
  return header.map((name, index) => {
    const guessed = partOfName(name, header) ?? fieldOf.get(plain(name));
    const named = said.get(name) ?? (guessed && saidFields.has(guessed) ? undefined : guessed);
    const field = named === "email" && taken.has("email") ? "otherEmails" : named;
    if (field && (field === "otherEmails" || !taken.has(field))) {
      taken.add(field);
      return { name, to: { field } };
    }
    return { name, to: { custom: unusedKey(customKey(name) || `column_${index + 1}`, keys) } };
  });
}

/** @throws Refusal where nothing says who anybody is: every row would be a nameless person. */
export function refuseNameless(columns: Column[]): void {
  if (columns.some(({ to }) => "field" in to && whoFields.includes(to.field))) return;
  const header = columns.map(({ name }) => `"${printable(name, 40)}"`);
  throw new Refusal(
    `No column says who a person is. Read: ${header.join(", ")}. Call one Email, First Name, Last Name or Record ID, or say which is which: --map "${printable(columns[0]?.name ?? "", 40)}=email"`,
  );
}

const whoFields: Field[] = ["email", "firstName", "lastName", "name", "phone", "linkedinUrl", "reference"];

function toldColumns(header: string[], told: string[]): Map<string, Field> {
  return new Map(
    told.map((text) => {
      const at = text.lastIndexOf("=");
      const [column, to] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
      const name = at > 0 && header.find((one) => plain(one) === plain(column));
      if (!name) {
        const known = header.map((one) => `"${printable(one, 40)}"`).join(", ");
        throw new Refusal(`--map "${text}": the file has no column "${column}". It has: ${known}`);
      }
      const field = fieldOf.get(plain(to));
      if (!field) throw new Refusal(`--map "${text}": there is no field "${to}". There are: ${fieldList}`);
      return [name, field] as const;
    }),
  );
}

/** `Team Size (2026)` → `team_size_2026`: what templates can name. */
export function customKey(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 60);
}

function unusedKey(key: string, keys: Set<string>): string {
  let unused = key;
  for (let n = 2; keys.has(unused); n++) unused = `${key}_${n}`;
  keys.add(unused);
  return unused;
}

/** `notes` say what was read otherwise than it was written, and what was left out. */
export function personFrom(
  columns: Column[],
  cells: string[],
  reference: ReferenceKind,
): { person: Person; notes: string[] } {
  const person: Person = {};
  const custom: Record<string, string> = {};
  const notes: string[] = [];
  const keep = (column: Column, value: string) => {
    const taken = new Set([
      ...columns.flatMap(({ to }) => ("custom" in to ? [to.custom] : [])),
      ...Object.keys(custom),
    ]);
    custom[unusedKey(customKey(column.name), taken)] = value;
  };
  for (const [index, column] of columns.entries()) {
    const value = (cells[index] ?? "").trim();
    if (!value) continue;
    if ("custom" in column.to) {
      custom[column.to.custom] = value;
      continue;
    }
    const doubt = doubtAbout(column.to.field, value);
    if (doubt) {
      notes.push(`warning: ${column.name} "${value}" ${doubt}; left out`);
      continue;
    }
    const note = fill(person, column.to.field, value, reference);
    if (note === null) continue;
    keep(column, value);
    notes.push(`${column.name}: ${note}; kept as a custom field`);
  }
  if (Object.keys(custom).length) person.custom = custom;
  return { person, notes };
}

/** @returns why the field could not take the value, or null when it did. */
function fill(person: Person, field: Field, value: string, reference: ReferenceKind): string | null {
  switch (field) {
    case "email":
    case "otherEmails": {
      const [first, ...others] = addressesIn(value);
      const rest = field === "email" ? others : [first!, ...others];
      if (field === "email") person.email = first!;
      if (rest.length) person.otherEmails = [...(person.otherEmails ?? []), ...rest];
      return null;
    }
    case "name": {
      const [first, last] = splitName(value);
      person.firstName ??= first;
      if (last) person.lastName ??= last;
      return null;
    }
    case "country": {
      const code = countryCode(value);
      if (code) person.country = code;
      return code ? null : `"${value}" is not a country we know`;
    }
    case "kind": {
      const kind = kinds[plain(value)];
      if (kind) person.kind = kind;
      return kind ? null : `"${value}" is neither lead nor party`;
    }
    case "linkedinUrl":
      person.linkedinUrl = value.replace(/^http:\/\//i, "https://").replace(/^(?!https:\/\/)/i, "https://");
      return null;
    case "reference":
      person.references = [{ ...reference, id: value }];
      return null;
    case "firstName":
    case "lastName":
      // A column of its own says more than a full name that is split.
      person[field] = value;
      return null;
    default:
      person[field] = value;
      return null;
  }
}

/** `a@x.example; b@x.example` is two addresses; what has one @ is left for the API to judge. */
const addressesIn = (value: string): string[] => {
  const parts = value.split(/[;,\s]+/).filter(Boolean);
  return parts.length > 1 && parts.every((part) => part.includes("@")) ? parts : [value];
};

/** `Reyes, Dana` and `Dana Reyes`. */
function splitName(name: string): [string, string] {
  const [last, first] = name.split(",").map((part) => part.trim());
  if (first) return [first, last!];
  const [given, ...rest] = name.split(/\s+/);
  return [given!, rest.join(" ")];
}

const kinds: Record<string, "lead" | "party"> = {
  ...Object.fromEntries(["lead", "prospect", "subscriber", "contact"].map((word) => [word, "lead" as const])),
  ...Object.fromEntries(
    ["party", "customer", "client", "partner", "vendor"].map((word) => [word, "party" as const]),
  ),
};

/** Names as English exports write them, and the codes themselves. */
const countryCodes = new Map<string, string>();
const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const english = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
for (const code of letters.flatMap((a) => letters.map((b) => a + b))) {
  const name = english.of(code);
  // Retired codes (DD) and groupings (EU) have names, too.
  const isInUse = new Intl.Locale(`und-${code}`).maximize().region === code;
  if (!name || !isInUse || ["EU", "EZ", "UN", "XA", "XB", "ZZ"].includes(code)) continue;
  countryCodes.set(plain(code), code);
  countryCodes.set(plain(name), code);
}
for (const [name, code] of [
  ["usa", "US"],
  ["unitedstatesofamerica", "US"],
  ["uk", "GB"],
  ["greatbritain", "GB"],
  ["england", "GB"],
  ["czechrepublic", "CZ"],
  ["holland", "NL"],
  ["thenetherlands", "NL"],
  ["southkorea", "KR"],
  ["russianfederation", "RU"],
] as const)
  countryCodes.set(name, code);

const countryCode = (value: string): string | null => countryCodes.get(plain(value)) ?? null;
