/**
 * Asks the API in the name of whoever is signed in: with the token, a time-out, a second try with a new token where the
 * first was refused, and more tries for what is only read.
 */
import { type Client, createClient, ProblemError } from "@cadenza/shared/client";
import { routes } from "@cadenza/shared/routes";
import { refused } from "../api/refusal.ts";
import type { ApiRoute } from "../api/relayed-routes.ts";
import { isWorthRetrying, retryAfterMs, retryDelayMs } from "./retry.ts";

export type ApiDeps = {
  apiUrl(): Promise<string | null>;
  accessToken(refusedToken?: string): Promise<string>;
  /** Whether the browser lets us ask this address. */
  isAllowed(apiUrl: string): Promise<boolean>;
  fetch(request: Request): Promise<Response>;
  now(): number;
  random(): number;
  sleep(ms: number): Promise<void>;
};

const requestMs = 10_000;
const readTries = 3;

export type AskApi = (route: ApiRoute, request: Record<string, unknown>) => Promise<unknown>;

/** @returns once: what the outbox sends, which has its own patience; read: what may be asked again at once. */
export function createApi({ apiUrl, accessToken, isAllowed, fetch, now, random, sleep }: ApiDeps) {
  const once: AskApi = async (route, request) => {
    const baseUrl = await apiUrl();
    if (!baseUrl) throw refused("no_address");
    if (!(await isAllowed(baseUrl))) throw refused("no_permission");
    const token = await accessToken();
    try {
      return await asked(baseUrl, token, route, request);
    } catch (error) {
      if ((error as { code?: string }).code !== "unauthenticated") throw error;
      // Ended before its time: somebody disconnected this browser, or the clock is wrong.
      return asked(baseUrl, await accessToken(token), route, request);
    }
  };

  async function asked(baseUrl: string, token: string, route: ApiRoute, request: Record<string, unknown>) {
    let patience: number | null = null;
    const client = createClient({
      baseUrl,
      token,
      fetch: async (given) => {
        const signal = AbortSignal.timeout(requestMs);
        const response = await fetch(new Request(given, { signal, credentials: "omit", cache: "no-store" }));
        patience = retryAfterMs(response.headers.get("retry-after"), now());
        return response;
      },
    }) as (route: ApiRoute, request: unknown) => ReturnType<Client>;
    return client(route, request).catch((error: unknown) => {
      if (!(error instanceof ProblemError)) throw refused("unreachable");
      throw Object.assign(error, { retryAfterMs: patience });
    });
  }

  const read: AskApi = async (route, request) => {
    for (let tries = 1; ; tries++) {
      try {
        return await once(route, request);
      } catch (error) {
        if (tries >= readTries || !isWorthRetrying(error)) throw error;
        const askedMs = (error as { retryAfterMs?: number | null }).retryAfterMs ?? null;
        const delay = retryDelayMs(tries, random(), askedMs);
        if (delay > requestMs) throw error;
        await sleep(delay);
      }
    }
  };

  return { once, read, isRead: (route: ApiRoute) => routes[route][0] === "GET" };
}
