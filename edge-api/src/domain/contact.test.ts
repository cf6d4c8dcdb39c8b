import { describe, expect, test } from "vitest";
import { fullName, mergeScope } from "./contact.ts";
import { contactOf, factsOf, mailboxOf } from "./facts.fixture.ts";
import type { CompanyId, DealId, MemberId } from "./ids.ts";

test.each([
  ["Dana", "Reyes", "Dana Reyes"],
  ["Dana", null, "Dana"],
  [null, "Reyes", "Reyes"],
  ["", "", null],
  [null, null, null],
])("the full name of %j %j is %j", (firstName, lastName, name) => {
  expect(fullName({ firstName, lastName })).toBe(name);
});

describe("what templates may read", () => {
  const { workspace } = factsOf();
  const bare = { contact: contactOf(), company: null, deal: null, sender: null, mailbox: null, workspace };

  test("is the person, their company and deal, the sender and the workspace by name, under stable names", () => {
    const scope = mergeScope({
      contact: contactOf({
        title: "CTO",
        phone: "+1",
        country: "PT",
        linkedinUrl: "https://l.test/d",
        custom: { plan: "pro" },
      }),
      company: { id: 6 as CompanyId, name: "Acme", domain: "acme.test", custom: { size: 40 } },
      deal: { id: 8 as DealId, name: "Renewal", stage: "open", amount: 900, currency: "EUR", custom: {} },
      sender: { id: 3 as MemberId, name: "Sam Lee", email: "sam@corp.test" },
      mailbox: mailboxOf(),
      workspace,
    });
    expect(scope).toEqual({
      contact: {
        first_name: "Dana",
        last_name: "Reyes",
        name: "Dana Reyes",
        email: "dana@acme.test",
        title: "CTO",
        phone: "+1",
        country: "PT",
        linkedin_url: "https://l.test/d",
        custom: { plan: "pro" },
      },
      company: { name: "Acme", domain: "acme.test", custom: { size: 40 } },
      deal: { name: "Renewal", stage: "open", amount: 900, currency: "EUR", custom: {} },
      sender: { name: "Sam Lee", email: "sam@corp.test" },
      workspace: { name: "Vendor" },
    });
  });

  test("has no key, zone or owner of any row in it", () => {
    expect(JSON.stringify(mergeScope({ ...bare, mailbox: mailboxOf() }))).not.toMatch(
      /"(id|\w+Id|timeZone|dailyCap)"/,
    );
  });

  test("without an owner the mailbox is the sender; without both nobody is", () => {
    expect(mergeScope({ ...bare, mailbox: mailboxOf() }).sender).toEqual({
      name: "Sam",
      email: "sam@vendor.test",
    });
    expect(mergeScope(bare)).toMatchObject({
      sender: { name: null, email: null },
      company: null,
      deal: null,
    });
  });
});
