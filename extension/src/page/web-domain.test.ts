import { describe, expect, it } from "vitest";
import { companyLabels, isBorneOut } from "./web-domain.ts";

describe("a company's name", () => {
  it.each([
    ["Contoso Labs", "dana@contoso-labs.example", ""],
    ["Contoso", "dana@contosolabs.example", ""],
    ["Contoso Labs International GmbH", "dana@contosolabs.example", ""],
    ["Northern Gas Works", "dana@ngw.co.uk", ""],
    ["Atelier Lumen", "dana@mail.atelier-lumen.example", ""],
    ["Müller & Söhne", "dana@gmail.com", "www.mueller.example | muller-sohne.example"],
  ])("%s is borne out by %s", (name, email, text) => {
    expect(isBorneOut(name, companyLabels(email, text))).toBe(true);
  });

  it.each([
    ["Berlin", "dana@contoso.example", ""],
    ["Gmail", "dana@gmail.com", ""],
    ["LinkedIn", "dana@contoso.example", "linkedin.com/in/dana"],
    ["Co", "dana@contoso.example", ""],
    ["Contoso", "dana@other.co.uk", ""],
    ["", "dana@contoso.example", ""],
  ])("%j is not borne out by %s", (name, email, text) => {
    expect(isBorneOut(name, companyLabels(email, text))).toBe(false);
  });
});
