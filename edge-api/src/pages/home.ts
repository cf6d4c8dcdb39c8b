/**
 * What a member sees first: who they are here, the sequences, what they may do, where to go on. The sequences are the
 * widget's (`<cadenza-sequences>`), which asks with the session's cookie; all else is there without a script.
 */
import { type Permission, permissions, roleMay } from "@cadenza/shared/access";
import type { Role } from "@cadenza/shared/vocabulary";
import { html } from "hono/html";
import type { Hall, PageContent } from "./document.ts";
import { note } from "./parts.ts";
import { roleText } from "./roles.ts";

export type Home = { name: string; email: string; role: Role; sendingStopped: boolean; joined: boolean };

export const homePage = (hall: Hall, { name, email, role, sendingStopped, joined }: Home): PageContent => ({
  title: "Home",
  heading: `You are ${role === "admin" ? "an" : "a"} ${role} in ${hall.workspace}`,
  hall,
  hasWidget: true,
  body: html`<p class="soft">Signed in as ${name && name !== email ? html`${name}, ${email}` : email}. ${roleText[role]}</p>
${joined ? note("good", "Welcome.", "You belong to this workspace now.") : ""}
${sendingStopped ? note("bad", "Sending is stopped.", "No mail of this workspace leaves until an admin releases the brake.") : ""}
<section><cadenza-sequences at-home></cadenza-sequences>
<noscript><h2>Sequences</h2><p class="soft">This part of the page needs JavaScript. Without it, there is <a href="/docs">the API</a>.</p></noscript></section>
<section><h2>What you may do here</h2>
<ul class="check">${forPeople.map(
    (permission) =>
      html`<li${roleMay(role, permission) ? "" : html` class="no"`}>${
        roleMay(role, permission) ? "" : html`<span class="visually-hidden">Not you: </span>`
      }${permissions[permission].allows}</li>`,
  )}</ul></section>
<section><h2>Where to go on</h2>
<ul class="list">
<li><a href="/app/notices">Notices</a><p class="soft small">Who answered, what came back, what stopped.</p></li>
<li><a href="/app/members">Members</a><p class="soft small">Who else is here${role === "admin" ? ", and who should be" : ""}.</p></li>
<li><a href="/docs">The API</a><p class="soft small">Sequences, people and enrollments: everything Cadenza does, with examples.</p></li>
${
  roleMay(role, "administer")
    ? html`<li><a href="/app/api-keys">API keys</a><p class="soft small">What your servers sign in with.</p></li>
<li><a href="/app/host-apps">Host apps</a><p class="soft small">Your own applications that show Cadenza.</p></li>
<li><a href="/app/audit-log">Audit log</a><p class="soft small">Who changed what, and from where.</p></li>`
    : ""
}
<li><a href="/app/settings">Settings</a><p class="soft small">Your name, your browsers and connected apps.</p></li>
</ul></section>`,
});

const forPeople = (Object.keys(permissions) as Permission[]).filter(
  (permission) => permissions[permission].leastRole !== null,
);
