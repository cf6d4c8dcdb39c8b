/** What the commands share: arguments, where the API is, and how they stop with something to read. */
import { resolve } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { ProblemError } from "@cadenza/shared/client";

/** Said to the person as it is, without a stack. */
export class Refusal extends Error {}

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

/** pnpm runs a command in the package's folder; INIT_CWD is where the person stands. */
export const fileFrom = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

export const apiUrl = (flag: string | undefined): string =>
  (flag ?? process.env.CADENZA_API ?? "http://127.0.0.1:8787").replace(/\/+$/, "");

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
    const fields = errors.map(({ pointer, detail: what }) => `  ${pointer || "/"}: ${what}`);
    return [`${title}. ${detail} (${error.code}${requestId ? `, ${requestId}` : ""})`, ...fields].join("\n");
  }
  if (error instanceof Refusal) return error.message;
  return isUnreachable(error)
    ? "The API does not answer. Is the Worker running? See --api."
    : String((error as Error)?.stack ?? error);
}

export const isUnreachable = (error: unknown): boolean =>
  error instanceof TypeError && /fetch failed/.test(error.message);
