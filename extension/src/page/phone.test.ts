import { describe, expect, it } from "vitest";
import { phoneIn } from "./phone.ts";

describe("a signature's telephone number", () => {
  it.each([
    ["+1 (555) 010-0142 | contoso-labs.example", "+1 (555) 010-0142"],
    ["Tél. : +33 1 99 00 12 34", "+33 1 99 00 12 34"],
    ["M: 0170 9990123", "0170 9990123"],
    ["555-010-0199", "555-010-0199"],
    ["電話: 03-9900-1234", "03-9900-1234"],
    ["Fax: +1 555 010 0000 | Direct: +1 555 010 0001", "+1 555 010 0001"],
  ])("stands in %j", (line, phone) => {
    expect(phoneIn([line])).toBe(phone);
  });

  it.each([
    ...[
      "Fax: +49 40 9990 1234",
      "HRB 123456",
      "IBAN DE00 1234 5678 9012 3456 78",
      "2026-03-05",
      "20457 Hamburg",
    ],
    ...[
      "Founded 1998-2026",
      "VAT 123 456 789",
      "Room 12 345 678",
      "+12",
      `+${"1".repeat(40)}`,
      "Hafenstr. 7",
    ],
  ])("is not taken from %j", (line) => {
    expect(phoneIn([line])).toBeNull();
  });
});
