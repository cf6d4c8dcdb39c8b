/** The first run: whoever holds the set-up token makes the first workspace. */
import { html } from "hono/html";
import type { PageContent } from "./document.ts";
import { choice, type Entered, field, formNote } from "./parts.ts";

export type Zones = { heading: string; zones: string[] }[];

/** The fields' names are places in what the API takes for a new workspace. */
export const setupNames = ["name", "timeZone", "admin/name", "admin/email"] as const;

export const setupPage = (entered: Entered, zone: string, zones: Zones): PageContent => ({
  title: "Set up Cadenza",
  body: html`<p>This makes the first workspace, with you as its admin.</p>
<form method="post" action="/setup" class="stack" novalidate>
${formNote(entered)}
${field(entered, { name: "token", label: "Set-up token", type: "password", autocomplete: "off", hint: "The value of CADENZA_SETUP_TOKEN, which whoever deployed this chose.", first: true })}
${field(entered, { name: "name", label: "Name of the workspace", hint: "Your company or team, as people will see it.", autocomplete: "organization", lengthMax: 120 })}
${choice(entered, { name: "timeZone", label: "Time zone", value: zone, groups: zones.map(({ heading, zones }) => ({ heading, options: zones.map(named) })) })}
${field(entered, { name: "admin/name", label: "Your name", autocomplete: "name", lengthMax: 120 })}
${field(entered, { name: "admin/email", label: "Your email address", type: "email", autocomplete: "email" })}
<button>Make the workspace</button>
</form>`,
});

const named = (zone: string) => ({
  value: zone,
  text: zone.slice(zone.indexOf("/") + 1).replaceAll("_", " "),
});

export const noTokenPage = (): PageContent => ({
  title: "Set up Cadenza",
  body: html`<p>Nothing is set up yet, and no set-up token is set: without one, anybody could make themselves at home here.</p>
<p>Choose a long random one and deploy it, then come back:</p>
<p><code>npx wrangler secret put CADENZA_SETUP_TOKEN</code></p>
<p class="soft">Locally, <code>pnpm dev</code> brings one along and prints it.</p>`,
});

export const alreadySetUpPage = (): PageContent => ({
  title: "This Cadenza is set up",
  body: html`<p>There is a workspace already, so nobody can make a first one any more.</p>
<p><a href="/sign-in">Sign in</a></p>`,
});

export type Mailed = "sent" | "refused" | "not_set_up";

export const setUpPage = (
  workspace: string,
  email: string,
  mailed: Mailed,
  google: boolean,
): PageContent => ({
  title: `${workspace} stands`,
  body: {
    sent: html`<p>You are its admin. A sign-in link is on its way to <b>${email}</b>: open it in this browser to go on.</p>`,
    refused: html`<p>You are its admin, but the mail server did not take the sign-in link for <b>${email}</b>. What it said
is in the Worker’s log.</p>
<p>Mend <code>SYSTEM_MAIL_URL</code>, then <a href="/sign-in">ask for a link</a>.</p>`,
    not_set_up: html`<p>You are its admin. To sign in you need a link by mail, and this Cadenza cannot send mail yet:</p>
<p><code>npx wrangler secret put SYSTEM_MAIL_URL</code></p>
<p class="soft">for example <code>smtps://user:password@smtp.example.com:465</code>, and its sender’s address as
<code>SYSTEM_MAIL_FROM</code> in <code>wrangler.toml</code>.</p>
<p>${google ? "Then, or with Google at once," : "Then"} <a href="/sign-in">sign in</a> as <b>${email}</b>.</p>`,
  }[mailed],
});
