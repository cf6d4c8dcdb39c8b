import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  maxTemplateLength,
  pickValues,
  renderTemplate,
  templateProblems,
  templateVariables,
} from "./template.ts";

const at = Date.UTC(2026, 2, 29, 22, 30);
const values = {
  contact: {
    first_name: "Ada",
    last_name: null,
    title: "  ",
    custom: { plan: "pro", tags: ["a", "b"], seats: 12, renewal: "2026-05-01", active: false },
  },
  company: null,
  sender: { name: "Bob", email: "bob@acme.test" },
};
const render = (source: string, zone = "UTC") => renderTemplate(source, values, at, zone);
const text = (source: string, zone = "UTC") => {
  const rendered = render(source, zone);
  return rendered.ok ? rendered.text : rendered;
};
const titled = (source: string): [string, string] => [source.slice(0, 80), source];

describe("a value", () => {
  test.each([
    ["Hi {{ contact.first_name }}!", "Hi Ada!"],
    ["{{ contact.first_name | upcase | append: '.' }}", "ADA."],
    ["{{ contact.custom.seats }} {{ contact.custom.active }}", "12 false"],
    ["{% for tag in contact.custom.tags %}{{ tag }},{% endfor %}", "a,b,"],
    ["{{ contact.custom.tags | join: ' and ' }} {{ contact.custom.tags.size }}", "a and b 2"],
    ["{{ contact.custom.tags[1] }}{{ contact['first_name'] }}", "bAda"],
    ["{% assign who = contact %}{{ who.first_name }}", "Ada"],
    ["{% assign field = 'plan' %}{{ contact.custom[field] }}", "pro"],
    ["<b>{{ sender.name }}</b> & co", "<b>Bob</b> & co"],
    ["{% raw %}{{ untouched }}{% endraw %}", "{{ untouched }}"],
  ])("%s renders", (source, expected) => {
    expect(text(source)).toBe(expected);
  });

  test.each([
    ["{{ contact.last_name }}", "contact.last_name"],
    ["{{ contact.title | upcase }}", "contact.title"],
    ["{{ company.name }}", "company.name"],
    ["{{ nobody }}", "nobody"],
    ["{{ contact.constructor }}", "contact.constructor"],
    ["{{ contact.__proto__.x }}", "contact.__proto__.x"],
    ["{{ 'Dear ' | append: contact.last_name }}", "contact.last_name"],
    ["{% assign x = contact.title %}{{ x }}", "x"],
    ["{% assign x = contact.title %}{%- echo x | upcase -%}", "x"],
    ["{{ 'Dear ' | append: nobody }}", "nobody"],
    ["{{ contact.custom.tags | slice: 9 | first }}", "contact.custom.tags"],
    ["{% for tag in contact.tags %}{{ tag }}{% endfor %}", "contact.tags"],
    ["{% if company %}x{% endif %}{{ company.name }}", "company.name"],
  ])("%s is missing, and named", (source, missing) => {
    expect(render(source)).toEqual({ ok: false, missing });
  });

  test.each([
    ["{{ contact.last_name | default: 'there' }}", "there"],
    ["{{ contact.title | default: 'there' }}", "there"],
    ["{{ contact.last_name | capitalize | default: 'there' }}", "there"],
    ["{{ company.name | default: contact.first_name }}", "Ada"],
    ["{% if contact.title %}yes{% else %}no{% endif %}", "no"],
    ["{% if company %}yes{% else %}no{% endif %}", "no"],
    ["{% unless company.name %}none{% endunless %}", "none"],
    ["{% if contact.title == blank %}blank{% endif %}", "blank"],
    [
      "{% if company.name and contact.title %}yes{% elsif contact.last_name %}no{% else %}else{% endif %}",
      "else",
    ],
    ["{% assign x = contact.title | default: 'you' %}{{ x }}", "you"],
    ["{{ contact.custom.nothing | default: '' }}", ""],
    ["{% assign x = contact.title %}{% if x %}{{ x }}{% else %}none{% endif %}", "none"],
  ])("%s says what to do without it", (source, expected) => {
    expect(text(source)).toBe(expected);
  });

  test("a group of fields is not printed as [object Object]", () => {
    expect(render("{{ contact.custom }}")).toMatchObject({
      ok: false,
      error: expect.stringContaining("group of fields"),
    });
  });
});

