/**
 * The one frame of every page people are served: a slip (a question, an answer) or, for a signed-in member, a hall with
 * the way around. Data in, HTML out: what is put into a template is escaped, and there is no script but the widget's,
 * on the one page that has an element of it.
 */
import { type Permission, roleMay } from "@cadenza/shared/access";
import type { Role } from "@cadenza/shared/vocabulary";
import { html, raw } from "hono/html";
import { pageStyle } from "./style.ts";

export type Html = ReturnType<typeof html>;

/** What a member sees around a page. */
export type Hall = {
  workspace: string;
  zone: string;
  person: string;
  role: Role;
  /** Notices of theirs that are. */
  unread: number;
  at: Place | null;
};

/** In the order of the way around; who may not go there does not see it. */
const places = {
  home: ["/app", "Home", "read"],
  notices: ["/app/notices", "Notices", "self"],
  members: ["/app/members", "Members", "read"],
  apiKeys: ["/app/api-keys", "API keys", "administer"],
  hostApps: ["/app/host-apps", "Host apps", "administer"],
  audit: ["/app/audit-log", "Audit log", "administer"],
  settings: ["/app/settings", "Settings", "self"],
} as const satisfies Record<string, readonly [path: string, name: string, Permission]>;
export type Place = keyof typeof places;

export type PageContent = {
  title: string;
  /** Its first line, where that says more than the title. */
  heading?: string;
  body: Html;
  hall?: Hall;
  /** Where its forms may lead besides here: origins, as a Content-Security-Policy names them. */
  formTargets?: string[];
  /** It has an element of the widget's on it, the one script of ours any page has. */
  hasWidget?: boolean;
};

export const renderPage = ({
  title,
  heading = title,
  body,
  hall,
  hasWidget,
}: PageContent): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Cadenza</title>
<style>${raw(pageStyle)}</style>${hasWidget ? raw('\n<script type="module" src="/widget.js"></script>') : ""}
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

const inHall = (heading: string, body: Html, hall: Hall): Html => html`
<a class="skip" href="#main">Skip to the page</a>
<header class="bar"><div>
<p class="where"><a class="brand" href="/app">Cadenza</a><a href="/workspaces">${hall.workspace}</a></p>
<form method="post" action="/sign-out"><button class="plain" title="${hall.person}">Sign out</button></form>
<nav aria-label="Cadenza"><ul>${Object.entries(places).map(([place, [path, name, permission]]) =>
  roleMay(hall.role, permission)
    ? html`<li><a href="${path}"${place === hall.at ? raw(' aria-current="page"') : ""}>${name}${
        place === "notices" ? unreadMark(hall.unread) : ""
      }</a></li>`
    : "",
)}</ul></nav>
</div></header>
<main class="hall" id="main">
<h1>${heading}</h1>
${body}
</main>`;

const unreadMark = (unread: number): Html | string =>
  unread
    ? html` <b class="count">${unread > 99 ? "99+" : unread}<span class="visually-hidden"> unread</span></b>`
    : "";
