import { expect, it } from "vitest";
import { areaInMemory } from "../storage/area.ts";
import { findSubject } from "../storage/subjects.ts";
import { proposeFrom } from "./menu.ts";

const proposed = async (clicked: { selectionText?: string; linkUrl?: string }) => {
  const session = areaInMemory();
  await proposeFrom(session, 7, clicked);
  return findSubject(session, 7);
};

it("the menu proposes whoever is marked or linked to, for that tab, and never confirms them", async () => {
  expect(await proposed({ selectionText: "Dana Whitfield <dana@acme.example>" })).toEqual({
    person: { email: "dana@acme.example", firstName: "Dana", lastName: "Whitfield" },
    isConfirmed: false,
  });
  expect(await proposed({ linkUrl: "mailto:dana%40acme.example?subject=Hello" })).toEqual({
    person: { email: "dana@acme.example" },
    isConfirmed: false,
  });
});

it("the menu opens an empty form where nobody was marked, and on links that are broken or lead elsewhere", async () => {
  for (const clicked of [
    {},
    { linkUrl: "mailto:%E0%A4%A" },
    { linkUrl: "https://acme.example/dana@acme.example" },
  ]) {
    expect(await proposed(clicked)).toEqual({ person: {}, isConfirmed: false });
  }
});
