/** Enrolling somebody, and taking it back for ten seconds. */
import type { AnswerOf, ProblemError } from "@cadenza/shared/client";
import { type EnrollRefusal, enrollRefusals } from "@cadenza/shared/vocabulary";
import { deedTexts } from "../deed-words.ts";
import { firstNameOf } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import type { PanelSequence } from "./choices.ts";
import { remember } from "./recent.ts";
import { texts } from "./words.ts";

export type EnrollChoice = { mailboxId: string; startAt: number | null; again: boolean };

const undoMs = 10_000;
/** Longer than the button stands there: whoever presses it at the last moment, on a slow line, is still in time. */
const undoSeconds = undoMs / 1_000 + 5;

/** @param refused told why not, where it is for one of the reasons there are words for; all else the panel says. */
export function enroll(
  panel: PanelContext,
  sequence: PanelSequence,
  { mailboxId, startAt, again }: EnrollChoice,
  refused: (code: EnrollRefusal) => void,
): Promise<unknown> {
  const { contact, deal } = panel.state.record!;
  const name = firstNameOf(contact);
  const said = deedTexts[panel.language];
  const body = {
    ...(deal ? { dealId: deal.id } : { contactId: contact.id }),
    ...(mailboxId && { mailboxId }),
    ...(startAt !== null && { startAt: new Date(startAt).toISOString() }),
    ...(again && { again }),
    undoSeconds,
  };
  return panel.act<AnswerOf<"enrollments.create"> | EnrollRefusal>({
    name: "enroll",
    what: panel.words.enroll(name),
    request: (client, idempotencyKey) =>
      client("enrollments.create", { params: { id: sequence.id }, body, idempotencyKey }).catch(refusalOf),
    done: (enrollment) => {
      if (typeof enrollment === "string") return refused(enrollment);
      remember(sequence.id);
      const { id: enrollmentId, contactId, warnings } = enrollment;
      panel.tell("cadenza:enrolled", { enrollmentId, contactId, sequenceName: sequence.name });
      panel.show(null);
      const isRole = warnings.some(({ code }) => code === "role_address");
      const more = isRole ? texts[panel.language].roleAddress(contact.email ?? "") : "";
      const run = () => void takeBack(panel, enrollmentId, name);
      const text = `${said.enrolled(name)} ${more}`.trim();
      panel.notify({ text, tone: "plain", action: { label: said.undo, run } }, undoMs);
    },
  });
}

function takeBack(panel: PanelContext, enrollmentId: string, name: string): Promise<unknown> {
  return panel.act({
    name: "undo",
    what: deedTexts[panel.language].undo,
    request: (client) => client("enrollments.cancel", { params: { id: enrollmentId } }),
    done: ({ contactId }) => {
      panel.tell("cadenza:canceled", { enrollmentId, contactId });
      panel.notify({ text: texts[panel.language].takenBack(name), tone: "plain" }, undoMs);
    },
  });
}

function refusalOf(error: unknown): EnrollRefusal {
  const { code } = error as ProblemError;
  if ((enrollRefusals as readonly string[]).includes(code)) return code as EnrollRefusal;
  throw error;
}
