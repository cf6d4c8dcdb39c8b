/**
 * A host page's way to the API: the token its server signed is exchanged for a session of minutes, once for all panels
 * of that user on the page, and again before it ends. A request that meets an ended session waits for the next one, so
 * that nothing somebody typed is lost over it.
 */
import { type Client, createClient, ProblemError } from "@cadenza/shared/client";

export type Ask = () => string | null | undefined | Promise<string | null | undefined>;

/** What a panel shares with the others of its user: the client, and who hands in tokens. */
export type Desk = {
  client: Client;
  /** A token the host signed; an older one than is known is not taken. */
  offer(token: string): void;
  /** Joins those who are asked for a new token. @returns how to leave again. */
  join(ask: Ask): () => void;
};

const renewAheadMs = 30_000;
/** How long a request waits for the host to hand in a new token. */
const tokenWaitMs = 60_000;
const sessionEnded = /^(embed_session|unauthenticated|embed_token_expired)/;

const desks = new Map<string, Desk>();

export function deskFor(api: string, app: string, token: string): Desk {
  // Panels of one page are one user's, but a page that changes its user must not go on in the first one's name.
  const key = [api, app, claimsOf(token).sub].join("|");
  let desk = desks.get(key);
  if (!desk) {
    desk = openDesk(api);
    desks.set(key, desk);
  }
  desk.offer(token);
  return desk;
}

function openDesk(api: string): Desk {
  const public_ = createClient({ baseUrl: api, fetch: withoutCookies });
  const asks = new Set<Ask>();
  let token = "";
  let spent = "";
  let session: { accessToken: string; endsAt: number } | null = null;
  let entering: Promise<string> | null = null;
  let heard: (() => void) | null = null;

  const offer = (next: string): void => {
    if (!next || next === token || issuedAt(next) < issuedAt(token)) return;
    token = next;
    heard?.();
  };

  /** Resolves with a token that has not been refused as expired yet. */
  async function freshToken(): Promise<string> {
    if (token !== spent) return token;
    const arrived = new Promise<void>((done) => {
      heard = done;
    });
    for (const ask of asks) {
      Promise.resolve(ask()).then(
        (given) => given && offer(given),
        () => {},
      );
    }
    const tooLate = new Promise<void>((done) => setTimeout(done, tokenWaitMs));
    await Promise.race([arrived, tooLate]);
    heard = null;
    if (token === spent) throw new ProblemError(expired);
    return token;
  }

  async function enter(): Promise<string> {
    const used = await freshToken();
    try {
      const { accessToken, expiresAt } = await public_("embed.session", { body: { token: used } });
      session = { accessToken, endsAt: Date.parse(expiresAt) };
      return accessToken;
    } catch (error) {
      if ((error as ProblemError).code !== "embed_token_expired") throw error;
      spent = used;
      return enter();
    }
  }

  const accessToken = (): Promise<string> | string => {
    if (session && Date.now() < session.endsAt - renewAheadMs) return session.accessToken;
    entering ??= enter().finally(() => {
      entering = null;
    });
    return entering;
  };

  const direct = createClient({ baseUrl: api, token: accessToken, fetch: withoutCookies });
  const client = (async (name, ...request) => {
    try {
      return await direct(name, ...request);
    } catch (error) {
      // Ended before its time: the app, the secret or the clock. Asked once more with a new one.
      if (!sessionEnded.test((error as ProblemError).code ?? "")) throw error;
      session = null;
      return direct(name, ...request);
    }
  }) as Client;

  return {
    client,
    offer,
    join(ask) {
      asks.add(ask);
      return () => asks.delete(ask);
    },
  };
}

const withoutCookies = (request: Request) => fetch(request, { credentials: "omit" });

/** Read to tell users and ages apart, never to trust: the server checks the signature. */
function claimsOf(token: string): { sub?: string; iat?: number } {
  try {
    return JSON.parse(atob(token.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/")));
  } catch {
    return {};
  }
}
const issuedAt = (token: string) => claimsOf(token).iat ?? 0;

const expired = {
  type: "about:blank",
  title: "",
  status: 401,
  code: "embed_token_expired",
  detail: "",
  requestId: "",
} as const;
