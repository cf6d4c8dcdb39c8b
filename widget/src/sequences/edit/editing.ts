/**
 * A sequence being edited: what it looks like here, what the server has, and the way from one to the other. Every change
 * is saved by itself a moment later, over the revision it was made on; when somebody else was first, both changes are
 * put together. It outlives the screen that shows it, so that what could not be saved is still there on coming back.
 */
import type { Client } from "@cadenza/shared/client";
import type { StepType } from "@cadenza/shared/vocabulary";
import { type Failure, failureOf } from "../failure.ts";
import { type Draft, draftOf, isSavable, removeStep, type Sequence, type StepField, same } from "./draft.ts";
import { type Clash, mergeDrafts } from "./merge.ts";
import { bodyOf, ordered, type Pointed, type Refused, refusedIn, withIds } from "./wire.ts";

export type SaveState =
  | { is: "saved" | "unsaved" | "saving" }
  /** Not asked for, since it would be refused; the fields say why. */
  | { is: "unsavable" }
  | { is: "failed"; failure: Failure }
  | { is: "clashed"; clashes: Clash[] };

export type Editing = {
  readonly sequence: Sequence;
  /** Without what was deleted a moment ago. */
  readonly draft: Draft;
  readonly state: SaveState;
  readonly refused: Refused[];
  change(work: (draft: Draft) => Draft): void;
  /** It is gone at once, and for the server when the undo has passed. @returns the undo. */
  remove(key: string): () => void;
  /** Saves what is not. @returns whether the server has everything now. */
  flush(): Promise<boolean>;
  /** What the server says it is: after a deed, or looked up again. */
  learn(sequence: Sequence): void;
  /** Takes in problems that came by pointer. @returns the first that is about a step. */
  refuse(errors: readonly Pointed[]): Refused | null;
  settle(clash: Clash, which: "mine" | "theirs"): void;
  hear(listener: () => void): () => void;
};

export const undoMs = 10_000;
const restMs = 800;
const againMs = 5_000;
/** Somebody else saves all the time: after so many rounds it is told. */
const roundsMax = 5;

export type EditingDeps = {
  client(): Client;
  nameOf(type: StepType): string;
  /** Both changed it, and it could be put together. */
  merged(): void;
};

