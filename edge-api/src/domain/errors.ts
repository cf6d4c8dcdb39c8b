/** A refusal that a caller caused and can understand. Its HTTP status is nobody's business below `http/`. */
import type { ProblemCode } from "@cadenza/shared/problem";

export class AppError extends Error {
  constructor(
    readonly code: ProblemCode,
    detail: string,
    /** JSON pointer (RFC 6901) to the field of the request it is about. */
    readonly pointer?: string,
    /** Where several fields are wrong: each with its own sentence. */
    readonly fields?: { pointer: string; detail: string }[],
  ) {
    super(detail);
    this.name = "AppError";
  }
}
