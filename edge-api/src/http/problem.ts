/** Refusals on the wire (RFC 9457). Here a code gets its status; what is not a refusal is a bug and says nothing. */
import { type FieldError, type Problem, type ProblemCode, problems } from "@cadenza/shared/problem";
import { AppError } from "../domain/errors.ts";
import type { Answer } from "./answer.ts";

/** What http/ itself finds wrong with a request: may point at the query, the path or a header. */
export class BadRequest extends AppError {
  constructor(
    code: ProblemCode,
    detail: string,
    readonly errors: FieldError[] = [],
    readonly headers: Record<string, string> = {},
  ) {
    super(code, detail);
  }
}

export const invalidRequest = (errors: FieldError[]): BadRequest => {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const where = first?.pointer ? `${first.pointer}: ` : "";
  return new BadRequest("invalid_request", `${where}${first?.detail}${more}`, errors);
};

/** @returns null for what nobody refused: the caller logs it and answers `internalProblem`. */
export function problemAnswer(error: unknown, requestId: string): Answer | null {
  if (!(error instanceof AppError)) return null;
  const headers = error instanceof BadRequest ? error.headers : {};
  return answerOf(problemOf(error.code, error.message, requestId, fieldErrorsOf(error)), headers);
}

export const internalProblem = (requestId: string): Answer =>
  answerOf(problemOf("internal", `It was logged as ${requestId}. Nothing of it was kept.`, requestId, []));

function fieldErrorsOf(error: AppError): FieldError[] {
  if (error instanceof BadRequest) return error.errors;
  if (error.fields) return error.fields.map((field) => ({ in: "body", ...field }));
  return error.pointer === undefined ? [] : [{ in: "body", pointer: error.pointer, detail: error.message }];
}

function problemOf(code: ProblemCode, detail: string, requestId: string, errors: FieldError[]): Problem {
  const { status, title } = problems[code];
  const problem: Problem = { type: `/docs#${code}`, title, status, code, detail, requestId };
  return errors.length ? { ...problem, errors } : problem;
}

const answerOf = (problem: Problem, headers: Record<string, string> = {}): Answer => ({
  status: problem.status,
  body: JSON.stringify(problem),
  headers,
});
