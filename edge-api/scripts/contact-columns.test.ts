import { describe, expect, it } from "vitest";
import { customKey, mapColumns, personFrom } from "./contact-columns.ts";

const reference = { system: "hubspot", type: "contact" };
const read = (header: string[], cells: string[]) => personFrom(mapColumns(header), cells, reference);

describe("a header", () => {
  it.each([
    ["E-Mail", "email"],
    ["Email Address", "email"],
    ["first_name", "firstName"],
    ["SURNAME", "lastName"],
    ["Company Name", "companyName"],
    ["Job Title", "title"],
    ["Phone Number", "phone"],
    ["Time zone", "timeZone"],
    ["Country/Region", "country"],
    ["LinkedIn URL", "linkedinUrl"],
    ["Contact Type", "kind"],
    ["Record ID", "reference"],
  ])("%s is understood as %s", (name, field) => {
    expect(mapColumns([name])[0]!.to).toEqual({ field });
  });

  it("nobody knows becomes a custom field, under a key templates can name", () => {
    expect(mapColumns(["Équipe (2026)", "Équipe 2026", "客户", ""]).map(({ to }) => to)).toEqual([
      { custom: "equipe_2026" },
      { custom: "equipe_2026_2" },
      { custom: "column_3" },
      { custom: "column_4" },
    ]);
    expect(customKey("__proto__")).toBe("proto");
  });

  it("that comes twice fills its field once; the second keeps its values as a custom field", () => {
    expect(mapColumns(["Phone", "Mobile Phone"]).map(({ to }) => to)).toEqual([
      { field: "phone" },
      { custom: "mobile_phone" },
    ]);
  });
});

describe("a row", () => {
  it("becomes a person; empty cells blank nothing", () => {
    const header = ["Record ID", "Name", "Email", "Work Email", "Country", "Type", "LinkedIn", "Plan"];
    const cells = [
      "77",
      "Reyes, Dana",
      "dana@a.example; d@a.example",
      "dr@b.example",
      "Portugal",
      "Customer",
      "www.linkedin.com/in/d",
      " ",
    ];
    expect(read(header, cells)).toEqual({
      person: {
        references: [{ system: "hubspot", type: "contact", id: "77" }],
        firstName: "Dana",
        lastName: "Reyes",
        email: "dana@a.example",
        otherEmails: ["d@a.example", "dr@b.example"],
        country: "PT",
        kind: "party",
        linkedinUrl: "https://www.linkedin.com/in/d",
      },
      notes: [],
    });
  });

  it("keeps what a field cannot take, and says so", () => {
    const { person, notes } = read(["Country", "Type", "Country text"], ["Atlantis", "Unicorn", "x"]);
    expect(person).toEqual({ custom: { country: "Atlantis", type: "Unicorn", country_text: "x" } });
    expect(notes).toEqual([
      'Country: "Atlantis" is not a country we know; kept as a custom field',
      'Type: "Unicorn" is neither lead nor party; kept as a custom field',
    ]);
  });

  it.each([
    ["Dana Reyes", "Dana", "Reyes"],
    ["Wei Ling Tan", "Wei", "Ling Tan"],
    ["Cher", "Cher", undefined],
  ])("splits the name %s", (name, firstName, lastName) => {
    expect(read(["Full Name"], [name]).person).toEqual({ firstName, ...(lastName && { lastName }) });
  });

  it("trusts columns of their own over a full name", () => {
    expect(read(["Name", "First name"], ["Dr. Dana Reyes", "Dana"]).person).toEqual({
      firstName: "Dana",
      lastName: "Dana Reyes",
    });
  });

  it.each([
    ["US", "US"],
    ["usa", "US"],
    ["Deutschland", null],
    ["Germany", "DE"],
    ["United Kingdom", "GB"],
    ["Türkiye", "TR"],
    ["pt", "PT"],
  ])("knows the country %s", (written, code) => {
    expect(read(["Country"], [written]).person.country ?? null).toBe(code);
  });
});
