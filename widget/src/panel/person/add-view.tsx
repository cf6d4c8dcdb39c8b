/** A record Cadenza does not know: what the host knows of the person, to be looked over and added. Nothing is sent. */
import { useState } from "preact/hooks";
import type { KnownPerson } from "../../events.ts";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { dropDrafts, useDraft } from "../drafts.ts";
import type { PanelContext } from "../open.ts";
import type { ViewProps } from "../views.ts";
import { type AddedPerson, addRecord } from "./adding.ts";
import { fieldTexts } from "./field-words.ts";
import { texts } from "./words.ts";

export default function AddView({ panel }: ViewProps<"add">) {
  const t = texts[panel.language];
  const said = fieldTexts[panel.language];
  const key = panel.recordKey;
  const { person = {} } = panel.options;
  const [errors, setErrors] = useState<Partial<Record<string, string>>>({});
  const known: KnownPerson = { ...("email" in key && { email: key.email }), ...person };
  const drafts = {
    email: useDraft(panel, "add email", known.email),
    firstName: useDraft(panel, "add firstName", known.firstName),
    lastName: useDraft(panel, "add lastName", known.lastName),
    companyName: useDraft(panel, "add companyName", known.companyName),
    title: useDraft(panel, "add title", known.title),
    dealName: useDraft(panel, "add dealName", known.companyName),
  };
  if ("contactId" in key) {
    return (
      <div class="block now">
        <h3>{t.wrongId}</h3>
        <p>{t.wrongIdWhy}</p>
      </div>
    );
  }
  const isDeal = "entity" in key && key.entity === "deal";
  const isBusy = panel.state.busy === "add";
  const field = (
    name: keyof typeof drafts,
    more: { type?: "email"; focus?: boolean; auto?: string } = {},
  ) => {
    const [value, change] = drafts[name];
    const { type, focus, auto = "off" } = more;
    return (
      <Field
        name={name}
        label={said.fields[name]}
        value={value}
        onValue={change}
        error={errors[name]}
        type={type}
        focus={focus}
        control={{ autoComplete: auto, maxLength: name === "email" ? 254 : 120 }}
      />
    );
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    const person = Object.fromEntries(
      Object.entries(drafts).map(([name, [value]]) => [name, value.trim()]),
    ) as AddedPerson;
    const wrong = wrongOf(person, isDeal, panel);
    setErrors(wrong);
    if (Object.keys(wrong).length) return;
    const done = await addRecord(panel, key, person);
    if (done?.wrong) setErrors(done.wrong);
    else if (done) dropDrafts(panel, "add ");
  };
  return (
    <form class="block now" onSubmit={(event) => void submit(event)} noValidate>
      <h3>{t.addTitle}</h3>
      <p>{t.addWhy}</p>
      {field("email", { type: "email", focus: true })}
      {field("firstName")}
      {field("lastName")}
      {field("companyName")}
      {field("title")}
      {isDeal && field("dealName")}
      <div class="row">
        <Button submit go busy={isBusy}>
          {t.add}
        </Button>
        <Button quiet onClick={() => panel.show(null)}>
          {panel.words.back}
        </Button>
      </div>
    </form>
  );
}

function wrongOf(person: AddedPerson, isDeal: boolean, panel: PanelContext): Partial<Record<string, string>> {
  const { wrong } = fieldTexts[panel.language];
  const { email, firstName, lastName, dealName } = person;
  if (!email && !firstName && !lastName) return { email: texts[panel.language].addWho };
  return {
    ...(email && !/^[^\s@]+@[^\s@]+$/.test(email) && { email: wrong.email }),
    ...(isDeal && !dealName && { dealName: wrong.empty }),
  };
}
