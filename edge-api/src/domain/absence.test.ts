import { describe, expect, test } from "vitest";
import { awayUntil } from "./absence.ts";

/** Monday 23 November 2026, 09:00 UTC. */
const monday = Date.UTC(2026, 10, 23, 9);
const at = (iso: string) => Date.parse(`${iso}T09:00:00Z`);

const until = (
  text: string,
  over: { now?: number; zone?: string; country?: string | null; subject?: string } = {},
) => {
  const { now = monday, zone = "UTC", country = null, subject = "Automatic reply" } = over;
  return new Date(awayUntil({ subject, text }, { now, zone, country }))
    .toISOString()
    .replace(/T00:00:00.000Z$/, "");
};
const unsaid = "2026-11-30";

describe("the business day after the day they name", () => {
  test.each([
    // Friday 4 December: the business day after it is Monday the 7th. Monday the 7th: Tuesday.
    ["I am out of the office until 4 December with no access to mail.", "2026-12-07"],
    ["I am out of the office until December 4th, 2026.", "2026-12-07"],
    ["I'll be back in the office on Mon. 7 Dec.", "2026-12-08"],
    ["I am away from 24 November to 4 December.", "2026-12-07"],
    ["Annual leave 24 November – 4 December", "2026-12-07"],
    ["Out of office through 2026-12-04.", "2026-12-07"],
    ["On 7 December I will be back.", "2026-12-08"],
    ["I'm out until 4 December and return on the 7th of December.", "2026-12-08"],
    ["I'm out until Wednesday.", "2026-11-26"],
    ["I'm out of office till Monday", "2026-12-01"],
    ["I am traveling until tomorrow.", "2026-11-25"],
    ["Ich bin bis zum 4. Dezember nicht im Büro.", "2026-12-07"],
    ["Ich bin bis einschließlich Freitag, 04.12.2026, abwesend.", "2026-12-07"],
    ["Ab 7.12. bin ich wieder für Sie da.", "2026-12-08"],
    ["Vom 24.11. bis 4.12. bin ich im Urlaub.", "2026-12-07"],
    ["Am Donnerstag bin ich wieder zurück.", "2026-11-27"],
    ["Ich bin bis 4. Jänner im Urlaub.", "2027-01-05"],
    ["Estaré fuera de la oficina hasta el viernes 4 de diciembre.", "2026-12-07"],
    ["Estoy de vacaciones. Vuelvo el lunes.", "2026-12-01"],
    ["Ausente del 24 de noviembre al 4 de diciembre de 2026.", "2026-12-07"],
    ["Je suis absente jusqu’au 4 décembre inclus.", "2026-12-07"],
    ["En congés, de retour le lundi 7 décembre.", "2026-12-08"],
    ["Absent du 24 novembre au 4 décembre", "2026-12-07"],
    ["Sono in ferie fino al 4 dicembre.", "2026-12-07"],
    ["Rientro lunedì 7 dicembre", "2026-12-08"],
    ["Ik ben afwezig t/m 4 december.", "2026-12-07"],
    ["Ik ben vanaf maandag weer terug", "2026-12-01"],
    ["Estou de férias até 4 de dezembro.", "2026-12-07"],
    ["Jag är på semester till och med 4 december.", "2026-12-07"],
    ["Jestem na urlopie do 4 grudnia.", "2026-12-07"],
    ["Jeg er tilbage mandag den 7. december.", "2026-12-08"],
  ])("%s → %s", (text, day) => {
    expect(until(text)).toBe(day);
  });

  test("holidays of the person's country are no business days", () => {
    const text = "Ich bin bis 24. Dezember im Urlaub.";
    expect(until(text)).toBe("2026-12-25");
    expect(until(text, { country: "DE" })).toBe("2026-12-28");
  });

  test("the day is the person's own", () => {
    expect(until("Back on 7 December", { zone: "America/New_York" })).toBe("2026-12-08T05:00:00.000Z");
    // In Auckland it is Tuesday by now, so Wednesday is tomorrow.
    const late = Date.UTC(2026, 10, 23, 20);
    expect(until("Back tomorrow", { zone: "Pacific/Auckland", now: late })).toBe("2026-11-25T11:00:00.000Z");
  });

  test("a mail without words names it in its subject", () => {
    expect(until("", { subject: "Out of office until 4 December: Hello" })).toBe("2026-12-07");
    expect(until("Back on 7 December.", { subject: "Re: our offer until 31 December" })).toBe("2026-12-08");
  });
});

describe("which day a number is", () => {
  test.each([
    ["2/12", null, "2026-12-03"],
    ["12/2", null, "2026-12-03"],
    ["12/2", "US", "2026-12-03"],
    ["1/2/2027", "US", "2027-01-04"],
    ["1/2/2027", "PT", "2027-02-02"],
    ["12/27", "PT", "2026-12-28"],
    ["2.12.26", null, "2026-12-03"],
    ["02-12-2026", null, "2026-12-03"],
  ])("until %s, said in %s, is %s", (written, country, day) => {
    expect(until(`I am away until ${written}, sorry.`, { country })).toBe(day);
  });
});

describe("the year", () => {
  test("rolls over: 3 January, read on 20 December", () => {
    const now = at("2026-12-20");
    expect(until("Out until 3 Jan", { now })).toBe("2027-01-04");
    expect(until("Ich bin bis 3.1. im Urlaub", { now })).toBe("2027-01-04");
  });

  test("does not roll back: a note from the holidays that nobody took down", () => {
    const now = at("2027-01-05");
    expect(until("Out until 27 December", { now })).toBe("2027-01-12");
    expect(until("Out until 27 December 2026", { now })).toBe("2027-01-12");
  });
});

describe("a week, where no day can be read", () => {
  test.each([
    "I am away.",
    "",
    "I am out of the office until further notice.",
    "I am out. Our fair takes place on 4 December in hall 5.",
    "I was out until 20 November.",
    "I am away until 31.02.2027.",
    "I am away. Call +49 30 12-4-2026 or see version 4.12.1.",
    "The office is open until 5.30 pm.",
    "I am away.\n\n> Our offer stands until 4 December.",
    "I am away until 99/99 and back on 0.0.",
  ])("%j", (text) => {
    expect(until(text)).toBe(unsaid);
  });
});

test("a quarter of a year at most, and never before tomorrow, whatever is written", () => {
  expect(until("On parental leave until 1 September 2027")).toBe("2027-02-21");
  expect(until("Out until 4 December 2077")).toBe("2027-02-21");
  expect(until("Out until 23 November")).toBe("2026-11-24");
  for (const text of ["until 0000-00-00", `until ${"1/".repeat(3_000)}`, `${"bis ".repeat(1_000)}5.12.`]) {
    expect(Date.parse(until(text)), text.slice(0, 40)).toBeGreaterThan(monday);
  }
});
