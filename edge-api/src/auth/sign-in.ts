/** What the pages ask of the sign-in library: start a session, end one, go into a workspace. Cookies come back as headers. */
import { isAPIError } from "better-auth/api";
import type { Auth } from "./auth.ts";

/** Mails a link to whoever reads this address. @throws when the mail is not taken. */
export async function mailSignInLink(auth: Auth, email: string, next: string, headers: Headers) {
  await auth.api.signInMagicLink({ body: { email, metadata: { next } }, headers });
}

export type SignedIn =
  | { ok: true; user: { id: string; email: string; name: string }; cookies: Headers }
  /** `dead`: used, too old or no token at all. */
  | { ok: false; reason: "dead" | "not_expected" };

/** A session of its own for every sign-in: the one before, whosever it was, ends with it. */
export async function signInByToken(auth: Auth, token: string, headers: Headers): Promise<SignedIn> {
  try {
    const made = await auth.api.magicLinkVerify({ query: { token }, headers, returnHeaders: true });
    await endSession(auth, headers);
    const { id, email, name } = made.response.user;
    return { ok: true, user: { id, email, name }, cookies: cookiesOf(made.headers) };
  } catch (error) {
    // The library answers with a redirect that says why.
    const location = isAPIError(error) ? new Headers(error.headers).get("location") : null;
    if (!location) throw error;
    const reason = new URL(location, "https://x.invalid").searchParams.get("error");
    return { ok: false, reason: reason === "NOT_INVITED" ? "not_expected" : "dead" };
  }
}

/** @returns the cookies that forget it; ending none is no mistake. */
export async function endSession(auth: Auth, headers: Headers): Promise<Headers> {
  const ended = await auth.api.signOut({ headers, returnHeaders: true });
  return cookiesOf(ended.headers);
}

export const asksGoogle = (auth: Auth): boolean => "google" in (auth.options.socialProviders ?? {});

/** @returns Google's address, and the cookie that ties its answer to this browser. */
export async function startGoogle(
  auth: Auth,
  next: string,
  headers: Headers,
): Promise<{ location: string; cookies: Headers }> {
  const back = new URLSearchParams(next ? { next } : {});
  const started = await auth.api.signInSocial({
    body: {
      provider: "google",
      callbackURL: next || "/app",
      errorCallbackURL: `/sign-in?${back}`,
      disableRedirect: true,
    },
    headers,
    returnHeaders: true,
  });
  return { location: started.response.url!, cookies: cookiesOf(started.headers) };
}

/** From now on this session is in that workspace. @throws when its person does not belong to it. */
export async function enterWorkspace(auth: Auth, organizationId: string, headers: Headers): Promise<Headers> {
  const entered = await auth.api.setActiveOrganization({
    body: { organizationId },
    headers,
    returnHeaders: true,
  });
  return cookiesOf(entered.headers);
}

function cookiesOf(headers: Headers): Headers {
  const cookies = new Headers();
  for (const cookie of headers.getSetCookie()) cookies.append("set-cookie", cookie);
  return cookies;
}
