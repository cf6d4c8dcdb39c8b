/** A new sequence: a name is enough to begin. What there is only one of is chosen. */
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { type Failure, failureOf } from "../failure.ts";
import { useFocus } from "../focus.ts";
import { newKey } from "../keys.ts";
import type { Page } from "../page.ts";

export function CreateForm({ page, close }: { page: Page; close(): void }) {
  const { words } = page;
  const [name, setName] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const [tried, setTried] = useState({ name: "", key: "" });
  const first = useFocus<HTMLFormElement>("input");

  async function create(): Promise<void> {
    if (isBusy) return;
    if (!name.trim()) return setWrong(words.nameMissing);
    // Pressed again after a broken connection it is the same request; under another name it is another.
    const asked = tried.name === name ? tried : { name, key: newKey() };
    setTried(asked);
    setBusy(true);
    setWrong("");
    try {
      const { items } = await page.once("mailboxes", (client) =>
        client("mailboxes.list", { query: { limit: 200 } }),
      );
      const open = items.filter(({ disabledAt }) => disabledAt === null);
      const mailboxId = open.length === 1 ? open[0]!.id : null;
      const made = await page.client("sequences.create", {
        body: { name: name.trim(), steps: [], mailboxId },
        idempotencyKey: asked.key,
      });
      page.tell("cadenza:sequence-created", { sequenceId: made.id, sequenceName: made.name });
      page.open(made.id);
    } catch (error) {
      const failure: Failure = failureOf(error);
      setBusy(false);
      setWrong(failure.code === "unreachable" ? words.unreachable : failure.detail);
      page.tell("cadenza:error", { code: failure.code, detail: failure.detail });
    }
  }

  return (
    <form
      class="create"
      ref={first}
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <Field
        name="new-name"
        label={words.name}
        value={name}
        onValue={setName}
        hint={words.nameHint}
        error={wrong}
        control={{ maxLength: 120, autoComplete: "off" }}
      />
      <div class="row">
        <Button go submit busy={isBusy}>
          {words.createIt}
        </Button>
        <Button quiet onClick={close}>
          {words.cancel}
        </Button>
      </div>
    </form>
  );
}
