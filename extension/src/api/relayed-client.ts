/**
 * The API for the extension's pages and the panel in them: the same typed function, but what is asked goes through the
 * background, which alone knows where the API is and has the token.
 */
import type { Client } from "@cadenza/shared/client";
import { routes } from "@cadenza/shared/routes";
import { ask } from "../messages/ask.ts";
import type { Question } from "../messages/questions.ts";

export const relayedClient = ((
  route: Question<"api.ask">["route"],
  request: Record<string, unknown> = {},
) => {
  // A signal does not cross; whoever gave it up does not look at the answer.
  const { signal: _, query, ...rest } = request as { signal?: AbortSignal; query?: Record<string, unknown> };
  const said = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const question = { route, ...rest, query: Object.fromEntries(said) } as Question<"api.ask">;
  const [method] = routes[route];
  // Read as often as you like; kept in the outbox, it happens once; anything else is asked once.
  const mayRepeat = method === "GET" || question.idempotencyKey !== undefined;
  return ask("api.ask", question, { mayRepeat });
}) as unknown as Client;
