/** What is wrong with a draft's steps, each named by its place: checked at save and again at publish. */
import { unknownFields } from "./merge-fields.ts";
import { maxSubjectLength } from "./message.ts";
import { placeholdersInTemplate } from "./placeholders.ts";
import type { Step } from "./sequence.ts";
import { templateProblems } from "./template.ts";

export type StepProblem = { path: string; message: string };

/** A draft may be unfinished; its templates must parse and read what there is. @returns problems with JSON pointers below the list. */
export function draftProblems(steps: Step[]): StepProblem[] {
  return steps.flatMap((step, index) =>
    templatesOf(step).flatMap(([field, source]) =>
      templateTextProblems(source).map((message) => ({ path: `/${index}/${field}`, message })),
    ),
  );
}

/** What is wrong with one text, wherever it stands: it does not parse, does too much, or reads what nobody has. */
export const templateTextProblems = (source: string): string[] => [
  ...templateProblems(source).map(({ message }) => message),
  ...unknownFields(source),
];

/** A version must be able to run: something to do, something to say, a thread to answer in. */
export function publishProblems(steps: Step[]): StepProblem[] {
  const problems = draftProblems(steps);
  if (!steps.length) problems.push({ path: "", message: "A sequence needs at least one step." });
  let hasThread = false;
  steps.forEach((step, index) => {
    const add = (field: string, message: string) => problems.push({ path: `/${index}/${field}`, message });
    if (step.type === "email_auto" || step.type === "email_manual") {
      if (!step.body.trim()) add("body", "The mail has no text.");
      if (!step.subject?.trim() && !hasThread) {
        add("subject", "The first mail needs a subject: there is no thread it could answer in.");
      }
      if ((step.subject?.length ?? 0) > 4 * maxSubjectLength) add("subject", "The subject is too long.");
      hasThread ||= step.type === "email_auto";
      // What a person is to fill in by hand is asked for when they approve the mail.
      if (step.type === "email_auto") {
        for (const [field, source] of templatesOf(step)) {
          for (const found of placeholdersInTemplate(source)) {
            add(field, `${found} would be sent as it stands. Write {{ contact.first_name }} and the like.`);
          }
        }
      }
    } else if (!step.title.trim()) {
      add("title", "It needs a title that says what to do.");
    }
  });
  return problems;
}

function templatesOf(step: Step): [string, string][] {
  switch (step.type) {
    case "email_auto":
    case "email_manual":
      return [
        ["subject", step.subject ?? ""],
        ["body", step.body],
      ];
    case "call":
      return [
        ["title", step.title],
        ["script", step.script],
      ];
    case "task":
      return [
        ["title", step.title],
        ["note", step.note],
      ];
  }
}
