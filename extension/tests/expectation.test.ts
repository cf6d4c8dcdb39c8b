import { describe, expect, it } from "vitest";
import { differences } from "./expectation.ts";

const found = {
  type: "thread",
  self: "rep@x.example",
  primary: "a@x.example",
  contacts: [{ name: "Ann", email: "a@x.example", title: null }],
};

describe("the comparison with an expectation", () => {
  it("is content when every named field agrees, whatever else was found", () => {
    expect(
      differences({ type: "thread", contacts: [{ name: "Ann", title: null }], note: "why" }, found),
    ).toEqual([]);
  });

  it("names each field that differs or is missing", () => {
    const expected = { type: "list", subject: "Hi", contacts: [{ email: "b@x.example" }] };
    expect(differences(expected, found)).toEqual([
      'type is "thread", not "list"',
      'subject is undefined, not "Hi"',
      'contacts[0].email is "a@x.example", not "b@x.example"',
    ]);
  });

  it("wants lists to be as long as expected", () => {
    expect(differences({ contacts: [] }, found)).toEqual(['contacts has 1, not 0: ["a@x.example"]']);
  });

  it("finds what must not be found anywhere but in the rep's own address", () => {
    expect(differences({ must_not: ["rep@x.example", "b@x.example"] }, found)).toEqual([]);
    expect(differences({ must_not: ["a@x.example"] }, found)).toEqual(["a@x.example must not be found"]);
  });

  it("accepts the other names that an expectation allows", () => {
    const person = { name: "Ann Ex", accept_name: ["Ann"], title: "CEO", title_accept: [null] };
    expect(differences({ contacts: [person] }, found)).toEqual([]);
    expect(differences({ contacts: [{ name: "Bea", accept_name: ["Cid"] }] }, found)).toHaveLength(1);
  });
});
