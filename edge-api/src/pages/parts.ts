/** What pages are made of: fields, notes, buttons. One of each, so that all pages look like one hand made them. */
import { html, raw } from "hono/html";
import type { Html } from "./document.ts";

/** What somebody typed, and what is wrong with it, by the field's name; `""` is about the whole form. */
export type Entered = { values: Record<string, string>; errors: Record<string, string> };
export const nothingEntered: Entered = { values: {}, errors: {} };

export type Field = {
  name: string;
  label: string;
  type?: "text" | "email" | "password";
  hint?: string;
  autocomplete?: string;
  /** Shown where nothing was entered yet. */
  value?: string;
  lengthMax?: number;
  optional?: boolean;
  /** The one to begin with. */
  first?: boolean;
};

export function field(entered: Entered, asked: Field): Html {
  const { name, label, type = "text", hint, autocomplete, value = "", lengthMax = 200 } = asked;
  return html`<div>
<label for="${idOf(name)}">${label}</label>
<input id="${idOf(name)}" name="${name}" type="${type}" value="${type === "password" ? "" : (entered.values[name] ?? value)}" maxlength="${lengthMax}"
${autocomplete ? html` autocomplete="${autocomplete}"` : ""}${type === "email" ? raw(' inputmode="email" spellcheck="false" autocapitalize="off"') : ""}
${asked.optional ? "" : raw(" required")}${described(entered, name, hint)}${focused(entered, name, asked.first)}>
${notes(entered, name, hint)}
</div>`;
}

export type Choice = {
  name: string;
  label: string;
  hint?: string;
  value: string;
  /** Under a heading where there are many. */
  groups: { heading?: string; options: { value: string; text: string }[] }[];
};

export function choice(entered: Entered, { name, label, hint, value, groups }: Choice): Html {
  const chosen = entered.values[name] ?? value;
  const option = ({ value, text }: { value: string; text: string }) =>
    html`<option value="${value}"${value === chosen ? raw(" selected") : ""}>${text}</option>`;
  return html`<div>
<label for="${idOf(name)}">${label}</label>
<select id="${idOf(name)}" name="${name}"${described(entered, name, hint)}>${groups.map(
    ({ heading, options }) =>
      heading
        ? html`<optgroup label="${heading}">${options.map(option)}</optgroup>`
        : html`${options.map(option)}`,
  )}</select>
${notes(entered, name, hint)}
</div>`;
}

/** What was done, or what stands in the way; the word says it, the colour only repeats it. */
export const note = (tone: "good" | "bad" | "plain", word: string, text: Html | string): Html =>
  html`<p class="note ${tone}" role="${tone === "bad" ? "alert" : "status"}"><b>${word}</b> ${text}</p>`;

/** What is wrong with a form as a whole. */
export const formNote = ({ errors }: Entered): Html | string =>
  errors[""] ? note("bad", "Not yet.", errors[""]) : "";

export const hidden = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}">`;

/** An instant for people, as it is in this zone: "Tue 1 Dec 2026, 10:00 Lisbon". */
export const instant = (at: number, zone = "UTC"): Html => {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(at).replace(",", "");
  const day = part({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const time = part({ hour: "2-digit", minute: "2-digit" });
  const place = zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
  return html`<time datetime="${new Date(at).toISOString()}">${day}, ${time} ${place}</time>`;
};

const idOf = (name: string): string => `f-${name.replace(/\W+/g, "-")}`;

function described({ errors }: Entered, name: string, hint: string | undefined): Html | string {
  const ids = [errors[name] && `${idOf(name)}-error`, hint && `${idOf(name)}-hint`].filter(Boolean);
  if (!ids.length) return "";
  return html` aria-describedby="${ids.join(" ")}"${errors[name] ? raw(' aria-invalid="true"') : ""}`;
}

/** With errors on the page, the first field that has one is where to go on. */
function focused({ errors }: Entered, name: string, first: boolean | undefined): Html | string {
  const [wrong] = Object.keys(errors).filter(Boolean);
  return (wrong === undefined ? first : wrong === name) ? raw(" autofocus") : "";
}

const notes = ({ errors }: Entered, name: string, hint: string | undefined): Html =>
  html`${
    errors[name] ? html`<p class="error" id="${idOf(name)}-error">${errors[name]}</p>` : ""
  }${hint ? html`<p class="hint" id="${idOf(name)}-hint">${hint}</p>` : ""}`;
