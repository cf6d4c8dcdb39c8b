/** What acts in somebody's name: the programs they let in and the browsers they are signed in with. */
import { html } from "hono/html";
import type { Connection } from "../db/connections.ts";
import { browserName } from "./browser-name.ts";
import type { Hall, Html, PageContent } from "./document.ts";
import { note } from "./parts.ts";
import { instant } from "./time.ts";

export type Shown = Connection & { isThisOne: boolean };

export const connectionsPage = (hall: Hall, items: Shown[], done: boolean): PageContent => {
  const apps = items.filter(({ kind }) => kind === "app");
  const browsers = items.filter(({ kind }) => kind === "browser");
  return {
    title: "Connected apps and browsers",
    hall,
    body: html`${done ? note("good", "Done.", "It opens nothing any more.") : ""}
<p>They can do what you can. What you end here stops at once, wherever it is.</p>
<section><h2>Apps</h2>
${apps.length ? list(apps, hall.zone) : html`<p class="soft">None yet. An app that asks you, such as the browser extension, shows up here once you allow it.</p>`}
</section>
<section><h2>Browsers</h2>
${list(browsers, hall.zone)}
</section>`,
  };
};

const list = (items: Shown[], zone: string): Html =>
  html`<ul class="list">${items.map(
    (item) => html`<li class="person"><div>
<h3>${item.kind === "app" ? (item.name ?? "An app without a name") : browserName(item.name)} ${item.isThisOne ? html`<em>this one</em>` : ""}</h3>
<p class="small soft">${[item.workspaceName, ...item.redirectHosts, item.ip].filter(Boolean).join(" · ")}</p>
<p class="small soft">Since ${instant(item.connectedAt, zone)}${item.lastUsedAt ? html`, last used ${instant(item.lastUsedAt, zone)}` : ""}</p>
</div>
<div class="row"><form method="post" action="/app/connections/${item.id}/end">
<button class="stop">${item.kind === "app" ? "Disconnect" : item.isThisOne ? "Sign out here" : "Sign out there"}</button></form></div></li>`,
  )}</ul>`;
