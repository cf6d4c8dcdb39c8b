/** Who did what, from where, to which record: a day at a time, the newest first; every name leads to all of its entries. */
import { html } from "hono/html";
import type { Hall, Html, PageContent } from "./document.ts";
import { type Choice, choice, type Entered, field } from "./parts.ts";
import { clock, dayIn, placeOf } from "./time.ts";

export type AuditLine = {
  at: number;
  /** In words; `who` and `record` are what the filter takes. */
  what: string;
  action: string;
  who: { filter: string; name: string };
  /** How they got in and from where. */
  from: string[];
  record: { filter: string; name: string } | null;
  /** Why it was refused; null when it was done. */
  refused: string | null;
};

export type AuditLog = {
  lines: AuditLine[];
  entered: Entered;
  /** Something is filtered for. */
  isFiltered: boolean;
  people: Choice["groups"];
  actions: Choice["groups"];
  /** Where older entries are. */
  more: string | null;
  /** The file with the same entries; null while the filter cannot be read. */
  exports: { csv: string; jsonLines: string } | null;
};

export const auditNames = ["actor", "action", "record", "from", "to"] as const;

export const auditLogPage = (hall: Hall, shown: AuditLog): PageContent => ({
  title: "Audit log",
  hall,
  body: html`<p>Every change, and every refusal for who asked. No entry can be changed, and none goes within a year. A name or a deed
leads to all of its entries.</p>
${filterForm(shown, hall.zone)}
${shown.exports ? html`<p class="soft small">As a file, ${shown.isFiltered ? "with these filters" : "all of it"}: <a href="${shown.exports.csv}">CSV</a> · <a href="${shown.exports.jsonLines}">JSON lines</a></p>` : ""}
${shown.lines.length ? days(shown.lines, hall.zone) : shown.exports ? nothing(shown) : ""}
${shown.more ? html`<p><a href="${shown.more}">Older entries</a></p>` : ""}`,
});

const filterForm = ({ entered, people, actions, isFiltered }: AuditLog, zone: string): Html => html`
<details${isFiltered || Object.keys(entered.errors).length ? html` open` : ""}><summary>Filter</summary>
<form method="get" action="/app/audit-log" class="fields pairs" novalidate>
${choice(entered, { name: "actor", label: "Who", value: "", groups: people })}
${choice(entered, { name: "action", label: "What", value: "", groups: actions })}
${field(entered, { name: "from", label: "From", type: "date", optional: true, hint: `Days begin and end as in ${placeOf(zone)}.` })}
${field(entered, { name: "to", label: "To, that day included", type: "date", optional: true })}
${field(entered, { name: "record", label: "To which record", hint: "Its id: ctc_…, seq_…, mbr_…", autocomplete: "off", lengthMax: 100, optional: true })}
<div class="row"><button>Show</button>${isFiltered ? html`<a href="/app/audit-log">Without a filter</a>` : ""}</div>
</form></details>`;

function days(lines: AuditLine[], zone: string): Html {
  const byDay = Map.groupBy(lines, ({ at }) => dayIn(at, zone));
  return html`${[...byDay].map(
    ([day, entries]) => html`<section><h2>${day}</h2>
<ul class="list log">${entries.map((entry) => entryLine(entry, zone))}</ul></section>`,
  )}`;
}

const entryLine = (
  { at, what, action, who, from, record, refused }: AuditLine,
  zone: string,
): Html => html`<li>
<p class="small soft">${clock(at, zone)}</p>
<div><p><a class="name" href="${filterBy("action", action)}">${what}</a>${record ? html` <a class="soft" href="${filterBy("record", record.filter)}">${record.name}</a>` : ""}</p>
<p class="small soft"><a href="${filterBy("actor", who.filter)}">${who.name}</a>${from.map((part) => html` · ${part}`)}</p>
${refused ? html`<p class="error">Refused: ${refused}</p>` : ""}</div></li>`;

const filterBy = (name: (typeof auditNames)[number], value: string): string =>
  `/app/audit-log?${new URLSearchParams({ [name]: value })}`;

const nothing = ({ isFiltered, more }: AuditLog): Html =>
  html`<p class="soft">${
    more
      ? "Nothing among those looked through so far: go on to older entries."
      : isFiltered
        ? "Nothing matches."
        : "Nothing yet. From now on whatever is changed here is written down."
  }</p>`;
