/** A question that several panels of a page ask at once is asked once. */
import type { AnswerOf, Client, RequestOf } from "@cadenza/shared/client";
import type { RouteName } from "@cadenza/shared/routes";

const underWay = new WeakMap<Client, Record<string, Promise<unknown>>>();

/** For reading only. @returns the answer of a question just like it that is under way, else of a new one. */
export function askOnce<Name extends RouteName>(
  client: Client,
  name: Name,
  request: RequestOf<Name>,
): Promise<AnswerOf<Name>> {
  const asked = underWay.get(client) ?? {};
  const key = name + JSON.stringify(request);
  const ask = client as (name: Name, request: RequestOf<Name>) => Promise<AnswerOf<Name>>;
  underWay.set(client, asked);
  asked[key] ??= ask(name, request).finally(() => delete asked[key]);
  return asked[key] as Promise<AnswerOf<Name>>;
}

/** Whoever asks from now on asks anew: something was changed. */
export const forgetAnswers = (client: Client): boolean => underWay.delete(client);
