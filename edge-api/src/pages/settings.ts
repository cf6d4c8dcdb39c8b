/** What a person sets for themselves. */
import { type NoticeKind, noticeKinds } from "@cadenza/shared/vocabulary";
import { html } from "hono/html";
import type { Hall, Html, PageContent } from "./document.ts";
import { choice, type Entered, field, formNote, note, nothingEntered } from "./parts.ts";
import { placeOf } from "./time.ts";

export type Settings = {
  name: string;
  email: string;
  /** Of each kind of notice, whether it is mailed, and when. */
  told: Record<NoticeKind, string>;
  entered: Entered;
  /** What was just saved: a code of `saveds`. */
  done: string | null;
};

const saveds: Record<string, string> = {
  name: "This is your name from now on.",
  notices: "You are told like this from now on.",
};

export const settingsPage = (hall: Hall, { name, email, told, entered, done }: Settings): PageContent => ({
  title: "Settings",
  hall,
  body: html`${done !== null && Object.hasOwn(saveds, done) ? note("good", "Saved.", saveds[done]!) : ""}
<section><h2>You</h2>
<form method="post" action="/app/settings" class="fields" novalidate>
${formNote(entered)}
${field(entered, { name: "name", label: "Your name", value: name, autocomplete: "name", lengthMax: 120 })}
<button>Save name</button></form>
<p class="soft small">You sign in as ${email}.</p></section>
<section><h2>What you are told by mail</h2>
${noticeForm(told, hall)}</section>
<section><h2>Where you are signed in</h2>
<p>Browsers that know you, and programs you let in. Each can be ended from there.</p>
<p><a class="button" href="/app/connections">Connected apps and browsers</a></p></section>
<section><h2>Workspace</h2>
<p>You are in ${hall.workspace}.</p>
<p><a class="button" href="/workspaces">Switch to another</a></p></section>`,
});

const kinds: Record<NoticeKind, string> = {
  reply: "Somebody answered",
  bounce: "A mail came back",
  uncertain_send: "Nobody knows whether a mail left",
  mailbox_disabled: "A mailbox was switched off",
};

const noticeForm = (told: Settings["told"], { zone }: Hall): Html => html`
<form method="post" action="/app/settings/notices" class="fields">
${noticeKinds.map((kind) =>
  choice(nothingEntered, {
    name: kind,
    label: kinds[kind],
    value: told[kind],
    groups: [
      {
        options: [
          { value: "now", text: "at once" },
          {
            value: "daily",
            text: `once a day, at 8:00 ${placeOf(zone)}`,
          },
          { value: "never", text: "not by mail" },
        ],
      },
    ],
  }),
)}
<button>Save choice</button></form>`;
