import { describe, expect, it } from "vitest";
import { learn, unknownPerson, warn } from "./person.ts";

describe("what is learned of a person", () => {
  it("carries its provenance, and stays when something else is found later", () => {
    const person = unknownPerson();
    learn(person, "title", " VP Operations ", "signature", "high");
    learn(person, "title", "Robot", "headline", "high");
    expect(person.title).toBe("VP Operations");
    expect(person.sources).toEqual({ title: { from: "signature", confidence: "high" } });
  });

  it("is left blank where it is empty or only a guess", () => {
    const person = unknownPerson();
    learn(person, "title", "   ", "signature", "high");
    learn(person, "company", "Perhaps", "signature", "low");
    learn(person, "phone", null, "signature", "high");
    expect(person).toEqual(unknownPerson());
  });

  it("has each warning once", () => {
    const person = unknownPerson();
    warn(person, "self");
    warn(person, "self");
    expect(person.warnings).toEqual(["self"]);
  });
});
