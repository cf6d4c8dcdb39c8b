/**
 * The background's side: takes questions from the extension's own pages, checks what they hold, and answers. Whatever
 * goes wrong goes back as words; nothing is thrown into the browser.
 */
import * as z from "zod";
import { refusalOf, refused } from "../api/refusal.ts";
import type { Reply } from "./ask.ts";
import { type Answers, type Question, questions } from "./questions.ts";
import type { Verb } from "./verbs.ts";

export type Answering = { [Name in Verb]: (question: Question<Name>) => Promise<Answers[Name]> };

export type Sender = { id?: string | undefined; origin?: string | undefined };

const message = z.strictObject({ verb: z.string(), question: z.unknown() });

/** @param own the extension's origin: a content script has its page's, and none of these questions is for it. */
export async function answer(
  answering: Answering,
  own: { id: string; origin: string },
  given: unknown,
  sender: Sender,
): Promise<Reply> {
  try {
    if (sender.id !== own.id || sender.origin !== own.origin) throw refused("not_understood");
    const { verb, question } = message.parse(given);
    if (!isVerb(verb)) throw refused("not_understood");
    const asked = questions[verb].safeParse(question);
    if (!asked.success) throw refused("not_understood");
    const run = answering[verb] as (question: unknown) => Promise<unknown>;
    return { answer: (await run(asked.data)) ?? null };
  } catch (error) {
    return { refusal: error instanceof z.ZodError ? refused("not_understood").refusal : refusalOf(error) };
  }
}

const isVerb = (verb: string): verb is Verb => Object.hasOwn(questions, verb);
