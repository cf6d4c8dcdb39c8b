/** Applications whose pages show Cadenza: which there are, and a new one. */
import { html } from "hono/html";
import type { Hall, Html, PageContent } from "./document.ts";
import { area, choice, type Entered, field, formNote, hidden, type State, state } from "./parts.ts";

/** The id is the API's. */
export type HostAppLine = {
  id: string;
  name: string;
  origins: string[];
  secrets: number;
  isDisabled: boolean;
};

export type HostApps = {
  apps: HostAppLine[];
  /** Where older ones are. */
  more: string | null;
  entered: Entered;
  once: string;
};

export const hostAppNames = ["name", "origins", "newMemberRole"] as const;
export const hostAppLists = ["origins"] as const;

export const hostAppsPage = (hall: Hall, { apps, more, entered, once }: HostApps): PageContent => ({
  title: "Host apps",
  hall,
  body: html`<p>A host app is an application of your own, a CRM or a back office, whose pages show Cadenza to the people who
work in it. They do not sign in again: its server says who they are.</p>
${apps.length ? html`<ul class="list">${apps.map(appLine)}</ul>` : html`<p class="soft">None yet. Add yours below; it takes a secret on its server and two lines of HTML on its pages.</p>`}
${more ? html`<p><a href="${more}">Older host apps</a></p>` : ""}
<section><h2>Add a host app</h2>
<form method="post" action="/app/host-apps" class="fields" novalidate>
${formNote(entered)}${hidden("once", once)}
${hostAppFields(entered, { name: "", origins: "", newMemberRole: "" })}
<button class="go">Add the host app</button></form></section>`,
});

const appLine = (app: HostAppLine): Html => html`<li class="person"><div>
<h2 class="name"><a href="/app/host-apps/${app.id}">${app.name}</a></h2>
<p class="small soft">${hostAppState(app)} · ${app.origins.slice(0, 3).join(", ")}${app.origins.length > 3 ? ` and ${app.origins.length - 3} more` : ""}</p>
</div></li>`;

export function hostAppState({ isDisabled, secrets }: Pick<HostAppLine, "isDisabled" | "secrets">): Html {
  const [is, word]: [State, string] = isDisabled
    ? ["off", "disabled"]
    : secrets
      ? ["on", "works"]
      : ["waiting", "needs a secret"];
  return state(is, word);
}

/** The same for a new one and for one that is changed. */
export const hostAppFields = (
  entered: Entered,
  now: { name: string; origins: string; newMemberRole: string },
): Html => html`
${field(entered, { name: "name", label: "Name", value: now.name, autocomplete: "off", lengthMax: 120 })}
${area(entered, {
  name: "origins",
  label: "Where its pages run",
  value: now.origins,
  hint: "One a line, with nothing after it: https://crm.example.com. Nowhere else is answered. http for localhost alone.",
  rows: Math.min(8, Math.max(3, now.origins.split("\n").length + 1)),
})}
${choice(entered, {
  name: "newMemberRole",
  label: "People who are no members yet",
  value: now.newMemberRole,
  hint: "The app may name any member: trust it as you trust its server.",
  groups: [
    {
      options: [
        { value: "", text: "are refused until invited" },
        { value: "viewer", text: "become viewers" },
        { value: "rep", text: "become reps" },
      ],
    },
  ],
})}`;
