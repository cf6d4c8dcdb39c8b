/** What the link under a mail leads to. */
import { html } from "hono/html";
import type { PageContent } from "./document.ts";

export const unsubscribePage = (workspace: string): PageContent => ({
  title: "Unsubscribe",
  body: html`<p>Press the button, and you will get no more mails like this from ${workspace}.</p>
<form method="post"><button>Unsubscribe</button></form>`,
});

export const unsubscribedPage = (): PageContent => ({
  title: "You are unsubscribed",
  body: html`<p>No more of these mails will reach you.</p>`,
});

export const badLinkPage = (): PageContent => ({
  title: "This link is not valid",
  body: html`<p>It may have been cut off. Copy the whole link from the mail.</p>`,
});
