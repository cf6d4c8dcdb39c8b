import { describe, expect, it } from "vitest";
import {
  changeStep,
  type Draft,
  draftOf,
  insertStep,
  moveStep,
  newStep,
  removeStep,
  type Sequence,
} from "./draft.ts";
import { mergeDrafts } from "./merge.ts";

const mail = (id: number, body = `Text ${id}`) => ({
  ...{ id, name: `Mail ${id}`, type: "email_auto", subject: `About ${id}`, body },
  delay: { amount: id, unit: "days" },
});
const sequence = {
  ...{ name: "New lead", scheduleId: null, mailboxId: null },
  steps: [mail(1), mail(2), mail(3)],
} as unknown as Sequence;
const base = draftOf(sequence);
const of = ({ steps }: Draft) => steps.map(({ id, key }) => id ?? key);
/** As the server would have it: every step has an id. */
const saved = (draft: Draft, ids: number[]): Draft => ({
  ...draft,
  steps: draft.steps.map((step, at) => ({ ...step, id: ids[at]!, key: `s${ids[at]}` })),
});

describe("two who changed the same sequence", () => {
  it("both keep what they changed in different places, of one step too", () => {
    const mine = changeStep(base, "s1", { subject: "Mine" });
    const theirs = { ...changeStep(base, "s1", { body: "Theirs" }), name: "Renamed", mailboxId: "mbx_2" };
    const { draft, clashes } = mergeDrafts(base, mine, theirs);
    expect(clashes).toEqual([]);
    expect(draft).toMatchObject({ name: "Renamed", mailboxId: "mbx_2" });
    expect(draft.steps[0]).toMatchObject({ subject: "Mine", body: "Theirs" });
  });

  it("are shown both texts where they wrote the same place, and none is lost", () => {
    const mine = { ...changeStep(base, "s2", { body: "Mine" }), name: "A" };
    const theirs = { ...changeStep(base, "s2", { body: "Theirs" }), name: "B" };
    const { draft, clashes } = mergeDrafts(base, mine, theirs);
    expect(clashes).toEqual([
      { key: null, field: "name", mine: "A", theirs: "B" },
      { key: "s2", field: "body", mine: "Mine", theirs: "Theirs" },
    ]);
    expect(draft.steps[1]!.body).toBe("Mine");
  });

  it("have nothing to choose where they wrote the same", () => {
    const both = changeStep(base, "s2", { body: "Same" });
    expect(mergeDrafts(base, both, both).clashes).toEqual([]);
  });

  it("keep the steps that either added, theirs where they put it", () => {
    const mine = insertStep(base, newStep("call", false, "Mine"));
    const theirs = saved(insertStep(base, newStep("call", false, "Theirs"), 1), [1, 9, 2, 3]);
    const { draft } = mergeDrafts(base, mine, theirs);
    expect(draft.steps.map(({ name }) => name)).toEqual(["Mail 1", "Theirs", "Mail 2", "Mail 3", "Mine"]);
  });

  it("do not get a step twice whose saving was never answered", () => {
    const mine = insertStep(base, newStep("call", false, "Mine"));
    const { draft, clashes } = mergeDrafts(base, mine, saved(mine, [1, 2, 3, 4]));
    expect([of(draft), clashes]).toEqual([[1, 2, 3, 4], []]);
  });

  it("lose a deleted step only where the other left it as it was", () => {
    expect(of(mergeDrafts(base, removeStep(base, "s2"), base).draft)).toEqual([1, 3]);
    expect(of(mergeDrafts(base, base, removeStep(base, "s2")).draft)).toEqual([1, 3]);
    // I deleted what they have just rewritten: it stays, with their text.
    const rewritten = changeStep(base, "s2", { body: "Theirs" });
    const kept = mergeDrafts(base, removeStep(base, "s2"), rewritten).draft;
    expect(kept.steps[1]).toMatchObject({ id: 2, body: "Theirs" });
    // They deleted what I have just rewritten: it stays, as a new step.
    const own = mergeDrafts(base, changeStep(base, "s2", { body: "Mine" }), removeStep(base, "s2")).draft;
    expect(own.steps[1]).toMatchObject({ body: "Mine" });
    expect(own.steps[1]).not.toHaveProperty("id");
  });

  it("get the order of whoever changed it, mine where both did", () => {
    const theirs = moveStep(base, "s3", -1);
    expect(of(mergeDrafts(base, changeStep(base, "s1", { body: "!" }), theirs).draft)).toEqual([1, 3, 2]);
    expect(of(mergeDrafts(base, moveStep(base, "s1", 1), theirs).draft)).toEqual([2, 1, 3]);
  });
});
