/** What is known of the sequence that is open: its draft, its numbers, what is published, looked at again by itself. */
import type { AnswerOf } from "@cadenza/shared/client";
import { useEffect, useState } from "preact/hooks";
import { type Editing, openEditing, undoMs } from "../edit/editing.ts";
import { type Failure, failureOf } from "../failure.ts";
import { useLive } from "../live.ts";
import type { Page, Summary } from "../page.ts";

export type StepNumbers = AnswerOf<"sequences.numbers">["steps"][number];
export type Version = AnswerOf<"sequences.versions">["items"][number];

export type Facts = {
  /** With how many people are where. */
  summary: Summary | null;
  numbers: Map<number, StepNumbers>;
  /** What new enrollments get; null: never published. */
  version: Version | null;
};

const noFacts: Facts = { summary: null, numbers: new Map(), version: null };

/** @returns the editing once the sequence is there, and draws again whenever it changes. */
export function useEditing(page: Page, id: string): { editing: Editing | null; failure: Failure | null } {
  const [editing, setEditing] = useState(() => page.editings.get(id) ?? null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [, draw] = useState(0);

  async function look(): Promise<void> {
    try {
      const sequence = await page.client("sequences.get", { params: { id } });
      const known = page.editings.get(id);
      if (known) known.learn(sequence);
      else {
        const made = openEditing(sequence, {
          client: () => page.client,
          nameOf: (type) => page.words.shortTypes[type],
          merged: () => page.notify({ text: page.words.merged }, undoMs),
        });
        page.editings.set(id, made);
      }
      setEditing(page.editings.get(id)!);
      setFailure(null);
    } catch (error) {
      setFailure(failureOf(error));
    }
  }

  useEffect(() => void look(), [page.turn]);
  useEffect(() => editing?.hear(() => draw((turn) => turn + 1)), [editing]);
  useLive(() => void look());
  return { editing, failure };
}

/** @param status looked at again at once when it changes: after publishing, say. */
export function useFacts(page: Page, id: string, name: string, status: string): Facts & { look(): void } {
  const [facts, setFacts] = useState(noFacts);

  async function look(): Promise<void> {
    const params = { id };
    const seen = await Promise.allSettled([
      // The one route that counts people: those of this name, of whom one has the id.
      page.client("sequences.list", { query: { q: name.slice(0, 120), limit: 200 } }),
      page.client("sequences.numbers", { params }),
      page.client("sequences.versions", { params, query: { limit: 1 } }),
    ]);
    const [list, numbers, versions] = seen;
    setFacts((before) => ({
      summary:
        list.status === "fulfilled"
          ? (list.value.items.find((one) => one.id === id) ?? before.summary)
          : before.summary,
      numbers:
        numbers.status === "fulfilled"
          ? new Map(numbers.value.steps.map((step) => [step.stepId, step]))
          : before.numbers,
      version: versions.status === "fulfilled" ? (versions.value.items[0] ?? null) : before.version,
    }));
  }

  useEffect(() => void look(), [page.turn, status]);
  useLive(() => void look());
  return { ...facts, look: () => void look() };
}

/** How many are in it and are not at an end. */
export const livePeople = ({ summary }: Facts): number => (summary ? summary.active + summary.paused : 0);
