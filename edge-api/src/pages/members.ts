/** Who belongs to the workspace. Everybody reads it; an admin asks people in, changes what they are, takes them out. */
import { type Role, roles } from "@cadenza/shared/vocabulary";
import { html } from "hono/html";
import type { Hall, Html, PageContent } from "./document.ts";
import { choice, doneNote, type Entered, field, formNote, note } from "./parts.ts";
import { roleText } from "./roles.ts";
import { instant } from "./time.ts";

/** Ids are those of the API. */
export type MemberLine = { id: string; name: string; email: string; role: Role; isYou: boolean };
export type InvitationLine = { id: string; email: string; role: Role; invitedBy: string; expiresAt: number };

export type Members = {
  /** May change it. */
  administers: boolean;
  mailWorks: boolean;
  members: MemberLine[];
  invitations: InvitationLine[];
  /** Where the next page of members is. */
  more: string | null;
  /** What was just done: a code of `dones`. */
  done: string | null;
  /** What was just refused, and why. */
  refused: string | null;
  invite: Entered;
};

const dones: Record<string, [word: string, text: string]> = {
  invited: ["Invited.", "The mail is on its way; its link holds for seven days."],
  withdrawn: ["Withdrawn.", "The invitation’s link opens nothing any more."],
  changed: ["Changed.", "The new role holds at once, also where they are signed in."],
  removed: ["Removed.", "They get in nowhere here any more. To have them back, invite them again."],
};

export const inviteNames = ["email", "role"] as const;

export const membersPage = (hall: Hall, shown: Members): PageContent => ({
  title: "Members",
  hall,
  body: html`${doneNote(dones, shown.done)}${shown.refused ? note("bad", "Not done.", shown.refused) : ""}
<ul class="list">${shown.members.map((member) => memberLine(member, shown))}</ul>
${shown.more ? html`<p><a href="${shown.more}">More members</a></p>` : ""}
${shown.administers ? html`${inviteForm(shown)}${openInvitations(shown.invitations, hall.zone)}` : html`<p class="soft">An admin invites people and changes their roles.</p>`}`,
});

const memberLine = (member: MemberLine, shown: Members): Html => html`<li class="person">
<div><p class="name">${member.name}${member.isYou ? html` <em>you</em>` : ""}</p>
<p class="soft small">${member.email === member.name ? "" : html`${member.email} · `}${member.role}</p></div>
${shown.administers ? html`${roleForm(member)}${removal(member, shown.members)}` : ""}
</li>`;

const roleForm = ({ id, name, role }: MemberLine): Html => html`
<form method="post" action="/app/members/${id}/role" class="row">
<select name="role" aria-label="Role of ${name}">${roles.map(
  (one) => html`<option value="${one}"${one === role ? html` selected` : ""}>${one}</option>`,
)}</select>
<button aria-label="Change the role of ${name}">Change</button></form>`;

/** Opens before it does anything: what happens is said beside the button that does it. */
const removal = ({ id, name, isYou }: MemberLine, members: MemberLine[]): Html => html`
<details><summary aria-label="${isYou ? "Leave this workspace" : `Remove ${name}`}">${isYou ? "Leave" : "Remove"}</summary>
<form method="post" action="/app/members/${id}/removal" class="stack">
<p>${isYou ? "You are" : `${name} is`} out of this workspace at once, on every device. What ${isYou ? "you own" : "they own"} is kept.</p>
<div class="row"><label for="heir-${id}">It goes to</label>
<select name="reassignTo" id="heir-${id}"><option value="">nobody yet</option>${members
  .filter((other) => other.id !== id)
  .map((other) => html`<option value="${other.id}">${other.name}</option>`)}</select></div>
<button class="stop">${isYou ? "Leave this workspace" : `Remove ${name}`}</button></form></details>`;

const inviteForm = ({ invite, mailWorks }: Members): Html => html`<section><h2>Invite somebody</h2>
${mailWorks ? "" : note("plain", "No mail.", "Invitations go by mail, and SYSTEM_MAIL_URL is not set. With a key, members can be added through the API.")}
<form method="post" action="/app/invitations" class="fields wide" novalidate>
${field(invite, { name: "email", label: "Email address", type: "email", autocomplete: "off" })}
${choice(invite, { name: "role", label: "Role", value: "rep", groups: [{ options: roles.map((role) => ({ value: role, text: role })) }] })}
<button class="go">Invite</button>
</form>
${formNote(invite)}
<ul class="small soft">${roles.map((role) => html`<li>${roleText[role]}</li>`)}</ul>
</section>`;

const openInvitations = (invitations: InvitationLine[], zone: string): Html | string =>
  invitations.length
    ? html`<section><h2>Invited</h2><ul class="list">${invitations.map(
        ({ id, email, role, invitedBy, expiresAt }) => html`<li class="person">
<div><p class="name">${email}</p><p class="soft small">${role}, invited by ${invitedBy} · until ${instant(expiresAt, zone)}</p></div>
<form method="post" action="/app/invitations/${encodeURIComponent(id)}/withdrawal" class="row"><button aria-label="Withdraw the invitation of ${email}">Withdraw</button></form></li>`,
      )}</ul></section>`
    : "";
