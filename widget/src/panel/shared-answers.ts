/** A question that several panels of a page ask at once is asked once. */
import type { AnswerOf, Client, RequestOf } from "@cadenza/shared/client";
import type { RouteName } from "@cadenza/shared/routes";

const underWay = new WeakMap<Client, Map<string, Promise<unknown>>>();

/** For reading only. @returns the answer of a question just like it that is under way, else of a new one. */
export function askOnce<Name extends RouteName>(
  client: Client,
  name: Name,
  request: RequestOf<Name>,
): Promise<AnswerOf<Name>> {
  const asked = underWay.get(client) ?? new Map<string, Promise<unknown>>();
  underWay.set(client, asked);
  const key = name + JSON.stringify(request);
  let answer = asked.get(key) as Promise<AnswerOf<Name>> | undefined;
  if (!answer) {
    const ask = client as (name: Name, request: RequestOf<Name>) => Promise<AnswerOf<Name>>;
    answer = ask(name, request).finally(() => asked.delete(key));
    asked.set(key, answer);
  }
  return answer;
}
