/** What zod finds, said to a person who does not know zod: in the API's refusals and in those of `pnpm load`. */
import type * as z from "zod";

/** Handed to `safeParse`; what a schema says by itself goes first. Never repeats the value: it may be a password. */
export const plainMessage: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "This field is required.";
      return `This must be ${kinds[issue.expected] ?? issue.expected}${insteadOf(issue.input)}.`;
    case "too_big":
      return `This must be ${issue.exact ? "exactly" : "at most"} ${limit(issue.maximum, issue.origin)}.`;
    case "too_small":
      return `This must be ${issue.exact ? "exactly" : "at least"} ${limit(issue.minimum, issue.origin)}.`;
    case "invalid_value":
      return issue.input === undefined
        ? "This field is required."
        : `This must be ${oneOf(issue.values.map((value) => JSON.stringify(value) ?? String(value)))}.`;
    case "invalid_union":
      return "options" in issue && Array.isArray(issue.options)
        ? `This must be ${oneOf(issue.options.map((value) => JSON.stringify(value) ?? String(value)))}.`
        : undefined;
    case "unrecognized_keys":
      return "This field is not known here.";
    default:
      return undefined;
  }
};

const kinds: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
  null: "null",
};

function insteadOf(value: unknown): string {
  if (Number.isNaN(value)) return "";
  const kind = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return `, not ${kind === "number" && !Number.isInteger(value) ? "a fraction" : (kinds[kind] ?? kind)}`;
}

function limit(count: number | bigint, origin: string): string {
  const [one, many] =
    ({ string: ["character", "characters long"], array: ["entry", "entries long"] } as const)[origin] ?? [];
  if (!one) return String(count);
  return Number(count) === 1 ? `1 ${one} long` : `${count} ${many}`;
}

const oneOf = (options: string[]): string =>
  options.length === 1 ? options[0]! : `${options.slice(0, -1).join(", ")} or ${options.at(-1)}`;
