/**
 * Why something did not happen, in a form that crosses from the background to a page: the API's own codes, and those
 * of the extension itself.
 */
import type { ProblemCode } from "@cadenza/shared/problem";

const ownCodes = {
  /** Nothing answered: no network, no server, a time-out. */
  unreachable: "Cadenza cannot be reached.",
  /** It is in the outbox. */
  kept_for_later: "It is kept here and goes out as soon as Cadenza can be reached.",
  signed_out: "You are not signed in.",
  sign_in_expired: "Your sign-in has ended. Sign in again.",
  sign_in_stopped: "The sign-in was stopped before it was done.",
  no_permission: "The browser does not let the extension ask Cadenza's address.",
  no_address: "Say first where your Cadenza is.",
  /** The extension's own parts do not fit: an update is under way. */
  not_understood: "The extension was updated. Close this page and open it again.",
} as const;

export type OwnCode = keyof typeof ownCodes;
export type Refusal = { code: OwnCode | ProblemCode; detail: string; problem?: unknown };

export class RefusedError extends Error {
  readonly code: OwnCode | ProblemCode;
  constructor(readonly refusal: Refusal) {
    super(refusal.detail);
    this.name = "RefusedError";
    this.code = refusal.code;
  }
}

export const refused = (code: OwnCode, detail: string = ownCodes[code]): RefusedError =>
  new RefusedError({ code, detail });

/** Whatever was thrown. What has no code of ours is a bug, and its message is for the console. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof RefusedError) return error.refusal;
  const { code, message, problem } = error as { code?: unknown; message?: string; problem?: unknown };
  if (typeof code === "string" && problem)
    return { code: code as ProblemCode, detail: message ?? "", problem };
  console.error(error);
  return { code: "unreachable", detail: ownCodes.unreachable };
}
