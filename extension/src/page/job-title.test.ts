import { describe, expect, it } from "vitest";
import { looksLikeDepartment, looksLikeTitle } from "./job-title.ts";

describe("a job's title", () => {
  it.each([
    ...["VP Operations", "Co-Founder & CEO", "Leiterin Einkauf", "Vertriebsleiter", "Directrice des achats"],
    ...[
      "Gerente de compras",
      "Responsabile acquisti",
      "Генеральный директор",
      "営業部長",
      "销售总监",
      "Inköpschef",
    ],
  ])("is %s", (text) => {
    expect(looksLikeTitle(text)).toBe(true);
  });

  it.each([
    "Contoso Labs",
    "Berlin, Germany",
    "Dana Whitfield",
    "LinkedIn",
    "",
    "+1 555 010 0142",
    "Let's talk soon",
  ])("is not %j", (text) => {
    expect(looksLikeTitle(text)).toBe(false);
  });

  it("may end in a department or a region, which a company's name is not", () => {
    expect(["EMEA", "Product Marketing", "Sales & Operations"].map(looksLikeDepartment)).toEqual([
      true,
      true,
      true,
    ]);
    expect(["Contoso Labs", "Berlin", "Acme Marketing"].map(looksLikeDepartment)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