export function openEditing(first: Sequence, deps: EditingDeps): Editing {
  let sequence = first;
  let base = ordered(draftOf(first));
  let draft = base;
  let rev = first.rev;
  let state: SaveState = { is: "saved" };
  let refused: Refused[] = [];
  let running: Promise<boolean> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const going = new Map<string, ReturnType<typeof setTimeout>>();
  const listeners = new Set<() => void>();

  const shown = (): Draft =>
    going.size ? { ...draft, steps: draft.steps.filter(({ key }) => !going.has(key)) } : draft;
  const set = (next: SaveState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const isDirty = () => !same(draft, base);

  function plan(afterMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void save(), afterMs);
  }

  function take(next: Draft): void {
    draft = next;
    // A save that is under way looks again by itself; a clash waits for somebody's choice.
    const isHeld = running !== null || state.is === "clashed";
    set(isHeld ? state : { is: isDirty() ? "unsaved" : "saved" });
    if (isDirty() && state.is !== "clashed") plan(restMs);
  }

  function save(): Promise<boolean> {
    clearTimeout(timer);
    running ??= rounds().finally(() => {
      running = null;
    });
    return running;
  }

  async function rounds(): Promise<boolean> {
    for (let round = 0; round < roundsMax && isDirty(); round++) {
      if (state.is === "clashed") return false;
      if (!isSavable(draft)) {
        set({ is: "unsavable" });
        return false;
      }
      set({ is: "saving" });
      const sent = draft;
      try {
        const request = { params: { id: sequence.id }, ifMatch: rev, body: bodyOf(base, sent, deps.nameOf) };
        adopt(await deps.client()("sequences.update", request), sent);
      } catch (error) {
        const failure = failureOf(error);
        const again = failure.code === "revision_conflict" ? await putTogether() : failure;
        if (again) return failed(again, sent);
      }
    }
    if (state.is === "clashed") return false;
    set({ is: isDirty() ? "unsaved" : "saved" });
    if (isDirty()) plan(againMs);
    return !isDirty();
  }

  /** What was sent is what is saved: the server tidies texts, and is not contradicted over a space. */
  function adopt(saved: Sequence, sent: Draft): void {
    sequence = saved;
    rev = saved.rev;
    base = ordered(withIds(sent, sent, saved));
    draft = ordered(withIds(draft, sent, saved));
    refused = refused.filter(({ key, field, value }) => same(textOf(key, field), value));
  }

  /** @returns why it did not go. */
  async function putTogether(): Promise<Failure | null> {
    try {
      const theirs = await deps.client()("sequences.get", { params: { id: sequence.id } });
      const there = draftOf(theirs, draft.steps);
      const { draft: both, clashes } = mergeDrafts(base, draft, there);
      sequence = theirs;
      rev = theirs.rev;
      const isNews = !same(there, base);
      base = ordered(there);
      draft = ordered(both);
      if (clashes.length) set({ is: "clashed", clashes });
      else if (isNews) deps.merged();
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  function failed(failure: Failure, sent: Draft): false {
    refused = refusedIn(failure.errors, sent);
    set({ is: "failed", failure });
    if (failure.code === "unreachable" || failure.code === "rate_limited") plan(againMs);
    return false;
  }

  const textOf = (key: string, field: StepField) => draft.steps.find((step) => step.key === key)?.[field];

  function forget(key: string): void {
    clearTimeout(going.get(key));
    going.delete(key);
    take(removeStep(draft, key));
  }

  return {
    get sequence() {
      return sequence;
    },
    get draft() {
      return shown();
    },
    get state() {
      return state;
    },
    get refused() {
      return refused.filter(({ key, field, value }) => same(textOf(key, field), value));
    },
    change(work) {
      const before = shown();
      const after = work(before);
      if (after === before) return;
      // What is about to go keeps its place among those that stay, in case it comes back.
      let steps = after.steps;
      draft.steps.forEach((step, at) => {
        if (going.has(step.key)) steps = steps.toSpliced(at, 0, step);
      });
      take({ ...after, steps });
    },
    remove(key) {
      going.set(
        key,
        setTimeout(() => forget(key), undoMs),
      );
      set(state);
      return () => {
        if (!going.has(key)) return;
        clearTimeout(going.get(key));
        going.delete(key);
        set(state);
      };
    },
    async flush() {
      for (const key of [...going.keys()]) forget(key);
      // One that is under way may have been asked before the last change.
      if (running) await running;
      return isDirty() ? save() : state.is !== "clashed";
    },
    learn(known) {
      if (known.rev < rev) return;
      const there = draftOf(known, draft.steps);
      if (running) return;
      if (!isDirty() && state.is !== "clashed") {
        base = ordered(there);
        draft = base;
        rev = known.rev;
      } else if (same(there, base)) rev = known.rev;
      sequence = known;
      set(state);
    },
    refuse(errors) {
      refused = refusedIn(errors, draft);
      set(state);
      return refused[0] ?? null;
    },
    settle(clash, which) {
      if (state.is !== "clashed") return;
      if (which === "theirs") {
        const { key, field, theirs } = clash;
        draft =
          key === null
            ? { ...draft, [field]: theirs }
            : {
                ...draft,
                steps: draft.steps.map((step) => (step.key === key ? { ...step, [field]: theirs } : step)),
              };
      }
      const clashes = state.clashes.filter((one) => one !== clash);
      set(clashes.length ? { is: "clashed", clashes } : { is: "unsaved" });
      if (!clashes.length) void save();
    },
    hear(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
