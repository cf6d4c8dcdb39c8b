/** Never to be written to again: what that means, and the address written out, as there is no undo. */
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { firstNameOf } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { texts } from "./hold-words.ts";
import { neverWriteTo } from "./holding.ts";

export function NeverForm({ panel, email }: { panel: PanelContext; email: string }) {
  const t = texts[panel.language];
  const [typed, setTyped] = useState("");
  const [error, setError] = useState("");
  const isSame = typed.trim().toLowerCase() === email.toLowerCase();
  const submit = (event: Event) => {
    event.preventDefault();
    setError(isSame ? "" : t.neverMismatch);
    if (isSame && !panel.state.busy) void neverWriteTo(panel, email);
  };
  return (
    <details class="block more">
      <summary>{t.never(firstNameOf(panel.state.record!.contact))}</summary>
      <p>
        <b>{t.neverTitle(email)}</b>
      </p>
      <p>{t.neverWhy}</p>
      <form onSubmit={submit} noValidate>
        <Field
          name="never"
          label={t.neverConfirm}
          value={typed}
          onValue={setTyped}
          error={error}
          control={{ autoComplete: "off", placeholder: email, maxLength: 254 }}
        />
        <div class="row">
          <Button submit busy={panel.state.busy === "never"}>
            {t.neverGo}
          </Button>
        </div>
      </form>
    </details>
  );
}
