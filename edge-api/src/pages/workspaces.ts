/** Where a signed-in person may go: their workspaces, and the ones they are invited to. */
import type { Role } from "@cadenza/shared/vocabulary";
import { html } from "hono/html";
import type { PageContent } from "./document.ts";
import { hidden } from "./parts.ts";

export type Workspaces = {
  email: string;
  homes: { id: string; name: string; role: Role; isThisOne: boolean }[];
  invitations: { id: string; workspaceName: string; invitedBy: string }[];
};

export const workspacesPage = ({ email, homes, invitations }: Workspaces): PageContent => ({
  title: homes.length ? "Your workspaces" : "You belong to no workspace",
  body: html`<p class="soft">Signed in as ${email}.</p>
${homes.length ? html`<ul class="list">${homes.map(home)}</ul>` : ""}
${invitations.length ? html`<h2>Invitations</h2><ul class="list">${invitations.map(invitation)}</ul>` : ""}
${homes.length || invitations.length ? "" : html`<p>Ask an admin of your workspace to invite this address.</p>`}
<form method="post" action="/sign-out"><button class="plain">Sign out</button></form>`,
});

const home = ({ id, name, role, isThisOne }: Workspaces["homes"][number]) => html`<li class="choice">
<div><p class="name">${name}</p><p class="soft small">${role}${isThisOne ? ", where you are now" : ""}</p></div>
<form method="post" action="/workspaces" class="inline">${hidden("workspaceId", id)}<button class="other" aria-label="Open ${name}">Open</button></form></li>`;

const invitation = ({
  id,
  workspaceName,
  invitedBy,
}: Workspaces["invitations"][number]) => html`<li class="choice">
<div><p class="name">${workspaceName}</p><p class="soft small">${invitedBy} invites you</p></div>
<a class="button" href="/invitations/${encodeURIComponent(id)}" aria-label="Look at the invitation to ${workspaceName}">Look</a></li>`;
