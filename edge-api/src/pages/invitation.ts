/** What an invitation's link leads to: who asks you where, and for whom it is. */
import type { Role } from "@cadenza/shared/vocabulary";
import { html } from "hono/html";
import type { PageContent } from "./document.ts";
import { type Entered, field, formNote } from "./parts.ts";
import { roleText } from "./roles.ts";
import { instant } from "./time.ts";

export type Invited = {
  id: string;
  workspaceName: string;
  invitedBy: string;
  role: Role;
  email: string;
  expiresAt: number;
};
/** Who looks at it: nobody we know, whom it is for (with the name they have), or somebody else. */
export type Reader =
  | { kind: "stranger" }
  | { kind: "invited"; name: string }
  | { kind: "other"; email: string };

export const invitationPage = (invited: Invited, reader: Reader, entered: Entered): PageContent => ({
  title: `${invited.invitedBy} invites you to ${invited.workspaceName}`,
  body: html`<p>As <b>${invited.role}</b>. ${roleText[invited.role]}</p>
${forReader(invited, reader, entered)}
<p class="soft small">The invitation holds until ${instant(invited.expiresAt)}.</p>`,
});

function forReader({ id, email }: Invited, reader: Reader, entered: Entered) {
  const path = `/invitations/${encodeURIComponent(id)}`;
  if (reader.kind === "stranger") {
    return html`<p>It is for whoever reads the mail of the address it was sent to: sign in with that one, then accept.</p>
<p><a class="button go" href="/sign-in?${String(new URLSearchParams({ next: path }))}">Sign in to accept</a></p>`;
  }
  if (reader.kind === "other") {
    return html`<p>It was sent to another address than <b>${reader.email}</b>, as whom you are signed in. Sign out, then open
the link again.</p>
<form method="post" action="/sign-out"><button>Sign out</button></form>`;
  }
  return html`<p>You are signed in as <b>${email}</b>, whom it is for.</p>
<form method="post" action="${path}/acceptance" class="stack" novalidate>
${formNote(entered)}
${reader.name ? "" : field(entered, { name: "name", label: "Your name", hint: "As your colleagues will see it.", autocomplete: "name", lengthMax: 120, first: true })}
<button>Accept</button></form>
<form method="post" action="${path}/refusal"><button class="other">Decline</button></form>`;
}

export const noInvitationPage = (): PageContent => ({
  title: "This invitation is over",
  body: html`<p>It was accepted, declined or withdrawn, or its days have run out. Nothing of it is left.</p>
<p>If you belong here already, <a href="/sign-in">sign in</a>; if not, ask whoever invited you for a new one.</p>`,
});

export const declinedPage = (): PageContent => ({
  title: "You declined",
  body: html`<p>Nobody was added anywhere, and the invitation cannot be used any more.</p>`,
});
