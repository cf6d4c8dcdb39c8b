import { expect, test } from "vitest";
import { fittingReferences } from "./reference.ts";

type Row = Parameters<typeof fittingReferences>[0][number];
const contact = (entityId: number, type: string, kind: "lead" | "party" = "lead"): Row => ({
  type,
  entity: "contact",
  entityId,
  kind,
});
const deal = (entityId: number, type: string): Row => ({ type, entity: "deal", entityId, kind: null });

test.each<[string, Row[], "lead" | "party" | "deal", number[]]>([
  ["what is called so", [contact(1, "lead"), contact(2, "party")], "lead", [1]],
  ["what is called so in capitals", [contact(1, "Lead")], "lead", [1]],
  ["what is called so, whatever it became", [contact(1, "lead", "party")], "lead", [1]],
  ["what became so, under a name of the host's own", [contact(1, "person", "party")], "party", [1]],
  [
    "not what became so while something is called so",
    [contact(1, "lead"), contact(2, "person")],
    "lead",
    [1],
  ],
  ["not what is called otherwise", [contact(1, "party")], "lead", []],
  ["each record once", [contact(1, "lead"), contact(1, "LEAD")], "lead", [1]],
  ["two where two are meant", [contact(1, "lead"), contact(2, "lead")], "lead", [1, 2]],
  ["a deal, whatever it is called", [deal(1, "opportunity"), contact(1, "opportunity")], "deal", [1]],
  ["no deal for a person", [deal(1, "lead")], "lead", []],
  ["no person for a deal", [contact(1, "deal")], "deal", []],
])("a host means %s", (_title, rows, wanted, ids) => {
  expect(fittingReferences(rows, wanted).map(({ entityId }) => entityId)).toEqual(ids);
});
