import { describe, expect, it } from "vitest";
import {
  changesSince,
  type Draft,
  draftOf,
  duplicateStep,
  insertStep,
  isAnything,
  isDelay,
  isSavable,
  isWindow,
  moveStep,
  newStep,
  pointedAt,
  removeStep,
  type Sequence,
  wireOf,
} from "./draft.ts";

const steps = [
  {
    id: 1,
    name: "Intro",
    type: "email_auto",
    delay: { amount: 0, unit: "minutes" },
    subject: "Hi",
    body: "Hello",
  },
  { id: 2, name: "Call", type: "call", delay: { amount: 1, unit: "days" }, title: "Call", script: "Ask." },
  {
    id: 5,
    name: "Look",
    type: "task",
    delay: { amount: 1, unit: "days" },
    kind: "sms",
    title: "Look",
    note: "N",
  },
] as Sequence["steps"];
const sequence = { name: "New lead", scheduleId: null, mailboxId: "mbx_1", steps } as Sequence;
const keysOf = ({ steps: all }: Draft) => all.map(({ key }) => key);

describe("a draft", () => {
  it("goes to the wire as it came from there, each type with the fields it has", () => {
    const wire = draftOf(sequence).steps.map((step) => wireOf(step, () => "?"));
    expect(wire).toEqual(steps.map((step) => ({ ...step, window: null })));
  });

  it("calls a step without a name after its type, and an empty subject none", () => {
    const step = { ...newStep("email_auto", true, ""), subject: "  " };
    expect(wireOf(step, (type) => `a ${type}`)).toMatchObject({ name: "a email_auto", subject: null });
    expect(wireOf(step, () => "x")).not.toHaveProperty("id");
  });

  it("loses no text when a step's type is changed and changed back", () => {
    const [, call] = draftOf(sequence).steps;
    const asMail = { ...call!, type: "email_auto" as const };
    expect(wireOf(asMail, () => "?")).toMatchObject({ body: "Ask." });
    expect(wireOf({ ...asMail, type: "call" }, () => "?")).toMatchObject({ title: "Call", script: "Ask." });
  });

  it("moves a step one place and no further than the ends", () => {
    const draft = draftOf(sequence);
    expect(keysOf(moveStep(draft, "s2", -1))).toEqual(["s2", "s1", "s5"]);
    expect(keysOf(moveStep(draft, "s2", 1))).toEqual(["s1", "s5", "s2"]);
    expect(moveStep(draft, "s1", -1)).toBe(draft);
    expect(moveStep(draft, "s5", 1)).toBe(draft);
  });

  it("puts a copy behind the step it is of, as a step of its own", () => {
    const { draft, key } = duplicateStep(draftOf(sequence), "s1", "Intro, copy");
    expect(keysOf(draft)).toEqual(["s1", key, "s2", "s5"]);
    expect(draft.steps[1]).toMatchObject({ name: "Intro, copy", subject: "Hi", body: "Hello" });
    expect(draft.steps[1]).not.toHaveProperty("id");
  });

  it("finds the field that the API's pointer means", () => {
    expect(pointedAt("/steps/2/script")).toEqual({ index: 2, field: "body" });
    expect(pointedAt("/steps/0/subject")).toEqual({ index: 0, field: "subject" });
    expect(pointedAt("/steps/11/window")).toEqual({ index: 11, field: "window" });
    expect(pointedAt("/name")).toBeNull();
  });

  it("is not sent with a wait or hours that the API would refuse", () => {
    expect(isDelay({ amount: 366, unit: "days" })).toBe(true);
    expect(isDelay({ amount: 367, unit: "days" })).toBe(false);
    expect(isDelay({ amount: 1.5, unit: "hours" })).toBe(false);
    expect(isDelay({ amount: Number.NaN, unit: "hours" })).toBe(false);
    expect(isWindow({ from: "09:00", to: "09:15" })).toBe(true);
    expect(isWindow({ from: "09:00", to: "09:14" })).toBe(false);
    expect(isWindow({ from: "20:00", to: "24:00" })).toBe(true);
    expect(isWindow({ from: "20:00", to: "08:00" })).toBe(false);
    expect(isSavable(draftOf(sequence))).toBe(true);
    expect(isSavable({ ...draftOf(sequence), name: "  " })).toBe(false);
  });
});

describe("what publishing would change", () => {
  const version = { name: "New lead", steps };
  it("is nothing for what was just published", () => {
    expect(isAnything(changesSince(version, draftOf(sequence)))).toBe(false);
  });
  it("counts what is new, changed and gone, and says when the order or the name is another", () => {
    let draft = insertStep(draftOf(sequence), newStep("call", false, "More"));
    draft = removeStep(draft, "s5");
    draft = moveStep(draft, "s2", -1);
    draft = {
      ...draft,
      name: "Other",
      steps: draft.steps.map((s) => (s.id === 1 ? { ...s, body: "!" } : s)),
    };
    expect(changesSince(version, draft)).toEqual({
      added: 1,
      changed: 1,
      removed: 1,
      moved: true,
      renamed: true,
    });
  });
});
