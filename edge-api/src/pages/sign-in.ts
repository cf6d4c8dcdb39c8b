/** Getting in: asking for a link, the page the link leads to, and what went wrong. */
import { html } from "hono/html";
import type { Html, PageContent } from "./document.ts";
import { type Entered, field, formNote, hidden, note } from "./parts.ts";

/** What an operator has set up. */
export type WaysIn = { mail: boolean; google: boolean };

export type SignIn = {
  waysIn: WaysIn;
  entered: Entered;
  /** Where to go afterwards: a path of ours, or nothing. */
  next: string;
  /** Why an attempt failed: a code of `failures`; anything else is not shown. */
  failure?: string | null;
};

/** Where Google asks its question: a form that leads there has to say so. */
const googleOrigin = "https://accounts.google.com";

const failures: Record<string, string> = {
  NOT_INVITED: "Nobody has invited this address. Ask an admin of your workspace for an invitation.",
  email_not_found: "Google has not confirmed this address, so we cannot rely on it.",
  access_denied: "Google was not allowed to say who you are. Nothing was changed.",
  no_cookie:
    "Your browser kept no cookie, so it is not known who you are. Allow cookies for this address, then ask for another link.",
  other: "Google did not answer as expected. Nothing was changed; try again.",
};

export const signInPage = ({ waysIn, entered, next, failure }: SignIn): PageContent => ({
  title: "Sign in",
  ...(waysIn.google && { formTargets: [googleOrigin] }),
  body: html`${failure ? note("bad", "That did not work.", failures[failure] ?? failures.other!) : ""}
${waysIn.mail ? mailForm(entered, next) : ""}
${waysIn.google ? googleForm(next, waysIn.mail) : ""}
${waysIn.mail || waysIn.google ? "" : noWayIn()}`,
});

const mailForm = (
  entered: Entered,
  next: string,
): Html => html`<form method="post" action="/sign-in" class="stack" novalidate>
${formNote(entered)}
${field(entered, { name: "email", label: "Your email address", type: "email", autocomplete: "username", first: true })}
${hidden("next", next)}
<button>Mail me a sign-in link</button>
</form>`;

const googleForm = (next: string, second: boolean): Html => html`${second ? html`<hr>` : ""}
<form method="post" action="/sign-in/google">${hidden("next", next)}
<button${second ? html` class="other"` : ""}>Continue with Google</button></form>`;

const noWayIn =
  (): Html => html`<p>There is no way to sign in yet: this Cadenza can neither send mail nor ask Google.</p>
<p>Whoever runs it sets <code>SYSTEM_MAIL_URL</code> and <code>SYSTEM_MAIL_FROM</code>, or
<code>GOOGLE_CLIENT_ID</code> and <code>GOOGLE_CLIENT_SECRET</code>, and deploys again.</p>`;

/** The same for every address: whether somebody has an account here is not said to strangers. */
export const linkSentPage = (email: string, minutes: number, next: string): PageContent => ({
  title: "Look into your inbox",
  body: html`<p>If <b>${email}</b> belongs to somebody here, a sign-in link is on its way to it. It works once, within
${minutes} minutes.</p>
<p class="soft">Nothing there after a minute? Look among the spam, or
<a href="${signInPath(next)}">try another address</a>.</p>`,
});

/** Following the link changes nothing, for scanners follow links too: only the button signs in. */
export const confirmPage = (token: string, next: string): PageContent => ({
  title: "Sign in to Cadenza",
  body: html`<p>One press, and you are in.</p>
<form method="post" action="/sign-in/confirm">${hidden("token", token)}${hidden("next", next)}
<button autofocus>Sign in</button></form>
<p class="soft">You did not ask for this link? Then close the page: nothing has happened.</p>`,
});

export const deadLinkPage = ({ waysIn, next }: Pick<SignIn, "waysIn" | "next">): PageContent => ({
  title: "This link no longer works",
  body: html`<p>A sign-in link works once and not for long: this one was used, is too old, or was cut off on its way.</p>
${waysIn.mail ? mailForm({ values: {}, errors: {} }, next) : html`<p><a href="${signInPath(next)}">Sign in another way</a></p>`}`,
});

export const notExpectedPage = (): PageContent => ({
  title: "Nobody expects you here",
  body: html`<p>The link was right, but the invitation behind it was withdrawn or has run out. Ask an admin of your
workspace for a new one.</p>`,
});

/** What Google's answer or another program's question runs into before it is known where it came from. */
const interrupted = [
  "state_mismatch",
  "state_not_found",
  "please_restart_the_process",
  "invalid_callback_request",
];

/** @param code out of the address: anybody's. Only what looks like a code is shown. */
export const failedPage = (code: string): PageContent =>
  interrupted.includes(code)
    ? {
        title: "That took too long",
        body: html`<p>The sign-in was begun in another browser, or is over already. Nobody was signed in.</p>
<p><a href="/sign-in">Sign in again</a></p>`,
      }
    : {
        title: "This cannot be answered",
        body: html`<p>The program that sent you here asked for something Cadenza does not give. It got nothing.</p>
<p>Tell whoever makes it${/^[a-z_]{1,60}$/.test(code) ? html`: the reason is <code>${code}</code>` : ""}.</p>
<p><a href="/">Back to the start</a></p>`,
      };

export const signInPath = (next: string): string =>
  next ? `/sign-in?${new URLSearchParams({ next })}` : "/sign-in";
