/** The CRM's pages: all leads, and one of them with the panel beside what the CRM knows. */
import { type Lead, nameOf, stages } from "./leads.ts";
import type { User } from "./token.ts";

export type Embed = { cadenza: string; app: string; token: string };

export const renderLeads = (leads: Lead[], user: User): string =>
  page(
    "Leads",
    user,
    html`<main class="all">
<div class="bar"><h1>Leads</h1><p>${leads.length} open, ${euros(leads.reduce((sum, { value }) => sum + value, 0))} a year</p>${search()}</div>
<div class="scroll" tabindex="0" role="region" aria-label="All leads">
<table>
<thead><tr><th scope="col">Name</th><th scope="col">Company</th><th scope="col">Stage</th><th scope="col" class="number">Value</th><th scope="col">Owner</th><th scope="col">Came in</th></tr></thead>
<tbody>${leads.map(
      (lead) => html`<tr data-lead>
<th scope="row"><a href="/leads/${lead.id}">${nameOf(lead)}</a><small>${lead.title}</small></th>
<td>${lead.company}<small>${lead.country}</small></td>
<td><span class="stage" data-stage="${lead.stage}">${lead.stage}</span></td>
<td class="number">${euros(lead.value)}</td>
<td>${lead.owner}</td>
<td>${lead.cameOn}<small>${lead.source}</small></td>
</tr>`,
    )}</tbody>
</table>
</div>
</main>`,
  );

export const renderLead = (lead: Lead, leads: Lead[], user: User, { cadenza, app, token }: Embed): string =>
  page(
    nameOf(lead),
    user,
    html`<div class="desk">
<nav aria-label="Leads">${search()}
<ul>${leads.map(
      (one) =>
        html`<li data-lead><a href="/leads/${one.id}"${one === lead ? html` aria-current="page"` : ""}>${nameOf(one)}<small>${one.company || one.title}</small></a></li>`,
    )}</ul>
</nav>
<main id="lead" data-id="${lead.id}" data-name="${nameOf(lead)}" data-person="${JSON.stringify(known(lead))}">
<header>
<p class="crumb"><a href="/leads">Leads</a> / ${lead.id}</p>
<h1>${nameOf(lead)}</h1>
<p>${[lead.title, lead.company].filter(Boolean).join(", ")}</p>
<ol class="path" aria-label="Stage">${stages.map(
      (stage, index) =>
        html`<li${stage === lead.stage ? html` aria-current="step"` : ""} class="${index < stages.indexOf(lead.stage) ? "past" : ""}">${stage}</li>`,
    )}</ol>
</header>
<section aria-labelledby="about"><h2 id="about">About</h2>
<dl>
${fact("Email", lead.email)}${fact("Phone", lead.phone)}${fact("Company", lead.company)}${fact("Team", lead.people > 1 ? `${lead.people} people` : "")}
${fact("Where", [lead.zone.split("/").pop()?.replaceAll("_", " "), lead.country].filter(Boolean).join(", "))}${fact("Source", lead.source)}${fact("Value", `${euros(lead.value)} a year`)}${fact("Owner", lead.owner)}
</dl>
</section>
<section aria-labelledby="history"><h2 id="history">History</h2>
<ul class="history">
${lead.notes ? html`<li><b>Note</b> ${lead.notes}</li>` : ""}
<li><b>${lead.cameOn}</b> ${lead.owner} took this lead</li>
<li><b>${lead.cameOn}</b> Came in: ${lead.source.toLowerCase()}</li>
</ul>
</section>
</main>
<aside aria-label="Sequences">
<cadenza-panel app="${app}" token="${token}" entity-type="lead" entity-id="${lead.id}"></cadenza-panel>
</aside>
</div>
<div class="toast" role="status" id="toast"></div>`,
    html`<script type="module" src="${cadenza}/widget@1.js"></script>`,
  );

export const renderNothing = (user: User): string =>
  page(
    "Not here",
    user,
    html`<main class="all"><h1>There is no such lead</h1><p><a href="/leads">All leads</a></p></main>`,
  );

/** What the panel is told of somebody Cadenza does not know yet. */
const known = ({ email, firstName, lastName, company, title }: Lead) => ({
  email,
  firstName,
  lastName,
  companyName: company,
  title,
});

const page = (title: string, { name }: User, body: Markup, head: Markup | "" = ""): string =>
  String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Northwind CRM</title>
<link rel="icon" href="/crm.svg">
<link rel="stylesheet" href="/crm.css">
${head}<script type="module" src="/crm.js"></script>
</head>
<body>
<header class="top"><a href="/leads" class="mark">Northwind <small>CRM</small></a><p>${name}</p></header>
${body}
</body>
</html>`);

const search = (): Markup =>
  html`<input type="search" class="search" placeholder="Find a lead" aria-label="Find a lead" autocomplete="off">`;

const fact = (name: string, value: string): Markup | "" =>
  value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : "";

const euros = (value: number): string =>
  new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR", maximumFractionDigits: 0 }).format(
    value,
  );

class Markup {
  constructor(readonly text: string) {}
  toString = (): string => this.text;
}

type Part = Markup | string | number | Part[];

/** Text is escaped, markup is not. */
function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  const write = (part: Part): string => {
    if (part instanceof Markup) return part.text;
    if (Array.isArray(part)) return part.map(write).join("\n");
    return String(part).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  };
  return new Markup(String.raw({ raw: strings }, ...parts.map(write)));
}
