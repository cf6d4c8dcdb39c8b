/** What servers sign in with: which there are, a new one, and the end of an old one. */
import { permissions, type Scope, scopes } from "@cadenza/shared/access";
import { html } from "hono/html";
import type { Hall, Html, PageContent } from "./document.ts";
import {
  checks,
  choice,
  doneNote,
  type Entered,
  field,
  formNote,
  hidden,
  note,
  type State,
  state,
} from "./parts.ts";
import { day, instant, placeOf, until } from "./time.ts";

/** The id is the API's; so is the prefix, which is what the token starts with. */
export type KeyLine = {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  isTest: boolean;
  standing: Standing;
  madeBy: string | null;
  createdAt: number;
  lastUsedAt: number | null;
  expiresAt: number | null;
  revokedAt: number | null;
};
export type Standing = "works" | "replaced" | "expired" | "revoked";

export type ApiKeys = {
  keys: KeyLine[];
  /** Where older ones are. */
  more: string | null;
  isFirstPage: boolean;
  done: string | null;
  refused: string | null;
  entered: Entered;
  once: string;
};

const dones: Record<string, [word: string, text: string]> = {
  revoked: ["Revoked.", "It opens nothing any more, wherever it is still in use."],
};

export const keyNames = ["name", "scopes", "mode", "expiresOn"] as const;
/** How long the old key goes on after a rotation. */
export const overlaps = {
  "0": "ends at once",
  "1": "works for another hour",
  "24": "works for another day",
  "168": "works for another week",
};

export const apiKeysPage = (hall: Hall, shown: ApiKeys): PageContent => ({
  title: "API keys",
  hall,
  body: html`${doneNote(dones, shown.done)}${shown.refused ? note("bad", "Not done.", shown.refused) : ""}
<p>Servers of yours use <a href="/docs">the API</a> with a key. A key is nobody in particular: what it may do is what its scopes say.</p>
${shown.keys.length ? html`<ul class="list">${shown.keys.map((key) => keyLine(key, hall.zone, shown.once))}</ul>` : html`<p class="soft">${shown.isFirstPage ? "No key yet. Make one below, and send it as a Bearer token with each request." : "No older ones."}</p>`}
${shown.more ? html`<p><a href="${shown.more}">Older keys</a></p>` : ""}
${createForm(shown, hall.zone)}`,
});

const standings: Record<Standing, [State, string]> = {
  works: ["on", "works"],
  replaced: ["waiting", "replaced"],
  expired: ["off", "expired"],
  revoked: ["off", "revoked"],
};

const keyLine = (key: KeyLine, zone: string, once: string): Html => {
  const ended = key.standing === "expired" || key.standing === "revoked";
  return html`<li class="person${ended ? " over" : ""}">
<div><h2 class="name">${key.name} ${key.isTest ? html`<em>test</em>` : ""}</h2>
<p class="small soft">${state(...standings[key.standing])} · <code>${key.prefix}…</code> · ${key.scopes.join(", ")}</p>
<p class="small soft">${ends(key, zone)}</p>
<p class="small soft">Made${key.madeBy ? html` by ${key.madeBy}` : ""} on ${day(key.createdAt, zone)}, ${key.lastUsedAt ? html`last used ${instant(key.lastUsedAt, zone)}` : "never used"}</p></div>
${ended ? "" : html`${key.standing === "works" ? rotation(key, once) : ""}${revocation(key)}`}
</li>`;
};

function ends({ standing, expiresAt, revokedAt }: KeyLine, zone: string): Html | string {
  if (standing === "revoked") return html`Revoked ${instant(revokedAt!, zone)}`;
  if (expiresAt === null) return "Until somebody revokes it";
  if (standing === "expired") return html`Expired ${instant(expiresAt, zone)}`;
  return standing === "replaced"
    ? html`Another took its place; this one goes on until ${until(expiresAt, zone)}`
    : html`Until ${until(expiresAt, zone)}`;
}

/** Opens before it does anything: what happens is said beside the button that does it. */
const rotation = ({ id, name }: KeyLine, once: string): Html => html`
<details><summary aria-label="Rotate ${name}">Rotate</summary>
<form method="post" action="/app/api-keys/${id}/rotation" class="stack">${hidden("once", once)}
<p>Makes a key like this one and shows its token. Put that in place while the old one still works.</p>
<div class="row"><label for="old-${id}">The old one</label>
<select name="oldExpiresInHours" id="old-${id}">${Object.entries(overlaps).map(
  ([hours, words]) =>
    html`<option value="${hours}"${hours === "24" ? html` selected` : ""}>${words}</option>`,
)}</select></div>
<button>Rotate ${name}</button></form></details>`;

const revocation = ({ id, name }: KeyLine): Html => html`
<details><summary aria-label="Revoke ${name}">Revoke</summary>
<form method="post" action="/app/api-keys/${id}/revocation" class="stack">
<p>Whatever uses it is refused from this moment on. It cannot be taken back.</p>
<button class="stop">Revoke ${name}</button></form></details>`;

const scopeText: Record<Scope, string> = {
  read: permissions.read.allows,
  write: "Enroll, pause, answer tasks, build sequences; keep people and deals up to date.",
  admin: permissions.administer.allows,
  inbound: permissions.inbound.allows,
};

const createForm = ({ entered, once }: ApiKeys, zone: string): Html => html`<section><h2>Make a key</h2>
<form method="post" action="/app/api-keys" class="fields" novalidate>
${formNote(entered)}${hidden("once", once)}
${field(entered, { name: "name", label: "Name", hint: "What uses it: “CRM sync”.", autocomplete: "off", lengthMax: 120 })}
${checks(entered, {
  name: "scopes",
  label: "What it may do",
  value: "read\nwrite",
  options: scopes.map((scope) => ({ value: scope, text: scope, hint: scopeText[scope] })),
})}
${choice(entered, {
  name: "mode",
  label: "Where it works",
  value: "live",
  groups: [
    {
      options: [
        { value: "live", text: "live: in this workspace" },
        { value: "test", text: "test: in a twin of it that mails nobody" },
      ],
    },
  ],
})}
${field(entered, { name: "expiresOn", label: "Last day", type: "date", hint: `Until the end of that day, ${placeOf(zone)} time. Left empty, it works until somebody revokes it.`, optional: true })}
<button class="go">Make the key</button>
</form></section>`;
