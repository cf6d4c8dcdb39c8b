/** A refusal in the language of the panel, where a view has words for it: the server speaks English. */
import { ProblemError } from "@cadenza/shared/client";

export async function inWords<Answer>(
  asked: Promise<Answer>,
  words: Partial<Record<string, string>>,
): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const detail = words[error.code];
    throw detail ? new ProblemError({ ...error.problem, detail }) : error;
  }
}
