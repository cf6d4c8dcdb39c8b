/**
 * A form whose answer is a secret, or that makes something: sent twice (a double click, a reload) it is done once. Its
 * page carries a mark of its own; the API's memory of Idempotency-Keys does the rest, with the answer sealed in it.
 */
import { hashSecret } from "../commands/api-keys.ts";
import { AppError } from "../domain/errors.ts";
import { answerOnce } from "./idempotency.ts";
import { BadRequest } from "./problem.ts";
import type { MemberVisit } from "./serve-page.ts";

export const onceField = "once";
export const newOnce = (): string => crypto.randomUUID();

/** For so long the same form gets the same answer; after that only that it was done: a secret is shown once. */
export const answeredAgainMs = 60_000;

/** `again`: it was done before. Its result is null once that is too long ago. */
export type DoneOnce<Result> = { again: false; result: Result } | { again: true; result: Result | null };

/** @param run what it gives has to survive JSON. */
export async function doOnce<Result>(
  visit: MemberVisit,
  run: () => Promise<Result>,
): Promise<DoneOnce<Result>> {
  const { form, request, system, actor } = visit;
  if (!form.get(onceField)) return { again: false, result: await run() };
  const body = new TextEncoder().encode(form.toString());
  // By the whole form and by who sends it: gone back to and filled in otherwise, it is another one.
  const key = `form-${hashSecret(`${actor.name} ${request.url} ${form}`)}`;
  let done: { result: Result } | undefined;
  let failure: unknown;
  const work = async () => {
    try {
      done = { result: await run() };
      return { status: 201, body: JSON.stringify({ at: system.wallNow(), result: done.result }) };
    } catch (error) {
      failure = error;
      // Nothing was done, so nothing is kept.
      return { status: 500, body: null };
    }
  };
  const asked = { key, method: "POST", url: request.url, body, answersSecret: true };
  const answer = await answerOnce(visit, asked, work).catch((error: unknown) => {
    throw stillRunning(error) ?? error;
  });
  if (failure) throw failure;
  if (done) return { again: false, ...done };
  const kept = JSON.parse(answer.body as string) as { at: number; result: Result };
  return { again: true, result: system.wallNow() - kept.at <= answeredAgainMs ? kept.result : null };
}

const stillRunning = (error: unknown): AppError | null =>
  error instanceof BadRequest && error.code === "idempotency_in_progress"
    ? new AppError("busy", "It is being done at this moment. Reload this page to see what came of it.")
    : null;
