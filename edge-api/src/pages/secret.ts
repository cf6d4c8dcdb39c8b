/** A secret on the one page that ever shows it, right where the form that made it led. Never in an address. */
import { html } from "hono/html";
import type { Hall, Html, PageContent } from "./document.ts";
import { copyable, note } from "./parts.ts";

export type Secret = {
  title: string;
  /** What it is for. */
  about: Html | string;
  /** Label and text of what is to be copied. */
  label: string;
  text: string;
  /** What to do with it. */
  use: Html;
  /** Where to go on, once it is kept. */
  back: string;
};

export const secretPage = (hall: Hall, secret: Secret): PageContent => ({
  title: secret.title,
  hall,
  body: html`<p>${secret.about}</p>
${note("warn", "Only now.", "It is not shown again, not even to you: put it where your server keeps its secrets before you go on.")}
${copyable(secret.label, secret.text)}
${secret.use}
<p><a class="button go" href="${secret.back}">I have kept it</a></p>`,
});

/** The same form again, too late to see its answer. */
export const secretSeenPage = (hall: Hall, what: string, way: Html, back: string): PageContent => ({
  title: `The ${what} was made before`,
  hall,
  body: html`<p>This form was sent a second time, and nothing was made twice. The ${what} was shown when it was made.</p>
<p>${way}</p>
<p><a class="button" href="${back}">Go on</a></p>`,
});
