import type { Client } from "@cadenza/shared/client";
import { describe, expect, test } from "vitest";
import type { PanelRecord } from "../headline.ts";
import { fillIn, gapOf, ownFieldName, wrongIn } from "./gap.ts";

const dana = {
  contact: { id: "ctc_1", rev: 4, company: { id: "cmp_1", name: "Contoso" } },
  deal: { id: "dea_1", rev: 2 },
} as unknown as PanelRecord;
const alone = { contact: { id: "ctc_2", rev: 1, company: null }, deal: null } as unknown as PanelRecord;

/** What the request that fills this variable would be. */
async function requested(variable: string, value: string, record = dana) {
  const asked: unknown[] = [];
  const client = (async (...request: unknown[]) => void asked.push(...request)) as unknown as Client;
  await fillIn(client, record, gapOf(variable, record)!, value);
  return asked;
}

describe("a value that is missing", () => {
  test.each([
    ["contact.title", "contacts.update", { title: "COO" }, "COO"],
    ["contact.first_name", "contacts.update", { firstName: "Dana" }, "Dana"],
    ["contact.name", "contacts.update", { firstName: "Dana" }, "Dana"],
    ["contact.country", "contacts.update", { country: "PT" }, " pt "],
    ["contact.custom.renewal_date", "contacts.update", { custom: { renewal_date: "12 Jan" } }, "12 Jan"],
    ['contact.custom["renewal_date"]', "contacts.update", { custom: { renewal_date: "12 Jan" } }, "12 Jan"],
    ["company.domain", "companies.update", { domain: "contoso.example" }, "contoso.example"],
    ["company.name", "companies.update", { name: "Contoso" }, "Contoso"],
    ["company.custom.tier", "companies.update", { custom: { tier: "gold" } }, "gold"],
    ["deal.name", "deals.update", { name: "40 seats" }, "40 seats"],
    ["deal.custom.term", "deals.update", { custom: { term: "3 years" } }, "3 years"],
  ])("%s is filled in by one request of %s", async (variable, route, body, typed) => {
    expect(await requested(variable, typed)).toEqual([route, expect.objectContaining({ body })]);
  });

  test("is not written over what somebody else wrote meanwhile", async () => {
    expect(await requested("contact.title", "COO")).toEqual([
      "contacts.update",
      { params: { id: "ctc_1" }, body: { title: "COO" }, ifMatch: 4 },
    ]);
    expect(await requested("deal.name", "40 seats")).toEqual([
      "deals.update",
      { params: { id: "dea_1" }, body: { name: "40 seats" }, ifMatch: 2 },
    ]);
  });

  test("of a company nobody has yet asks for the company first", async () => {
    expect(await requested("company.custom.tier", "Fjord", alone)).toEqual([
      "contacts.update",
      { params: { id: "ctc_2" }, body: { companyName: "Fjord" }, ifMatch: 1 },
    ]);
  });

  test("cannot be filled in here where it is nobody's field", () => {
    for (const variable of [
      "sender.name",
      "workspace.name",
      "contact.nickname",
      "draft.body",
      "x",
      "contact",
    ]) {
      expect(gapOf(variable, dana)).toBeNull();
    }
    expect(gapOf("contact.custom.a.b", dana)).toBeNull();
    expect(gapOf("deal.name", alone)).toBeNull();
  });

  test("has a name people would write", () => {
    expect(ownFieldName("renewal_date")).toBe("Renewal date");
    expect(ownFieldName("__x")).toBe("X");
  });

  test.each([
    ["contact.title", " ", "empty"],
    ["contact.email", "dana", "email"],
    ["contact.email", "dana@acme.example", null],
    ["contact.linkedin_url", "linkedin.com/in/dana", "link"],
    ["contact.country", "Portugal", "country"],
    ["contact.country", "pt", null],
  ])("%s does not take %j: %s", (variable, value, wrong) => {
    expect(wrongIn(gapOf(variable, dana)!, value)).toBe(wrong);
  });
});
