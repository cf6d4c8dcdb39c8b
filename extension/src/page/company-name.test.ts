import { describe, expect, it } from "vitest";
import {
  companyName,
  currentRole,
  isEmploymentType,
  type Role,
  roleTitle,
  sameCompany,
} from "./company-name.ts";

describe("a company's name", () => {
  it.each([
    ["Acme GmbH · Full-time", "Acme GmbH"],
    ["Acme · Vollzeit", "Acme"],
    ["株式会社アクメ · 正社員", "株式会社アクメ"],
    ["Acme logo", "Acme"],
    ["Acme Graphic", "Acme"],
    ["Acme,", "Acme"],
    ["7-Eleven", "7-Eleven"],
    ["3M", "3M"],
    ["Yahoo!", "Yahoo!"],
    ["Quist & Daughters", "Quist & Daughters"],
    ["******* ****", null],
    ["--", null],
    ["", null],
    [null, null],
  ])("is taken out of %j as %j", (text, name) => {
    expect(companyName(text)).toBe(name);
  });

  it("is the same in another case, with or without its legal form", () => {
    expect(sameCompany("Acme GmbH", "ACME")).toBe(true);
    expect(sameCompany("Acme", "Acme Labs")).toBe(false);
    expect(sameCompany(null, null)).toBe(false);
  });

  it("is not how somebody is employed", () => {
    const types = [
      "Full-time",
      "Teilzeit",
      "Temps plein",
      "Jornada completa",
      "Heltid",
      "正社員",
      "Полная занятость",
      "Self-employed",
    ];
    expect(types.filter((text) => !isEmploymentType(text))).toEqual([]);
    expect(isEmploymentType("Contract Logistics GmbH")).toBe(false);
  });
});

it("a title keeps its commas and loses stars", () => {
  expect(roleTitle("VP Sales, EMEA")).toBe("VP Sales, EMEA");
  expect(roleTitle("*** **** of ****")).toBeNull();
});

describe("the current role", () => {
  const role = (title: string | null, company: string | null, current = true): Role => ({
    title,
    company,
    current,
  });
  const unsure = { topCardCompany: null, headline: null };

  it("is the one at the company that the card names", () => {
    const roles = [role("Partner", "Elm"), role("CEO", "Oak")];
    expect(currentRole(roles, { topCardCompany: "Oak AG", headline: "Partner at Elm" })).toBe(roles[1]);
  });

  it("is, of several, the one that the headline names by company or title", () => {
    const roles = [role("Partner", "Elm"), role("CEO", "Oak")];
    expect(currentRole(roles, { topCardCompany: null, headline: "Building Oak | dad" })).toBe(roles[1]);
    expect(currentRole(roles, { topCardCompany: null, headline: "ceo & speaker" })).toBe(roles[1]);
  });

  it("is never a company that only the headline names", () => {
    const roles = [role("CTO", "Elm")];
    expect(currentRole(roles, { topCardCompany: null, headline: "Founder at Oak" })).toBe(roles[0]);
  });

  it("is a job before a seat on a board", () => {
    const roles = [
      role("Board Member", "Elm"),
      role("Advisor", "Ash"),
      role("CEO", "Oak"),
      role("VP", "Yew"),
    ];
    expect(currentRole(roles, unsure)).toBe(roles[2]);
    expect(currentRole(roles.slice(0, 2), unsure)).toBe(roles[0]);
  });

  it("is none where all are over", () => {
    expect(
      currentRole([role("CEO", "Oak", false)], { topCardCompany: "Oak", headline: "CEO at Oak" }),
    ).toBeNull();
    expect(currentRole([], unsure)).toBeNull();
  });
});
