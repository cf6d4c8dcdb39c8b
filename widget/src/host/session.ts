/**
 * A host page's way to the API: the token its server signed is exchanged for a session of minutes, once for all panels
 * of that user on the page, and again before it ends. A request that meets an ended session waits for the next one, so
 * that nothing somebody typed is lost over it.
 */

import { type Client, createClient, type ProblemError } from "@cadenza/shared/client";
import type { Ask } from "./ask-for-token.ts";

/** What a panel shares with the others of its user: the client, and who hands in tokens. */
export type Desk = {
  client: Client;
  /** A token the host signed; an older one than is known is not taken. */
  offer(token: string): void;
  /** Joins those who are asked for a new token. @returns how to leave again. */
  join(ask: Ask): () => void;
};

const renewAheadMs = 30_000;

/** @param token left out: then the first is asked for. */
export function deskFor(api: string, app: string, token = ""): Desk {
  // Panels of one page are one user's, but a page that changes its user must not go on in the first one's name.
  const key = [api, app, claimsOf(token).sub].join();
  desks[key] ??= openDesk(api);
  desks[key].offer(token);
  return desks[key];
}
const desks: Record<string, Desk> = {};

function openDesk(baseUrl: string): Desk {
  const asks = new Set<Ask>();
  let token = "";
  /** The newest that was refused as expired; at first there is none to go with. */
  let spent = "";
  let session: { accessToken: string; expiresAt: string } | null = null;
  let entering: Promise<string> | null = null;
  let heard = () => {};

  const fetchWithoutCookies = (request: Request) => fetch(request, { credentials: "omit" });
  const visitor = createClient({ baseUrl, fetch: fetchWithoutCookies });
  const member = createClient({ baseUrl, fetch: fetchWithoutCookies, token: accessToken });

  function offer(next: string): void {
    if (next === token || claimsOf(next).iat! < claimsOf(token).iat!) return;
    token = next;
    heard();
  }

  async function enter(): Promise<string> {
    if (token === spent) {
      const { askForToken } = await import("./ask-for-token.ts");
      await askForToken(asks, offer, (done) => {
        heard = done;
      });
    }
    if (token === spent) throw Object.assign(new Error(), { code: "embed_token_expired" });
    const used = token;
    try {
      session = await visitor("embed.session", { body: { token: used } });
      return session.accessToken;
    } catch (error) {
      if ((error as ProblemError).code !== "embed_token_expired") throw error;
      spent = used;
      return enter();
    }
  }

  function accessToken(): Promise<string> | string {
    if (session && Date.now() < Date.parse(session.expiresAt) - renewAheadMs) return session.accessToken;
    entering ??= enter().finally(() => {
      entering = null;
    });
    return entering;
  }

  return {
    offer,
    client: ((...asked: Parameters<Client>) =>
      member(...asked).catch((error) => {
        if (error.code !== "unauthenticated") throw error;
        // Ended before its time: the app, the secret or the clock. Asked once more with a new one.
        session = null;
        return member(...asked);
      })) as Client,
    join(ask) {
      asks.add(ask);
      return () => asks.delete(ask);
    },
  };
}

/** Read to tell users and ages apart, never to trust: the server checks the signature. */
function claimsOf(token: string): { sub?: string; iat?: number } {
  try {
    return JSON.parse(atob(token.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/")));
  } catch {
    return {};
  }
}
