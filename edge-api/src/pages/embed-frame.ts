/**
 * What stands in a host's page by iframe, for hosts that let no foreign script in: the panel, put there by a script of
 * ours (widget/src/frame) once the page around has said who asks, and for which record.
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
:root { background: var(--cadenza-ground, var(--ground)); font: 14px/1.5 system-ui, "Segoe UI", sans-serif; overflow-wrap: anywhere; }
body, h1, p { margin: 0; } main { display: flow-root; } main > :is(h1, p) { margin: 12px 16px; } main > p { margin-top: -8px; }
h1 { font-size: 16px; font-weight: 600; } p { font-size: 13px; } [data-state=panel] > p { margin-top: 8px; }
[data-state=refused] h1 { color: var(--bad); }
`;
