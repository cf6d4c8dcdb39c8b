/**
 * A page's side: puts a question to the background and waits for the answer, as long as the table allows. The worker
 * may be asleep (the browser wakes it) or die over it: then the question is put again, if that does no harm.
 */
import { type Refusal, RefusedError, refused } from "../api/refusal.ts";
import type { Answers, Question } from "./questions.ts";
import { type Verb, verbs } from "./verbs.ts";

export type Reply = { answer: unknown } | { refusal: Refusal };
export type Send = (message: { verb: Verb; question: unknown }) => Promise<unknown>;

/** @param send how the browser carries it; throws when nobody was there to answer. */
export const askBy =
  (send: Send) =>
  async <Name extends Verb>(
    verb: Name,
    question: Question<Name>,
    { mayRepeat = true } = {},
  ): Promise<Answers[Name]> => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(refused("unreachable")), verbs[verb].timeoutMs);
    try {
      const message = { verb, question };
      // Died over it: a new worker starts at once and finds the outbox as it was left.
      const sent = send(message).catch((error) => {
        if (!mayRepeat) throw error;
        return send(message);
      });
      const reply = (await Promise.race([sent, late])) as Reply | undefined;
      if (!reply) throw refused("not_understood");
      if ("refusal" in reply) throw new RefusedError(reply.refusal);
      return reply.answer as Answers[Name];
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      throw refused("not_understood");
    } finally {
      clearTimeout(timer);
    }
  };

export const ask = askBy((message) => chrome.runtime.sendMessage(message));
