/** What pages are made of: fields, notes, buttons. One of each, so that all pages look like one hand made them. */
import { html, raw } from "hono/html";
import type { Html } from "./document.ts";

/** What somebody typed, and what is wrong with it, by the field's name; `""` is about the whole form. */
export type Entered = { values: Record<string, string>; errors: Record<string, string> };
export const nothingEntered: Entered = { values: {}, errors: {} };

export type Field = {
  name: string;
  label: string;
  type?: "text" | "email" | "password" | "date";
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
<input id="${idOf(name)}" name="${name}" type="${type}" value="${shownAs(type, entered.values[name] ?? value)}" maxlength="${lengthMax}"
${autocomplete ? html` autocomplete="${autocomplete}"` : ""}${type === "email" ? raw(' inputmode="email" spellcheck="false" autocapitalize="off"') : ""}
${asked.optional ? "" : raw(" required")}${described(entered, name, hint)}${focused(entered, name, asked.first)}>
${notes(entered, name, hint)}
</div>`;
}

/** A secret is not shown again, and a browser complains of a day that is none. */
const shownAs = (type: Field["type"], value: string): string =>
  type === "password" || (type === "date" && !/^\d{4}-\d\d-\d\d$/.test(value)) ? "" : value;

/** Several lines of text. */
export function area(
  entered: Entered,
  asked: Omit<Field, "type" | "autocomplete"> & { rows?: number },
): Html {
  const { name, label, hint, value = "", lengthMax = 10_000, rows = 3 } = asked;
  return html`<div>
<label for="${idOf(name)}">${label}</label>
<textarea id="${idOf(name)}" name="${name}" rows="${rows}" maxlength="${lengthMax}" spellcheck="false" autocapitalize="off"
${asked.optional ? "" : raw(" required")}${described(entered, name, hint)}${focused(entered, name, asked.first)}>
${entered.values[name] ?? value}</textarea>
${notes(entered, name, hint)}
</div>`;
}

/** Any of several, each with a sentence. What was chosen is the values, one a line. */
export function checks(
  entered: Entered,
  asked: {
    name: string;
    label: string;
    value: string;
    options: { value: string; text: string; hint: string }[];
  },
): Html {
  const { name, label, value, options } = asked;
  const chosen = (entered.values[name] ?? value).split("\n");
  return html`<fieldset${described(entered, name, undefined)}><legend>${label}</legend>
${options.map(
  (option) =>
    html`<label class="check-box"><input type="checkbox" name="${name}" value="${option.value}"${
      chosen.includes(option.value) ? raw(" checked") : ""
    }><span>${option.text}<span class="soft small">${option.hint}</span></span></label>`,
)}
${notes(entered, name, undefined)}</fieldset>`;
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
export const note = (tone: "good" | "bad" | "warn" | "plain", word: string, text: Html | string): Html =>
  html`<p class="note ${tone}" role="${tone === "bad" ? "alert" : "status"}"><b>${word}</b> ${text}</p>`;

/** What is wrong with a form as a whole. */
export const formNote = ({ errors }: Entered): Html | string =>
  errors[""] ? note("bad", "Not yet.", errors[""]) : "";

export const hidden = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}">`;

/** How something stands: by a shape and a word, then by colour. */
export type State = "on" | "new" | "waiting" | "off";
export const state = (is: State, word: string): Html => html`<span class="state ${is}">${word}</span>`;

/** To be copied: one click takes all of it. */
export const copyable = (label: string, text: string): Html =>
  html`<div class="copy"><p class="label">${label}</p><pre>${text}</pre></div>`;

/** What was just done, by a code in the address: a sentence put there by somebody else is not shown. */
export const doneNote = (
  dones: Record<string, [word: string, text: string]>,
  done: string | null,
): Html | string => {
  const said = done !== null && Object.hasOwn(dones, done) ? dones[done] : undefined;
  return said ? note("good", ...said) : "";
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

/** "read, write and admin" */
export const listed = (words: readonly string[]): string =>
  new Intl.ListFormat("en-GB", { type: "conjunction" }).format(words);
