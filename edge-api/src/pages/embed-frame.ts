/**
 * What stands in a host's page by iframe, for hosts that let no foreign script in. Unlike every other page it has a
 * script: one file of ours, and no other.
 */
import { html, raw } from "hono/html";
import type { Html } from "./document.ts";
import { tokens } from "./tokens.ts";

/** @param origins the host's pages, as browsers spell them: nobody else is listened to. */
export const renderFrame = (origins: string[]): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cadenza</title>
<style>${raw(frameStyle)}</style>
<script type="module" src="/embed/frame.js"></script>
</head>
<body>
<main data-origins="${origins.join(" ")}">
<h1 id="who" role="status">Waiting for the page around this one to say who you are.</h1>
<p id="what" class="soft" hidden></p>
<noscript><p>This part of the page needs JavaScript.</p></noscript>
</main>
</body>
</html>`;

export const frameStyle = `${tokens}
:root { font: 14px/1.5 system-ui, "Segoe UI", sans-serif; overflow-wrap: anywhere; }
body { margin: 0; padding: 12px 16px; } h1, p { margin: 0; } h1 { font-size: 16px; font-weight: 600; } p { font-size: 13px; margin-top: 4px; }
[data-state=refused] h1 { color: var(--bad); }
`;

/**
 * Listens to the page it stands in, and to that page alone: a window that opened this one, a frame beside it or a page
 * of another origin is no host. The session stays in here; the host's page hears only that somebody is signed in.
 */
export const frameScript = `const main = document.querySelector("main");
const who = document.getElementById("who");
const what = document.getElementById("what");
const origins = main.dataset.origins.split(" ");
const isFramed = window.parent !== window;
const renewAheadMs = 60_000;
const retryMs = 15_000;
let renewal;

function show(state, first, second = "") {
  main.dataset.state = state;
  who.textContent = first;
  what.textContent = second;
  what.hidden = second === "";
}

async function ask(path, options) {
  const response = await fetch(path, { credentials: "omit", ...options });
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.detail), { problem: body });
  return body;
}

/** The browser says here whose page it is: event.origin cannot be made up by that page. */
async function enter(token, host) {
  clearTimeout(renewal);
  try {
    const session = await ask("/v1/embed/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token, parentOrigin: host }),
    });
    const headers = { authorization: "Bearer " + session.accessToken };
    const workspace = await ask("/v1/workspace", { headers });
    const { name, role } = session.member;
    const test = session.workspace.test ? " (test: nothing leaves)" : "";
    show("signed-in", name, "Signed in to " + workspace.name + test + " as " + role + ".");
    const { expiresAt } = session;
    window.parent.postMessage({ type: "cadenza:signed-in", member: session.member, workspace: session.workspace, expiresAt }, host);
    renewal = setTimeout(() => enter(token, host), Math.max(15_000, Date.parse(expiresAt) - Date.now() - renewAheadMs));
  } catch (error) {
    refuse(error.problem, host);
    if (!error.problem) renewal = setTimeout(() => enter(token, host), retryMs);
  }
}

function refuse(problem, host) {
  if (problem?.code === "embed_token_expired") {
    show("waiting", "Waiting for the page around this one to say again who you are.");
    window.parent.postMessage({ type: "cadenza:token-needed" }, host);
    return;
  }
  const code = problem?.code ?? "unreachable";
  const detail = problem?.detail ?? "Cadenza cannot be reached. It is tried again in a moment.";
  show("refused", "You are not signed in to Cadenza.", detail);
  window.parent.postMessage({ type: "cadenza:refused", code, detail }, host);
}

window.addEventListener("message", ({ source, origin, data }) => {
  if (!isFramed || source !== window.parent || !origins.includes(origin)) return;
  if (data?.type === "cadenza:token" && typeof data.token === "string") enter(data.token, origin);
});

if (isFramed) window.parent.postMessage({ type: "cadenza:ready" }, "*");
else show("refused", "This belongs into a page of your CRM.", "Open it there.");
`;
