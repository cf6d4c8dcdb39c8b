/** Who is in it, newest first: where each stands and why. */
import type { AnswerOf } from "@cadenza/shared/client";
import type { EnrollmentStatus } from "@cadenza/shared/vocabulary";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import type { DraftStep, Sequence } from "../edit/draft.ts";
import { failureOf } from "../failure.ts";
import { useLive } from "../live.ts";
import type { Page } from "../page.ts";
import { fullName } from "./first-names.ts";

type Shown = AnswerOf<"enrollments.list">;

const perPage = 10;
const shapes: Record<EnrollmentStatus, string> = {
  active: "mark",
  paused: "mark pause",
  completed: "mark done",
  canceled: "mark stop",
};

export function People({
  page,
  id,
  sequence,
  steps,
}: {
  page: Page;
  id: string;
  sequence: Sequence;
  steps: DraftStep[];
}) {
  const { words, dates } = page;
  const [shown, show] = useState<Shown | null>(null);
  const [limit, setLimit] = useState(perPage);

  async function look(): Promise<void> {
    try {
      show(await page.client("enrollments.list", { query: { sequenceId: id, limit } }));
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== "unreachable" && !shown) page.failed(words.people, failure, () => void look());
    }
  }
  useEffect(() => void look(), [limit, sequence.status, page.turn]);
  useLive(() => void look());

  const place = (stepId: number) => steps.findIndex((step) => step.id === stepId) + 1;
  return (
    <section class="part">
      <h3>{words.people}</h3>
      {shown?.items.length === 0 && (
        <p class="plain">
          {words.nobodyIn} {sequence.versionId ? words.nobodyInWhy : words.nobodyInDraft}
        </p>
      )}
      {shown && shown.items.length > 0 && (
        <ul class="people">
          {shown.items.map((item) => (
            <li key={item.id}>
              <span class="who-is">{fullName(page, item)}</span>
              <span class="status">
                <i class={shapes[item.status]} />
                {words.enrollments[item.status]}
                {item.reason && `: ${words.reasons[item.reason] ?? item.reason}`}
                {item.endedAt === null &&
                  place(item.stepId) > 0 &&
                  ` · ${words.stepNumber(place(item.stepId))}`}
              </span>
              <time>
                {item.endedAt
                  ? words.ended(dates.day(item.endedAt))
                  : words.enrolled(dates.day(item.enrolledAt))}
              </time>
            </li>
          ))}
        </ul>
      )}
      {shown?.nextCursor && limit < 200 && (
        <p class="further">
          <Button onClick={() => setLimit(Math.min(200, limit + 40))}>{words.more}</Button>
        </p>
      )}
    </section>
  );
}
