/** One host app: what goes onto its pages, what its server signs with, where it runs, and whether it may. */
import { html } from "hono/html";
import type { Hall, Html, PageContent } from "./document.ts";
import { hostAppFields, hostAppState } from "./embed-apps.ts";
import { copyable, doneNote, type Entered, formNote, hidden, note, state } from "./parts.ts";
import { secretPage, secretSeenPage } from "./secret.ts";
import { instant } from "./time.ts";

/** The id is the API's. */
export type HostApp = {
  id: string;
  name: string;
  origins: string[];
  newMemberRole: string | null;
  secrets: { kid: string; createdAt: number }[];
  disabledAt: number | null;
  rev: number;
};

export type ShownHostApp = {
  app: HostApp;
  publicUrl: string;
  done: string | null;
  refused: string | null;
  entered: Entered;
  once: string;
};

/** The one in use, and the one that takes over. */
const secretsMax = 2;

const dones: Record<string, [word: string, text: string]> = {
  added: ["Added.", "Next its server needs a secret."],
  changed: ["Saved.", "It holds at once. Sessions of pages on an origin that is gone have ended."],
  revoked: ["Revoked.", "What was signed with that secret opens nothing any more."],
  disabled: ["Disabled.", "Its tokens are refused and its sessions have ended. Nothing of it is lost."],
  enabled: ["Enabled.", "It works again as it stands."],
};

export const hostAppPage = (hall: Hall, shown: ShownHostApp): PageContent => {
  const { app, publicUrl, done, refused, entered, once } = shown;
  const isDisabled = app.disabledAt !== null;
  return {
    title: app.name,
    hall,
    body: html`<p class="small soft">${hostAppState({ isDisabled, secrets: app.secrets.length })} · <code>${app.id}</code> · <a href="/app/host-apps">All host apps</a></p>
${doneNote(dones, done)}${refused ? note("bad", "Not done.", refused) : ""}
${secretsSection(app, once, hall.zone)}
<section><h2>On its pages</h2>
<p>Two lines where Cadenza is to show. Your server signs the token for whoever is signed in there; the entity is the record
your page is about.</p>
${copyable("HTML", snippet(app.id, publicUrl))}
<p class="soft small">The token is a JWT (HS256). <code>docs/embed.md</code> has the code that signs one, for Node and Python; <a href="/docs#embed.session">the API</a> says what is checked.</p></section>
<section><h2>What it is</h2>
<form method="post" action="/app/host-apps/${app.id}" class="fields" novalidate>
${formNote(entered)}${hidden("rev", String(app.rev))}
${hostAppFields(entered, { name: app.name, origins: app.origins.join("\n"), newMemberRole: app.newMemberRole ?? "" })}
<button>Save changes</button></form></section>
<section><h2>${isDisabled ? "Enable it" : "Disable it"}</h2>${ability(app, hall.zone)}</section>`,
  };
};

const secretsSection = (
  { id, name, secrets }: HostApp,
  once: string,
  zone: string,
): Html => html`<section><h2>Secrets of its server</h2>
${
  secrets.length
    ? html`<ul class="list">${secrets.map(
        ({ kid, createdAt }) => html`<li class="person">
<div><p class="name"><code>${kid}</code></p><p class="small soft">${state("on", "works")} · made ${instant(createdAt, zone)}</p></div>
<details><summary aria-label="Revoke ${kid}">Revoke</summary>
<form method="post" action="/app/host-apps/${id}/secrets/${kid}/revocation" class="stack">
<p>Whoever signs with it is refused from this moment on${secrets.length === 1 ? html`. It is the only one: ${name} shows nothing until there is another` : ""}.</p>
<button class="stop">Revoke ${kid}</button></form></details></li>`,
      )}</ul>`
    : html`<p>None yet, so nobody gets in. Its server needs one to say, signed, who is in front of the page.</p>`
}
${
  secrets.length < secretsMax
    ? html`<form method="post" action="/app/host-apps/${id}/secrets">${hidden("once", once)}
<button${secrets.length ? "" : html` class="go"`}>${secrets.length ? "Make a second one" : "Make a secret"}</button></form>
${secrets.length ? html`<p class="soft small">To change over without a gap: make the second, sign with it, then revoke the first.</p>` : ""}`
    : html`<p class="soft small">Two hold at a time. Revoke one to make another.</p>`
}</section>`;

export const snippet = (id: string, publicUrl: string): string =>
  `<script type="module" src="${publicUrl}/widget@1.js"></script>
<cadenza-panel app="${id}" token="…" entity-type="lead" entity-id="4711"></cadenza-panel>`;

const ability = ({ id, name, disabledAt }: HostApp, zone: string): Html =>
  disabledAt === null
    ? html`<p>Its tokens are refused, its sessions end and its pages are not answered, all at once. Nothing of it is lost.</p>
<form method="post" action="/app/host-apps/${id}/disablement"><button class="stop">Disable ${name}</button></form>`
    : html`<p>It has been disabled since ${instant(disabledAt, zone)}. Enabled, it works again as it stands.</p>
<form method="post" action="/app/host-apps/${id}/enablement"><button class="go">Enable ${name}</button></form>`;

export const hostSecretPage = (
  hall: Hall,
  { id, name }: Pick<HostApp, "id" | "name">,
  { kid, secret }: { kid: string; secret: string },
  publicUrl: string,
): PageContent =>
  secretPage(hall, {
    title: `A secret for ${name}`,
    about: "Its server signs a token with it for whoever is signed in there.",
    label: "Environment of its server",
    text: `CADENZA_URL=${publicUrl}
CADENZA_APP=${id}
CADENZA_KID=${kid}
CADENZA_APP_SECRET=${secret}`,
    use: html`<p>The token says which secret signed it (<code>kid</code>), so that two can be in use while you change over.</p>`,
    back: `/app/host-apps/${id}`,
  });

export const hostSecretSeenPage = (hall: Hall, { id }: Pick<HostApp, "id">): PageContent =>
  secretSeenPage(
    hall,
    "secret",
    html`Did you not keep it? Revoke it and make another.`,
    `/app/host-apps/${id}`,
  );
