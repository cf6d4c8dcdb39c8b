/** Between a draft and the API: what is sent, which ids come back, which fields are refused. Pure. */
import type { RequestOf } from "@cadenza/shared/client";
import type { FieldError } from "@cadenza/shared/problem";
import type { StepType } from "@cadenza/shared/vocabulary";
import { type Draft, pointedAt, type Sequence, type StepField, same, wireOf } from "./draft.ts";

export type Pointed = Pick<FieldError, "pointer" | "detail">;

/** A field the server refused, as long as it reads as it did then. */
export type Refused = { key: string; field: StepField; detail: string; value: unknown };

/** What changed, and that alone. */
export function bodyOf(
  base: Draft,
  { name, scheduleId, mailboxId, steps }: Draft,
  nameOf: (type: StepType) => string,
): NonNullable<RequestOf<"sequences.update">["body"]> {
  return {
    ...(name !== base.name && { name: name.trim() }),
    ...(scheduleId !== base.scheduleId && { scheduleId }),
    ...(mailboxId !== base.mailboxId && { mailboxId }),
    ...(!same(steps, base.steps) && { steps: steps.map((step) => wireOf(step, nameOf)) }),
  };
}

/** `draft` with the ids that the steps of `sent` were given when they were saved. */
export function withIds(draft: Draft, sent: Draft, saved: Sequence): Draft {
  const ids = new Map(sent.steps.map(({ key }, index) => [key, saved.steps[index]?.id]));
  return {
    ...draft,
    steps: draft.steps.map((step) => {
      const id = step.id ?? ids.get(step.key);
      return id === undefined || step.id !== undefined ? step : { ...step, id };
    }),
  };
}

export function refusedIn(errors: readonly Pointed[], { steps }: Draft): Refused[] {
  return errors.flatMap(({ pointer, detail }) => {
    const at = pointedAt(pointer);
    const step = at && steps[at.index];
    return step ? [{ key: step.key, field: at.field, detail, value: step[at.field] }] : [];
  });
}

/** Drafts are compared as JSON: one order of fields for all. */
export const ordered = ({ name, scheduleId, mailboxId, steps }: Draft): Draft => ({
  ...{ name, scheduleId, mailboxId },
  steps: steps.map(({ key, id, type, name, delay, window, subject, body, title, kind }) => ({
    ...{ key, ...(id !== undefined && { id }), type, name },
    delay: { amount: delay.amount, unit: delay.unit },
    window: window && { from: window.from, to: window.to },
    ...{ subject, body, title, kind },
  })),
});
