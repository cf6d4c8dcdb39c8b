/** Enrolling: a sequence is found and chosen, looked at with every mail and its date, and confirmed. */
import { useState } from "preact/hooks";
import { adopting } from "../../styles/adopt.ts";
import type { ViewProps } from "../views.ts";
import type { PanelSequence } from "./choices.ts";
import css from "./enroll.css?inline";
import { Preview } from "./preview.tsx";
import { SequenceSearch } from "./sequence-search.tsx";

const styled = adopting(css);

/** Kept while another sequence is looked at. */
export type Chosen = { mailboxId: string | null; isNow: boolean; wallTime: string };

export default function EnrollView({ panel }: ViewProps<"enroll">) {
  const [sequence, setSequence] = useState<PanelSequence | null>(null);
  const [q, setQ] = useState("");
  const [chosen, setChosen] = useState<Chosen>({ mailboxId: null, isNow: true, wallTime: "" });
  /** Whoever comes back from a preview goes on searching; whoever opens the view is led here by the panel. */
  const [isBack, setBack] = useState(false);
  if (!panel.state.record) return null;
  return (
    <div class="enroll" ref={styled}>
      {sequence ? (
        <Preview
          key={sequence.id}
          panel={panel}
          sequence={sequence}
          chosen={chosen}
          choose={(changed) => setChosen({ ...chosen, ...changed })}
          another={() => {
            setBack(true);
            setSequence(null);
          }}
        />
      ) : (
        <SequenceSearch panel={panel} q={q} setQ={setQ} isBack={isBack} choose={setSequence} />
      )}
    </div>
  );
}
