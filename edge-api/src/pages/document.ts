/**
 * The one frame of every page people are served: a slip (a question, an answer) or, for a signed-in member, a hall with
 * the way around. Data in, HTML out: what is put into a template is escaped, and there is no script anywhere.
 */
import { html, raw } from "hono/html";
import { pageStyle } from "./style.ts";

export type Html = ReturnType<typeof html>;

/** What a member sees around a page. */
export type Hall = { workspace: string; zone: string; person: string; at: Place | null };

const places = {
  home: ["/app", "Home"],
  members: ["/app/members", "Members"],
  settings: ["/app/settings", "Settings"],
} as const;
export type Place = keyof typeof places;

export type PageContent = {
  title: string;
  /** Its first line, where that says more than the title. */
  heading?: string;
  body: Html;
  hall?: Hall;
  /** Where its forms may lead besides here: origins, as a Content-Security-Policy names them. */
  formTargets?: string[];
};

export const renderPage = ({ title, heading = title, body, hall }: PageContent): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Cadenza</title>
<style>${raw(pageStyle)}</style>
</head>
<body>
${hall ? inHall(heading, body, hall) : onSlip(heading, body)}
</body>
</html>`;

const onSlip = (heading: string, body: Html): Html => html`<div class="slip">
<header><a class="brand" href="/">Cadenza</a></header>
<main>
<h1>${heading}</h1>
${body}
</main>
</div>`;

const inHall = (heading: string, body: Html, { workspace, person, at }: Hall): Html => html`
<a class="skip" href="#main">Skip to the page</a>
<header class="bar"><div>
<p class="where"><a class="brand" href="/app">Cadenza</a><a href="/workspaces">${workspace}</a></p>
<form method="post" action="/sign-out"><button class="plain" title="${person}">Sign out</button></form>
<nav aria-label="Cadenza"><ul>${Object.entries(places).map(
  ([place, [path, name]]) =>
    html`<li><a href="${path}"${place === at ? raw(' aria-current="page"') : ""}>${name}</a></li>`,
)}</ul></nav>
</div></header>
<main class="hall" id="main">
<h1>${heading}</h1>
${body}
</main>`;
