import { describe, expect, it } from "vitest";
import { phoneLink } from "./phone-link.ts";

describe("a phone link", () => {
  it.each([
    ["+351 21 000 1234", "tel:+351210001234"],
    ["(+49) 30 / 1234-56", "tel:+4930123456"],
    ["+44 (0)20 7946 0000", "tel:+442079460000"],
    ["020 7946 0000", "tel:02079460000"],
    ["+1 415 555 0100 ext. 12", "tel:+14155550100;ext=12"],
    ["+1 415 555 0100x12", "tel:+14155550100;ext=12"],
  ])("of %s is what a telephone dials", (written, link) => {
    expect(phoneLink(written, "tel")).toBe(link);
  });

  it("of a text message has no extension: none can be written to", () => {
    expect(phoneLink("+1 415 555 0100 ext. 12", "sms")).toBe("sms:+14155550100");
  });

  it("is none where nothing could be dialled, whatever was typed there", () => {
    for (const written of [null, "", "unknown", "12", "javascript:alert(1)", "1".repeat(40)]) {
      expect(phoneLink(written, "tel")).toBeNull();
    }
  });
});
