/** What was refused or could not be reached, as a value. */
import type { FieldError, Problem } from "@cadenza/shared/problem";

export type Failure = { code: string; detail: string; errors: readonly FieldError[] };

/** By its form, not its class: a host's own client may bring errors of its own. */
export function failureOf(error: unknown): Failure {
  const { problem, code } = error as { problem?: Partial<Problem>; code?: unknown };
  const detail = problem?.detail ?? (error instanceof Error ? error.message : String(error));
  // What fetch throws has no code of ours, whatever the cause: no network, a policy, a certificate.
  const named = problem?.code ?? (typeof code === "string" ? code : "unreachable");
  return { code: named, detail, errors: problem?.errors ?? [] };
}