describe("dates", () => {
  test.each([
    ["{{ 'now' | date: '%Y-%m-%d %H:%M' }}", "UTC", "2026-03-29 22:30"],
    ["{{ 'today' | date: '%A %-d %B' }}", "Asia/Tokyo", "Monday 30 March"],
    ["{{ 'now' | date: '%H:%M' }}", "Europe/Paris", "00:30"],
    ["{{ 'now' | date_to_xmlschema }}", "America/New_York", "2026-03-29T18:30:00-04:00"],
    ["{{ 'now' | date_to_string }}", "Asia/Tokyo", "30 Mar 2026"],
    ["{{ 'now' | date: '%H', 'Asia/Tokyo' }}", "UTC", "07"],
    ["{{ contact.custom.renewal | date: '%-d %B' }}", "America/Los_Angeles", "1 May"],
    ["{{ '2026-05-01T10:00' | date: '%H:%M' }}", "America/Los_Angeles", "10:00"],
    ["{{ '2026-05-01T10:00:00Z' | date: '%H:%M' }}", "America/Los_Angeles", "03:00"],
    ["{{ contact.custom.renewal | date_to_long_string }}", "America/Los_Angeles", "01 May 2026"],
  ])("%s in %s", (source, zone, expected) => {
    expect(text(source, zone)).toBe(expected);
  });

  test("1970 is a date too", () => {
    expect(renderTemplate("{{ 'now' | date: '%Y %H' }}", {}, 0, "UTC")).toEqual({
      ok: true,
      text: "1970 00",
    });
  });

  test("an unknown zone is an error, not a crash", () => {
    expect(render("{{ 'now' | date: '%H' }}", "Mars/Base")).toMatchObject({
      ok: false,
      error: expect.any(String),
    });
  });
});

describe("at save", () => {
  test.each(
    [
      "{{ contact.first_name",
      "{% if x %}",
      "{% endif %}",
      "{{ x | no_such_filter }}",
      "{% include 'x' %}",
      "{% render 'x' %}",
      "{% layout 'x' %}",
      "{% tablerow x in y %}{% endtablerow %}",
      "{{ 'a,b' | split: ',' | sample }}",
      "{{ contact.custom.tags | where_exp: 't', 't == contact.last_name' }}",
      "{% if true %}".repeat(60) + "{% endif %}".repeat(60),
      "{% if true %}".repeat(700) + "{% endif %}".repeat(700),
      `{{ a${"[a".repeat(5_000)}${"]".repeat(5_000)} }}`,
      "x".repeat(maxTemplateLength + 1),
    ].map(titled),
  )("%s is refused", (_title, source) => {
    expect(templateProblems(source)).toEqual([expect.objectContaining({ message: expect.any(String) })]);
    expect(renderTemplate(source, values, at, "UTC")).toMatchObject({ ok: false, error: expect.any(String) });
  });

  test("a problem says where it is", () => {
    expect(templateProblems("Hello\n  {{ x | nope }}")).toEqual([
      { message: "undefined filter: nope (line 2)", line: 2, column: 3 },
    ]);
  });

  test("the variables of a template are listed in full, without its own", () => {
    const source =
      "{% assign mine = deal.name %}{{ mine }}{% for t in contact.custom.tags %}{{ t }}{{ forloop.index }}{% endfor %}" +
      "{{ contact.first_name | default: sender.name }}{% if company.name %}{% endif %}{{ contact.first_name }}";
    expect(templateVariables(source)).toEqual([
      "company.name",
      "contact.custom.tags",
      "contact.first_name",
      "deal.name",
      "sender.name",
    ]);
    expect(templateVariables("{{ broken")).toEqual([]);
  });
});

