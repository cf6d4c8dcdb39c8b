import { describe, expect, test } from "vitest";
import { fieldsOf, limitsOf } from "./docs-fields.ts";
import { renderDocs } from "./docs-page.ts";
import { openApiDocument } from "./openapi.ts";

describe("what a field takes", () => {
  test.each([
    [{ type: "string", maxLength: 254 }, "up to 254 characters"],
    [{ type: "string", minLength: 1, maxLength: 2000 }, "1 to 2,000 characters"],
    [{ type: "string", minLength: 16 }, "at least 16 characters"],
    [{ type: ["string", "null"], maxLength: 1 }, "up to 1 character"],
    [{ type: "string", enum: ["a", "b"], maxLength: 9 }, ""],
    [{ type: "string", format: "date-time", maxLength: 40 }, ""],
    [{ type: "string", pattern: "^ctc_[0-9A-Za-z]+$", maxLength: 80 }, ""],
    [{ type: "integer", minimum: 1, maximum: 200, default: 50 }, "1 to 200, 50 unless told"],
    [{ type: "integer", minimum: -9007199254740991, maximum: 9007199254740991 }, ""],
    [{ type: "integer", minimum: 0, maximum: 9007199254740991 }, "at least 0"],
    [{ type: "boolean", default: false }, "false unless told"],
    [
      { type: "array", items: { type: "string", maxLength: 9 }, maxItems: 20 },
      "up to 20 items, each up to 9 characters",
    ],
    [{ type: "array", items: { type: "object" }, minItems: 1, maxItems: 500 }, "1 to 500 items"],
    [{ anyOf: [{ type: "string", maxLength: 60 }, { type: "null" }] }, "up to 60 characters"],
    [{ type: "object" }, ""],
  ])("%j is said as %j", (schema, limits) => {
    expect(limitsOf(schema)).toBe(limits);
  });

  test("is explained by its own words, or by those of what it holds or may be", () => {
    const mode = { type: "string", enum: ["live", "test"], description: "`test`: no mail leaves." };
    const properties = {
      own: { ...mode, description: "Mine." },
      list: { type: "array", items: mode },
      choice: { anyOf: [mode, { type: "null" }] },
      named: { $ref: "#/components/schemas/Mode" },
      silent: { type: "string" },
    };
    const fields = fieldsOf({ type: "object", properties }, { Mode: mode });
    expect(Object.fromEntries(fields.map(({ name, description }) => [name, description]))).toEqual({
      own: "Mine.",
      list: "`test`: no mail leaves.",
      choice: "`test`: no mail leaves.",
      named: "`test`: no mail leaves.",
      silent: "",
    });
  });
});

test("the page for people says how long a text may be, how many rows a page has, and what each value means", () => {
  const html = renderDocs(openApiDocument("https://cadenza.test"));
  const of = (id: string) => html.slice(html.indexOf(`<article id="${id}"`)).split("</article>")[0]!;
  expect(of("contacts.create")).toMatch(
    /<code>email<\/code> <span class="soft">text or null, up to 254 characters</,
  );
  expect(of("contacts.createBatch")).toMatch(
    /<code>items<\/code> <span class="soft">list of \w+, 1 to 500 items</,
  );
  expect(of("contacts.list")).toContain(
    '>limit</code> <span class="soft">integer, 1 to 200, 50 unless told<',
  );
  expect(of("apiKeys.create")).toMatch(/&quot;live&quot; \| &quot;test&quot;, &quot;live&quot; unless told/);
  expect(of("apiKeys.create")).toContain("<code>test</code>: for the workspace");
});
