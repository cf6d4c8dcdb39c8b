/** What a person sets for themselves. */
import { html } from "hono/html";
import type { Hall, PageContent } from "./document.ts";
import { type Entered, field, formNote, note } from "./parts.ts";

export type Settings = { name: string; email: string; entered: Entered; saved: boolean };

export const settingsPage = (hall: Hall, { name, email, entered, saved }: Settings): PageContent => ({
  title: "Settings",
  hall,
  body: html`${saved ? note("good", "Saved.", "This is your name from now on.") : ""}
<section><h2>You</h2>
<form method="post" action="/app/settings" class="fields" novalidate>
${formNote(entered)}
${field(entered, { name: "name", label: "Your name", value: name, autocomplete: "name", lengthMax: 120 })}
<button>Save</button></form>
<p class="soft small">You sign in as ${email}.</p></section>
<section><h2>Where you are signed in</h2>
<p>Browsers that know you, and programs you let in. Each can be ended from there.</p>
<p><a class="button" href="/app/connections">Connected apps and browsers</a></p></section>
<section><h2>Workspace</h2>
<p>You are in ${hall.workspace}.</p>
<p><a class="button" href="/workspaces">Switch to another</a></p></section>`,
});
