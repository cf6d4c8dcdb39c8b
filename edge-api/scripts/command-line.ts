/** What the commands share: arguments, the API they speak to, what they print, and how they stop with something to read. */
import { resolve } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { type Client, createClient, ProblemError } from "@cadenza/shared/client";

/** Said to the person as it is, without a stack. */
export class Refusal extends Error {}
/** Nobody is there; the address is named, because a wrong one is the usual reason. */
class Unreachable extends Error {}

export function argumentsOf<Options extends NonNullable<ParseArgsConfig["options"]>>(
  argv: string[],
  options: Options,
) {
  try {
    // pnpm hands a `--` through.
    const args = argv[0] === "--" ? argv.slice(1) : argv;
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Refusal((error as Error).message);
  }
}

export const helpOption = { help: { type: "boolean", short: "h", default: false } } as const;

/** @throws Refusal where it is none, with what to write instead. */
export function wholeNumber(name: string, value: string, least = 1): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < least)
    throw new Refusal(`--${name} takes a whole number from ${least} on, not "${value}".`);
  return number;
}

/** pnpm runs a command in the package's folder; INIT_CWD is where the person stands. */
export const fileFrom = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

/** @throws Refusal for what is no address. */
export function apiUrl(flag: string | undefined): string {
  const given = flag ?? process.env.CADENZA_API ?? "http://127.0.0.1:8787";
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given.replace(/\/+$/, "");
  const from = flag === undefined ? "CADENZA_API" : "--api";
  throw new Refusal(`${from} is "${given}", which is no address: write one like http://127.0.0.1:8787.`);
}

export function clientOf(flag: string | undefined, token: string): Client {
  const baseUrl = apiUrl(flag);
  if (!/^[!-~]+$/.test(token))
    throw new Refusal("The key holds spaces or line breaks: it was not copied as it is.");
  return createClient({
    baseUrl,
    token,
    fetch: (request) =>
      fetch(request).catch((error: unknown) => {
        const text = `The API at ${baseUrl} does not answer. Is the Worker running? See --api and CADENZA_API.`;
        throw isUnreachable(error) ? new Unreachable(text) : error;
      }),
  });
}

export async function run(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    console.error(explained(error));
    process.exitCode = 1;
  }
}

export function explained(error: unknown): string {
  if (error instanceof ProblemError) {
    const { title, detail, errors = [], requestId } = error.problem;
    const fields = errors.map(
      ({ pointer, detail: what }) => `  ${[placeNamed(pointer), what].filter(Boolean).join(": ")}`,
    );
    return [`${title}. ${detail} (${error.code}${requestId ? `, ${requestId}` : ""})`, ...fields].join("\n");
  }
  if (error instanceof Refusal || error instanceof Unreachable) return error.message;
  return isUnreachable(error)
    ? "The API does not answer. Is the Worker running? See --api."
    : String((error as Error)?.stack ?? error);
}

export const isUnreachable = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof TypeError && /fetch failed/.test(error.message));

/** `/steps/0/delay/amount` → `step 1, delay.amount`: people count from one. */
export function placeNamed(pointer: string): string {
  const [, top = "", index, ...rest] = pointer.split("/");
  if (top !== "steps" || index === undefined) return pointer.slice(1).replaceAll("/", ".");
  return [`step ${Number(index) + 1}`, rest.join(".")].filter(Boolean).join(", ");
}

/**
 * A value from somebody's file, fit for one line of a terminal: control characters and marks that turn the writing
 * direction are shown instead of obeyed, what is long is cut.
 */
export function printable(value: string, max = 80): string {
  const cut =
    value.length > max
      ? `${[...value]
          .slice(0, max - 1)
          .join("")
          .trimEnd()}…`
      : value;
  return cut.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (mark) => {
    const short = ({ "\n": "\\n", "\r": "\\r", "\t": "\\t" } as Record<string, string>)[mark];
    return short ?? `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** `1 row`, `2 rows` */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
