import { describe, expect, it } from "vitest";
import { titleBeforeCompany } from "./headline.ts";

describe("a title in a headline", () => {
  it.each([
    ["Head of Growth @ Acme — quiet numbers | ex-Elm", "Acme", "Head of Growth"],
    ["CEO at Acme", "Acme", "CEO"],
    ["Speaker | VP Sales, EMEA at Acme", "Acme", "VP Sales, EMEA"],
    ["Geschäftsführerin bei Müller GmbH", "Müller GmbH", "Geschäftsführerin"],
    ["Directrice commerciale chez Acme", "Acme", "Directrice commerciale"],
    ["Directeur général de l'Acme", "Acme", "Directeur général"],
    ["Directora de ventas en Acme", "Acme", "Directora de ventas"],
    ["Responsabile vendite presso Acme", "Acme", "Responsabile vendite"],
    ["Diretora comercial na Acme", "Acme", "Diretora comercial"],
    ["Verkoopdirecteur bij Acme", "Acme", "Verkoopdirecteur"],
    ["Säljchef på Acme", "Acme", "Säljchef"],
    ["Salgschef hos Acme", "Acme", "Salgschef"],
    ["Dyrektor sprzedaży w Acme", "Acme", "Dyrektor sprzedaży"],
    ["Директор по продажам в Acme", "Acme", "Директор по продажам"],
    ["Founder, Acme", "Acme", "Founder"],
    ["Founder - Acme", "Acme", "Founder"],
    ["株式会社アクメ 営業部長", "株式会社アクメ", "営業部長"],
  ])("%j of somebody at %s is %j", (headline, company, title) => {
    expect(titleBeforeCompany(headline, company)).toBe(title);
  });

  it.each([
    ["CEO at Elm", "Acme"],
    ["CEO at Acmexico", "Acme"],
    ["ex-CEO at Acme", "Acme"],
    ["Formerly VP at Acme", "Acme"],
    ["Helping Acme grow", "Acme"],
    ["Acme", "Acme"],
    ["Researcher.", "Acme"],
    ["CEO at Acme", null],
    [null, "Acme"],
  ])("%j of somebody at %s says nothing", (headline, company) => {
    expect(titleBeforeCompany(headline, company)).toBeNull();
  });
});
