import { describe, expect, it } from "vitest";
import { addressWarning, parseAddress, parseAddressList } from "./address.ts";

describe("an address", () => {
  it.each([
    ["Dana.Whitfield@Contoso-Labs.example", "dana.whitfield@contoso-labs.example"],
    [" o'hara+list@a.b.example ", "o'hara+list@a.b.example"],
    ["jürgen@müller.example", "jürgen@müller.example"],
    ["a@xn--mller-kva.example", "a@xn--mller-kva.example"],
  ])("%s is taken in lower case", (given, address) => {
    expect(parseAddress(given)).toBe(address);
  });

  it.each([
    ...[
      "...",
      "",
      "@",
      "a@b",
      "a@.example",
      ".a@b.example",
      "a..b@c.example",
      "a@b..example",
      "a@-b.example",
    ],
    ...[
      "a@b.example, c@d.example",
      "Dana <a@b.example>",
      "a b@c.example",
      "a@b.example>",
      "a@1.2.3.4",
      "@b.example",
    ],
    `${"a".repeat(250)}@b.example`,
  ])("%j is none", (given) => {
    expect(parseAddress(given)).toBeNull();
  });

  it("is refused in time that grows with its length, however it is made", () => {
    const started = performance.now();
    for (const hostile of [
      `${"a.".repeat(120)}@`,
      `a@${"b-".repeat(120)}`,
      `a@${"b.".repeat(120)}!`,
      "a".repeat(100_000),
    ]) {
      expect(parseAddress(hostile)).toBeNull();
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("a recipient field's text", () => {
  it("is split into people, quoted commas included and half-typed addresses left out", () => {
    expect(
      parseAddressList('"Birk, Tomas" <t@birk.example>, lena@vogt.example; Paul <paul@n.example>, half@'),
    ).toEqual([
      { name: "Birk, Tomas", email: "t@birk.example" },
      { name: null, email: "lena@vogt.example" },
      { name: "Paul", email: "paul@n.example" },
    ]);
  });
});

describe("the warning of an address", () => {
  it.each([
    ...[
      "no-reply@x.example",
      "noreply-94292212@plus.example",
      "donotreply@x.example",
      "do_not_reply@x.example",
    ],
    ...[
      "nicht-antworten@x.example",
      "ne-pas-repondre@x.example",
      "mailer-daemon@x.example",
      "bounces+12=ab@x.example",
    ],
    ...["notifications@x.example", "orders.noreply@x.example"],
  ])("%s is read by nobody", (address) => {
    expect(addressWarning(address)).toBe("no_reply");
  });

  it.each([
    ...[
      "procurement@x.example",
      "info@x.example",
      "sales.emea@x.example",
      "support-2@x.example",
      "help+de@x.example",
    ],
    ...["einkauf@x.example", "compras@x.example", "sales-team@x.example"],
  ])("%s is a shared mailbox", (address) => {
    expect(addressWarning(address)).toBe("role_address");
  });

  it.each([
    "dana@x.example",
    "info.mueller@x.example",
    "sally.sales@x.example",
    "norepl@x.example",
    "t.all@x.example",
  ])("%s is somebody's own", (address) => {
    expect(addressWarning(address)).toBeNull();
  });
});
