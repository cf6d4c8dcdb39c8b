import { describe, expect, it } from "vitest";
import { dateRange, isDuration } from "./date-range.ts";

describe("a span of time", () => {
  it.each([
    "Apr 2023 - Present · 2 yrs 1 mo",
    "December 2008 – Present (6 years 9 months)",
    "2007 – Present (8 years)",
    "Feb 2022 - Present 2 years 2 months",
    "Feb. 2024–Heute · 2 Jahre 8 Monate",
    "févr. 2024 - aujourd’hui · 2 ans 8 mois",
    "feb. 2024 - actualidad · 2 años 8 meses",
    "feb 2024 - Presente · 2 anni 8 mesi",
    "fev de 2024 - o momento · 2 anos",
    "feb 2024 - heden · 2 jaar",
    "feb. 2024 – nu · 2 år",
    "lut 2024 – obecnie · 2 lata",
    "февр. 2024 – настоящее время · 2 г. 8 мес.",
    "Şub 2024 - Halen · 2 yıl",
    "thg 2 2024 - Hiện tại · 2 năm",
    "2024年2月 - 现在 · 2 年 8 个月",
    "2024年2月 – 現在 · 2年 8ヶ月",
    "2024년 2월 - 현재 · 2년 8개월",
    "فبراير ٢٠٢٤ - الحالي",
    "02/2024 – do současnosti",
    "Nov 2021 to Present · 2 yrs 9 mos",
  ])("%j still runs", (text) => {
    expect(dateRange(text)).toEqual({ current: true });
  });

  it.each([
    "2019 – 2024",
    "May 2016 – May 2016",
    "Dec. 2019–Aug. 2021 · 1 Jahr 9 Monate",
    "2019年12月 - 2021年8月 · 1 年 9 个月",
    "12/2019 – 08/2021",
    "янв. 2019 – авг. 2021 · 2 г. 8 мес.",
    "Apr 2019 - Feb 2020 11 months",
  ])("%j is over", (text) => {
    expect(dateRange(text)).toEqual({ current: false });
  });

  it.each([
    "Present",
    "2024",
    "Full-time · 5 yrs 3 mos",
    "Issued Apr 2024 · Expires Apr 2025",
    "Led the 2019 - 2020 relaunch of our shop - with a team of nine",
    "Stockholm, Sweden · Hybrid",
    "COVID-19 response",
    "",
  ])("%j is none", (text) => {
    expect(dateRange(text)).toBeNull();
  });
});

it("a duration is how long, not where or what", () => {
  const durations = [
    "5 yrs 3 mos",
    "Full-time · 5 yrs 3 mos",
    "2年3ヶ月",
    "1 Jahr 9 Monate",
    "2 г. 8 мес.",
    "8 mos",
  ];
  expect(durations.filter((text) => !isDuration(text))).toEqual([]);
  expect(["24 Hour Fitness", "3M", "7-Eleven", "Acme", "Feb 2024"].filter(isDuration)).toEqual([]);
});
