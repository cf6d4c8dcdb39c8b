/** Another program asks to act for somebody (OAuth), and what they see of it. Its name is its own word: so say so. */
import { permissions } from "@cadenza/shared/access";
import type { Role } from "@cadenza/shared/vocabulary";
import { html } from "hono/html";
import type { Html, PageContent } from "./document.ts";
import { type Entered, field, formNote, hidden, note, nothingEntered } from "./parts.ts";

export type Asking = {
  clientName: string | null;
  /** Where its answers go: the one thing about it that cannot be made up. */
  redirectHosts: string[];
  scopes: string[];
  workspace: string;
  person: string;
  role: Role;
};

export const consentPage = (asking: Asking, query: string, targets: string[]): PageContent => ({
  title: `Let ${nameOf(asking)} act for you?`,
  formTargets: targets,
  body: html`${whatItMay(asking)}
${asking.redirectHosts.length ? html`<p class="soft">It gets its answer at <b>${asking.redirectHosts.join(", ")}</b>. Its name is what it calls itself: if you do not know that address, say no.</p>` : ""}
${answers("/oauth/consent", hidden("query", query))}`,
});

/** A code is read off another screen and typed here: whoever was sent one by somebody else is being tricked. */
export const devicePage = (entered: Entered = nothingEntered): PageContent => ({
  title: "Connect another device",
  body: html`<p>Type the code that the other device shows. Only one you are looking at yourself: nobody else needs it.</p>
<form method="get" action="/device" class="stack" novalidate>
${formNote(entered)}
${field(entered, { name: "user_code", label: "Code", autocomplete: "off", lengthMax: 20, first: true })}
<button>Go on</button>
</form>`,
});

export const deviceConsentPage = (asking: Asking, code: string): PageContent => ({
  title: `Let ${nameOf(asking)} act for you?`,
  body: html`${whatItMay(asking)}
<p class="soft">Say yes only if you started this yourself and the device in front of you shows <code>${code}</code>.</p>
${answers("/device", hidden("user_code", code))}`,
});

export const deviceDonePage = (accepted: boolean): PageContent => ({
  title: accepted ? "Connected" : "Not connected",
  body: accepted
    ? html`${note("good", "Done.", "Go back to your device: it goes on by itself.")}
<p>You can end this at any time under <a href="/app/connections">Connected apps and browsers</a>.</p>`
    : html`<p>Nothing was changed: the device gets nothing.</p>`,
});

const nameOf = ({ clientName }: Asking): string => clientName || "a program without a name";

const whatItMay = ({ scopes, workspace, person, role }: Asking): Html => html`
<p>In <b>${workspace}</b> it could do as ${person}, as far as the role ${role} goes:</p>
<ul class="check">
${scopes.includes("read") ? html`<li>${permissions.read.allows}</li>` : ""}
${scopes.includes("write") && role !== "viewer" ? html`<li>${permissions.work.allows}</li>` : ""}
<li class="no">Never: members, keys, and signing in as you elsewhere.</li>
</ul>`;

const answers = (
  action: string,
  kept: Html,
): Html => html`<form method="post" action="${action}" class="stack">
${kept}
<button name="answer" value="yes">Allow</button>
<button name="answer" value="no" class="other">Do not allow</button>
</form>`;
