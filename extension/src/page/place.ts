/** Whether a line names a place, as LinkedIn writes places: "Utrecht, Netherlands", "Greater Lyon Area", "Schweden". */
import { folded } from "./text.ts";

/** Sure that it is one: it ends in a country, in any of the languages LinkedIn speaks, or says that it is an area. */
export function isPlace(text: string): boolean {
  if (text.length > 100 || /[|@#/:]|\d{3}/.test(text)) return false;
  const parts = text.split(/\s*[,،、，]\s*/u);
  if (areaWords.test(text)) return true;
  return parts.length <= 4 && countryNames().has(folded(parts.at(-1) ?? ""));
}

/** Could be one: short, no more than commas between capitalised words. */
export function maybePlace(text: string): boolean {
  return isPlace(text) || /^\p{Lu}[\p{L}'’.() -]{1,40}(?:, [\p{L}'’.() -]{2,40}){1,3}$/u.test(text);
}

const areaWords = new RegExp(
  [
    "^(?:greater|großraum|metropolregion|storstockholm|gran|grande|area metropolitana|área metropolitana|zona metropolitana|região metropolitana|ville de|stad) ",
    " (?:area|bay area|metropolitan area|metropolitan region|metropolregion|metropoliregio|metropolitanområde|metropolområde)$",
    " (?:und umgebung|et périphérie|y alrededores|e regi(?:ão|ões)|e dintorni|en omgeving|med omnejd|og omegn|i okolice|a okolí|ve çevresi|и окрестности)$",
    "(?:大都市圏|都市圏|地区|지역)$",
  ].join("|"),
  "iu",
);

const languages =
  "en de fr es it pt nl sv da nb fi pl cs ro hu tr el ru uk ar hi th vi id ms tl zh zh-Hant ja ko".split(" ");
let known: Set<string> | null = null;

/** The names of all countries come from the browser; it has them in every language. */
function countryNames(): Set<string> {
  if (known) return known;
  known = new Set(
    [
      "usa",
      "us",
      "uk",
      "uae",
      "england",
      "scotland",
      "wales",
      "northern ireland",
      "emirates",
      "holland",
      "turkey",
      "czech republic",
      "korea",
      "hong kong",
      "hong kong sar",
      "macau",
    ].map(folded),
  );
  for (const language of languages) {
    const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    for (const region of regionCodes) {
      const name = names.of(region);
      if (name) known.add(folded(name));
    }
  }
  return known;
}

const regionCodes =
  "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW GG JE IM GI FO GL BM KY PR GP RE MQ GF PF NC AW CW HK MO".split(
    " ",
  );
