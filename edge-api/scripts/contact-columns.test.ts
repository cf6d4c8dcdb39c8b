import { describe, expect, it } from "vitest";
import { customKey, mapColumns, personFrom, refuseNameless } from "./contact-columns.ts";

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

  it.each([
    [
      ["Vorname", "Nachname", "Firma", "E-Mail-Adresse"],
      ["firstName", "lastName", "companyName", "email"],
    ],
    [
      ["Vorname", "Name", "Unternehmen"],
      ["firstName", "lastName", "companyName"],
    ],
    [
      ["Prénom", "Nom", "Société", "Téléphone"],
      ["firstName", "lastName", "companyName", "phone"],
    ],
    [
      ["Nombre", "Apellidos", "Correo electrónico", "País"],
      ["firstName", "lastName", "email", "country"],
    ],
    [
      ["Nome", "Sobrenome", "Empresa"],
      ["firstName", "lastName", "companyName"],
    ],
    [["Nome"], ["name"]],
  ])("%j is understood in its own language", (header, fields) => {
    expect(mapColumns(header).map(({ to }) => to)).toEqual(fields.map((field) => ({ field })));
  });

  it("is what a person says it is", () => {
    const told = ["Rufname = first_name", "Contact=companyName", "E-Mail=email"];
    expect(
      mapColumns(["Rufname", "First Name", "contact", "Mail", "e mail"], told).map(({ to }) => to),
    ).toEqual([
      { field: "firstName" },
      { custom: "first_name" },
      { field: "companyName" },
      { custom: "mail" },
      { field: "email" },
    ]);
    expect(() => mapColumns(["A", "B"], ["C=email"])).toThrow('no column "C". It has: "A", "B"');
    expect(() => mapColumns(["A"], ["A=emial"])).toThrow(/no field "emial".*email, other_emails, first_name/);
    expect(() => mapColumns(["A"], ["A"])).toThrow('--map "A"');
  });

  it("that says of nobody who they are is refused", () => {
    expect(() => refuseNameless(mapColumns(["Straße", "Umsatz"]))).toThrow(
      /^No column says who a person is\. Read: "Straße", "Umsatz"\..*--map "Straße=email"$/,
    );
    expect(() => refuseNameless(mapColumns(["Notes", "Phone"]))).not.toThrow();
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

describe("a name that nobody has", () => {
  const warned = (header: string, value: string) => {
    const { person, notes } = read([header, "Email"], [value, "a@b.example"]);
    return Object.keys(person).join() === "email" && /^warning: .*left out$/.test(notes.join("|"));
  };

  it.each([
    ...[
      "N/A",
      "n.a.",
      "NA",
      "#N/A",
      "null",
      "NULL",
      "None",
      "-",
      "--",
      "?",
      "unknown",
      "First Name",
      "FIRST_NAME",
    ],
    ...[
      "{{first}}",
      "{first_name}",
      "[name]",
      "<first>",
      "%FIRSTNAME%",
      "*|FNAME|*",
      "=cmd|' /C calc'!A0",
      "@SUM(1)",
    ],
    ...["Jos\ufffd", "JosÃ©", "FranÃ§ois", "MÃ¼ller", "Å\u0081ukasz", "ï¿½"],
  ])("like %j is left out, with a warning", (value) => {
    expect(warned("First Name", value)).toBe(true);
    expect(warned("Company", value)).toBe(true);
  });

  it("is quoted, and where the encoding is at fault what it was is said", () => {
    expect(read(["First Name"], ["JosÃ©"])).toEqual({
      person: {},
      notes: ['warning: First Name "JosÃ©" looks like "José" read in the wrong encoding; left out'],
    });
  });

  it.each([
    ...[
      "Dana",
      "José",
      "Łukasz",
      "Ñáñez",
      "SÃO",
      "Na",
      "An",
      "X Æ",
      "O’Neil",
      "Jean-Luc",
      "D'Arcy",
      "李",
      "Name Ltd",
    ],
    ...["Ümit", "Åsa", "M.", "Nonette"],
  ])("is not %j", (value) => {
    expect(read(["First Name"], [value])).toEqual({ person: { firstName: value }, notes: [] });
  });

  it("may be a family name, and a note may say anything", () => {
    expect(read(["Last Name", "Notes"], ["Null", "N/A"]).person).toEqual({
      lastName: "Null",
      custom: { notes: "N/A" },
    });
    expect(read(["Company"], ["360"]).person).toEqual({ companyName: "360" });
  });
});
