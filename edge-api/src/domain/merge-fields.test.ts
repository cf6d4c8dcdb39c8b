import { describe, expect, test } from "vitest";
import { mergeScope } from "./contact.ts";
import { contactOf, factsOf } from "./facts.fixture.ts";
import { mergeFields, unknownFields } from "./merge-fields.ts";

test("the fields are those templates are given, no more and no less", () => {
  const company = { id: 1, name: "Acme", domain: null, custom: {} } as never;
  const deal = { id: 1, name: "Deal", stage: null, amount: null, currency: null, custom: {} } as never;
  const scope = mergeScope({ ...factsOf(), contact: contactOf(), company, deal });
  const given = Object.entries(scope).map(([root, fields]) => [root, Object.keys(fields as object)]);
  expect({ ...Object.fromEntries(given), unsubscribe_url: null }).toEqual(mergeFields);
});

describe("a template that reads", () => {
  test.each([
    ["contact.firstname", "{{ contact.first_name }}"],
    ["contact.emial", "{{ contact.email }}"],
    ["contact.FirstName", "{{ contact.first_name }}"],
    ["compnay.name", "{{ company.name }}"],
    ["contact.company", "{{ company.name }}"],
    ["first_name", "{{ contact.first_name }}"],
    ["sender.nmae", "{{ sender.name }}"],
  ])("%s is asked whether it means %s", (path, meant) => {
    expect(unknownFields(`Hi {{ ${path} }}`)).toEqual([`There is no {{ ${path} }}. Did you mean ${meant}?`]);
  });

  test.each([
    ["foo", "Templates know contact, company, deal, sender, workspace, unsubscribe_url."],
    ["contact.shoe_size", "{{ contact.custom.shoe_size }}"],
  ])("%s is told what there is", (path, told) => {
    expect(unknownFields(`{{ ${path} }}`)).toEqual([expect.stringContaining(told)]);
  });

  test("in a condition, a loop or a filter is found too, each name once", () => {
    const source = "{% if contact.nick %}{{ contact.nick }}{% endif %}{{ contact.name | default: foo.bar }}";
    expect(unknownFields(source)).toHaveLength(2);
  });

  test.each([
    "{{ contact.first_name }} {{ contact.custom.anything.at.all }} {{ company.custom.x }} {{ unsubscribe_url }}",
    "{% assign greeting = 'Hi' %}{{ greeting }}, {{ contact.first_name | default: 'there' }}",
    "{% for word in contact.custom.words %}{{ word }}{{ forloop.index }}{% endfor %}",
    "{% if deal %}{{ deal.amount }}{% endif %}{{ contact.first_name.size }}{{ 'now' | date: '%Y' }}",
    "{% capture name %}x{% endcapture %}{{ name }}",
  ])("%s is fine", (source) => {
    expect(unknownFields(source)).toEqual([]);
  });
});
