import { describe, expect, test } from "vitest";
import { placeholdersInTemplate, unfilledIn } from "./placeholders.ts";

describe("what nobody filled in", () => {
  test("is named as it stands, each once", () => {
    const text = "Hi {contact.first_name} [First Name] %FIRSTNAME% <<name>> *|FNAME|* {Hi|Hello} %FIRSTNAME%";
    expect(placeholdersInTemplate(text).sort()).toEqual(
      ["{contact.first_name}", "[First Name]", "%FIRSTNAME%", "<<name>>", "*|FNAME|*", "{Hi|Hello}"].sort(),
    );
  });

  test.each([
    "[NAME]",
    "[[first_name]]",
    "[Your Company]",
    "[insert a fact]",
    "{!Contact.FirstName}",
    "#{name}",
  ])("%s is", (text) => expect(unfilledIn(`Hi ${text}, hello`)).toHaveLength(1));

  test.each([
    "Hi {{ contact.first_name }}, {% if company %}at {{ company.name }}{% endif %}",
    "See [our guide to routing](https://vendor.example/name) and [1], [sic], [PDF].",
    "We cut 20% of cost and 30% of time: 100%!",
    "https://vendor.example/caf%C3%A9%20au%20lait%2Fname",
    "if (a < b && b << 3) { return 1; }",
    "I'd say 5 < 6 and {1, 2, 3} is a set.",
  ])("%s is not", (text) => {
    expect(placeholdersInTemplate(text)).toEqual([]);
  });

  test("Liquid in words that go out as they are is", () => {
    expect(unfilledIn("S {{ company.name }} and {% if x %} and {{ half")).toEqual([
      "{{ company.name }}",
      "{% if x %}",
      "{{ half",
    ]);
  });
});
