/**
 * The frame's way to the API: the token the page around handed in is exchanged for a session bound to that page, again
 * before it ends, and a request that meets an ended session waits for the next one.
 */
import { type AnswerOf, type Client, createClient, ProblemError } from "@cadenza/shared/client";

export type Entered = AnswerOf<"embed.session">;
export type Problem = { code: string; detail: string };

export type FrameSession = {
  client: Client;
  /** @param host whose page it came from, as the browser says: `event.origin` cannot be made up by that page. */
  offer(token: string, host: string): void;
};

type Told = {
  entered(session: Entered): void;
  /** The token has expired: a new one is wanted. */
  spent(): void;
  refused(problem: Problem): void;
};

const renewAheadMs = 60_000;
/** A request does not go out with what ends under way. */
const freshMs = 5_000;
const retryMs = 15_000;
/** How long a request waits for the page around to hand in a token. */
const tokenWaitMs = 60_000;

export function openFrameSession(told: Told): FrameSession {
  const baseUrl = location.origin;
  const withoutCookies = (request: Request) => fetch(request, { credentials: "omit" });
  const visitor = createClient({ baseUrl, fetch: withoutCookies });
  const member = createClient({ baseUrl, fetch: withoutCookies, token: accessToken });
  let given = { token: "", host: "" };
  let session: Entered | null = null;
  let isEntering = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waiting: { done(): void; failed(problem: object): void }[] = [];

  async function enter(): Promise<void> {
    if (isEntering) return;
    isEntering = true;
    clearTimeout(timer);
    const { token, host } = given;
    const answer = await visitor("embed.session", { body: { token, parentOrigin: host } }).catch(
      (error: Error) => error,
    );
    isEntering = false;
    // A newer one came meanwhile: what became of the older is of no interest.
    if (token !== given.token) return enter();
    if (answer instanceof Error) return fail(answer);
    session = answer;
    told.entered(answer);
    for (const { done } of waiting.splice(0)) done();
    timer = setTimeout(enter, Math.max(retryMs, Date.parse(answer.expiresAt) - Date.now() - renewAheadMs));
  }

  function fail(error: Error): void {
    if (!(error instanceof ProblemError)) {
      timer = setTimeout(enter, retryMs);
      const detail = "Cadenza cannot be reached. It is tried again in a moment.";
      told.refused({ code: "unreachable", detail });
    } else if (error.code === "embed_token_expired") {
      told.spent();
      // Whoever waits goes on waiting: the next token is for them.
      return;
    } else {
      session = null;
      told.refused({ code: error.code, detail: error.message });
    }
    for (const { failed } of waiting.splice(0)) failed(error);
  }

  async function accessToken(): Promise<string> {
    if (!session || Date.parse(session.expiresAt) - Date.now() < freshMs) await next();
    return session!.accessToken;
  }

  const next = (): Promise<void> =>
    new Promise((done, failed) => {
      waiting.push({ done, failed });
      const expired = Object.assign(new Error("The token has expired."), { code: "embed_token_expired" });
      setTimeout(() => failed(expired), tokenWaitMs);
      void enter();
    });

  return {
    client: ((...asked: Parameters<Client>) =>
      member(...asked).catch((error) => {
        if (error.code !== "unauthenticated") throw error;
        // Ended before its time: the app, the secret or the clock. Asked once more with a new one.
        session = null;
        return member(...asked);
      })) as Client,
    offer(token, host) {
      given = { token, host };
      void enter();
    },
  };
}
