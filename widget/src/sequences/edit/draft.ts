/**
 * A sequence as it stands in the editor, and what can be done to it. Pure. A step has the same fields whatever its type,
 * so that changing the type loses no text; on the wire each type has its own.
 */
import type { AnswerOf, RequestOf } from "@cadenza/shared/client";
import {
  type DelayUnit,
  type StepType,
  stepWindowMinutesMin,
  type TaskKind,
} from "@cadenza/shared/vocabulary";

export type Sequence = AnswerOf<"sequences.get">;
export type WireStep = Sequence["steps"][number];
type StepInput = NonNullable<NonNullable<RequestOf<"sequences.update">["body"]>["steps"]>[number];

export type DraftStep = {
  /** The editor's own, also of a step that was never saved. */
  key: string;
  id?: number;
  type: StepType;
  name: string;
  delay: { amount: number; unit: DelayUnit };
  window: { from: string; to: string } | null;
  subject: string;
  /** An email's text, what to say in a call, a task's note. */
  body: string;
  /** What to do, of a call and a task. */
  title: string;
  kind: TaskKind;
};
export type StepField = Exclude<keyof DraftStep, "key" | "id">;

export type Draft = {
  name: string;
  scheduleId: string | null;
  mailboxId: string | null;
  steps: DraftStep[];
};

export const isEmail = (type: StepType): boolean => type === "email_auto" || type === "email_manual";

/** @param known steps that have a key already: a step of theirs keeps it. */
export function draftOf({ name, scheduleId, mailboxId, steps }: Sequence, known: DraftStep[] = []): Draft {
  return { name, scheduleId, mailboxId, steps: steps.map((step) => stepOf(step, known)) };
}

export function stepOf(step: WireStep, known: DraftStep[] = []): DraftStep {
  return {
    key: known.find(({ id }) => id === step.id)?.key ?? `s${step.id}`,
    id: step.id,
    type: step.type,
    name: step.name,
    delay: step.delay,
    window: step.window ?? null,
    subject: step.subject ?? "",
    body: step.body ?? step.script ?? step.note ?? "",
    title: step.title ?? "",
    kind: step.kind ?? "todo",
  };
}

/** @param nameOf what a step is called that was given no name. */
export function wireOf(step: DraftStep, nameOf: (type: StepType) => string): StepInput {
  const { id, type, delay, window, subject, body, title, kind } = step;
  const base = {
    ...(id !== undefined && { id }),
    name: step.name.trim() || nameOf(type),
    ...{ delay, window },
  };
  if (type === "call") return { ...base, type, title, script: body };
  if (type === "task") return { ...base, type, title, kind, note: body };
  return { ...base, type, subject: subject.trim() ? subject : null, body };
}

/** The field of a step that the API's pointer means: `/steps/2/script`. */
export function pointedAt(pointer: string): { index: number; field: StepField } | null {
  const found = /^\/steps\/(\d+)(?:\/(\w+))?/.exec(pointer);
  if (!found) return null;
  const field = found[2] ?? "body";
  return {
    index: Number(found[1]),
    field: (field === "script" || field === "note" ? "body" : field) as StepField,
  };
}

let made = 0;
const newKey = () => `n${++made}`;

export function newStep(type: StepType, isFirst: boolean, name: string): DraftStep {
  return {
    ...{ key: newKey(), type, name },
    delay: isFirst ? { amount: 0, unit: "minutes" } : { amount: 2, unit: "business_days" },
    ...{ window: null, subject: "", body: "", title: "", kind: "todo" },
  };
}

/** @param at behind all where it is left out. */
export function insertStep(draft: Draft, step: DraftStep, at = draft.steps.length): Draft {
  return { ...draft, steps: draft.steps.toSpliced(at, 0, step) };
}

export function changeStep(draft: Draft, key: string, changed: Partial<DraftStep>): Draft {
  return { ...draft, steps: draft.steps.map((step) => (step.key === key ? { ...step, ...changed } : step)) };
}

export function duplicateStep(draft: Draft, key: string, name: string): { draft: Draft; key: string } {
  const at = draft.steps.findIndex((step) => step.key === key);
  const { id: _id, ...copied } = draft.steps[at]!;
  const step = { ...copied, key: newKey(), name };
  return { draft: insertStep(draft, step, at + 1), key: step.key };
}

export function removeStep(draft: Draft, key: string): Draft {
  return { ...draft, steps: draft.steps.filter((step) => step.key !== key) };
}

/** @returns the same draft where it cannot go further. */
export function moveStep(draft: Draft, key: string, by: -1 | 1): Draft {
  const from = draft.steps.findIndex((step) => step.key === key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= draft.steps.length) return draft;
  return { ...draft, steps: draft.steps.toSpliced(from, 1).toSpliced(to, 0, draft.steps[from]!) };
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const daysOf: Record<DelayUnit, number> = { minutes: 1 / 1440, hours: 1 / 24, days: 1, business_days: 7 / 5 };

export const isDelay = ({ amount, unit }: DraftStep["delay"]): boolean =>
  Number.isInteger(amount) && amount >= 0 && amount * daysOf[unit] <= 366;

export function isWindow(window: DraftStep["window"]): boolean {
  if (!window) return true;
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return minutes(window.to) - minutes(window.from) >= stepWindowMinutesMin;
}

/** What the API would not take, so that it is not asked. */
export const isSavable = ({ name, steps }: Draft): boolean =>
  name.trim() !== "" && steps.every(({ delay, window }) => isDelay(delay) && isWindow(window));

export type Changes = { added: number; changed: number; removed: number; moved: boolean; renamed: boolean };

/** What publishing would change. @param before the version that new enrollments get now. */
export function changesSince(before: { name: string; steps: WireStep[] }, draft: Draft): Changes {
  const old = new Map(before.steps.map((step) => [step.id, stepOf(step)]));
  const kept = draft.steps.filter(({ id }) => id !== undefined && old.has(id));
  const text = ({ key: _key, ...step }: DraftStep) => step;
  const order = before.steps.map(({ id }) => id).filter((id) => kept.some((step) => step.id === id));
  return {
    added: draft.steps.length - kept.length,
    changed: kept.filter((step) => !same(text(step), text(old.get(step.id!)!))).length,
    removed: old.size - kept.length,
    moved: !same(
      order,
      kept.map(({ id }) => id),
    ),
    renamed: before.name !== draft.name,
  };
}

export const isAnything = ({ added, changed, removed, moved, renamed }: Changes): boolean =>
  added + changed + removed > 0 || moved || renamed;
