/** Pages that say why something is not shown or not done. */
import { html } from "hono/html";
import type { PageContent } from "./document.ts";

export const refusedPage = (title: string, detail: string): PageContent => ({
  title,
  body: html`<p>${sentences(detail)}</p>
<p><a href="/">Back to the start</a></p>`,
});

export const brokenPage = (requestId: string): PageContent => ({
  title: "Something broke on our side",
  body: html`<p>Nothing of what you asked for was kept. It was logged as <code>${requestId}</code>: whoever runs this
Cadenza can find it there.</p>
<p><a href="/">Back to the start</a></p>`,
});

export const otherAddressPage = (address: string): PageContent => ({
  title: "Open Cadenza at its own address",
  body: html`<p>Forms are taken only from pages at the address this Cadenza is set up for. Nothing was done.</p>
<p><a href="${address}">${address}</a></p>
<p class="soft">If that one is wrong, whoever runs it changes <code>PUBLIC_URL</code>.</p>`,
});

export const nothingHerePage = (): PageContent => ({
  title: "There is nothing at this address",
  body: html`<p>It may have been cut off when it was copied.</p>
<p><a href="/">Back to the start</a></p>`,
});

/** Details are written for API clients, with `code` in them. */
const sentences = (detail: string) =>
  detail.split("`").map((text, at) => (at % 2 ? html`<code>${text}</code>` : text));