describe("a template that never ends or never stops growing", () => {
  const doubling = (step: string) => `{% assign a = "0123456789" %}${step.repeat(60)}{{ a }}`;
  test.each(
    [
      "{% for i in (1..1000000000) %}x{% endfor %}",
      "{% for i in (1..100000) %}{% endfor %}",
      "{% for i in (1..700) %}{% for j in (1..700) %}{% for k in (1..700) %}x{% endfor %}{% endfor %}{% endfor %}",
      doubling("{% assign a = a | append: a %}"),
      doubling("{% capture a %}{{ a }}{{ a }}{% endcapture %}"),
      doubling("{% assign a = a | replace: '0', a %}"),
      doubling("{% assign a = a | split: '' | join: a %}"),
      doubling(
        "{% assign b = a | split: '' %}{% assign b = b | concat: b | concat: b %}{% assign a = b | join: a %}",
      ),
      "{{ 'now' | date: '%999999999d' }}",
      `{% for i in (1..1000) %}${"lorem ipsum ".repeat(1_000)}{% endfor %}`,
      "{% for i in (1..19000) %}{% assign a = 'x' | url_encode %}{% endfor %}",
    ].map(titled),
  )("%s ends quickly with an error", (_title, source) => {
    const started = performance.now();
    expect(renderTemplate(source, values, at, "UTC")).toMatchObject({ ok: false, error: expect.any(String) });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test.each([
    "{{",
    "{%",
    "{{ a |",
    "{{ a[",
    "{{'",
    "{% if",
    "{% if a",
    "{% raw %}",
    "{{a}}",
    "{% comment %}",
    "(1..",
    "a.",
  ])("a full-size source of %s is answered quickly", (piece) => {
    for (const source of [
      piece.repeat(maxTemplateLength / piece.length),
      `{{ ${piece.repeat((maxTemplateLength - 10) / piece.length)} }}`,
    ]) {
      const started = performance.now();
      templateProblems(source);
      renderTemplate(source, values, at, "UTC");
      expect(performance.now() - started).toBeLessThan(3_000);
    }
  });
});

describe("the snapshot", () => {
  test("holds what the sources read and nothing else", () => {
    const sources = [
      "{{ contact.first_name }}",
      "{{ sender.name }}{{ contact.custom.seats }}{{ company.name }}",
    ];
    expect(pickValues(sources, values)).toEqual({
      contact: { first_name: "Ada", custom: { seats: 12 } },
      sender: { name: "Bob" },
    });
    expect(pickValues(["{{ broken", "plain"], values)).toEqual({});
  });

  test("clips long strings between characters and leaves out what is no text, number, yes or no", () => {
    const picked = pickValues(["{{ a }}{{ b }}{{ c }}{{ d }}{{ e }}"], {
      a: "x".repeat(5_000),
      b: `${"x".repeat(1_999)}😀`,
      c: () => "code",
      d: Number.NaN,
      e: -0,
    });
    expect(picked).toEqual({ a: "x".repeat(2_000), b: "x".repeat(1_999), e: 0 });
  });

  test("a value called __proto__ changes nothing but itself", () => {
    const hostile = JSON.parse('{"contact":{"__proto__":{"polluted":"yes"},"first_name":"Ada"}}') as object;
    expect(renderTemplate("{{ contact.polluted }}", hostile, at, "UTC")).toEqual({
      ok: false,
      missing: "contact.polluted",
    });
    expect(pickValues(["{{ contact }}"], hostile)).not.toHaveProperty("contact.polluted");
  });

  const leaf = fc.oneof(
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant("  "),
  );
  const names = fc.constantFrom("a", "b", "size", "first", "__proto__", "constructor", "toString");
  const tree = fc.dictionary(
    names,
    fc.oneof(leaf, fc.array(leaf), fc.dictionary(names, fc.oneof(leaf, fc.array(leaf)))),
  );
  const variable = fc.array(names, { minLength: 1, maxLength: 3 }).map((path) => path.join("."));
  const piece = fc.oneof(
    variable.map((name) => `{{ ${name} }}`),
    variable.map((name) => `{{ ${name} | default: "-" }}`),
    variable.map((name) => `{% if ${name} %}+{% else %}-{% endif %}`),
    variable.map((name) => `{% for x in ${name} %}{{ x }}{% endfor %}`),
    fc.tuple(variable, variable).map(([a, b]) => `{{ ${a}[${b}] | default: "?" }}`),
    fc.string(),
  );

  test("renders as the values themselves did, also after a trip through JSON", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), tree, (pieces, scope) => {
        const source = pieces.join("");
        const snapshot = JSON.parse(JSON.stringify(pickValues([source, "{{ a.b }}"], scope))) as object;
        expect(renderTemplate(source, snapshot, at, "UTC")).toEqual(renderTemplate(source, scope, at, "UTC"));
      }),
      { numRuns: 500 },
    );
  });
});
