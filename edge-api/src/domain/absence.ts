/**
 * Until when a person is away, as far as their mail program's automatic answer says so. Called by ingest. It reads days
 * that stand beside words of coming back ("until", "bis", "de retour"), in eleven languages, and no others: a meeting, a
 * phone number or our own words must not decide how long somebody is left alone.
 */
import { Temporal } from "temporal-polyfill";
import { type InboundMail, ownWords } from "./inbound.ts";
import { addDelay, isTimeZone } from "./schedule.ts";

/** What is assumed of somebody who does not say; and the longest an automatic answer may keep us from a person. */
const unsaidDays = 7;
const mostDays = 90;
/** Of a day without a year: this far back it is a note nobody took down, further back it is next year's. */
const staleDays = 60;

type Reader = { now: number; zone: string; country: string | null };

/** The midnight of the person's zone that begins the business day after the day they name. Never in the past. */
export function awayUntil(
  mail: Pick<InboundMail, "subject" | "text">,
  { now, zone: said, country }: Reader,
): number {
  // Whatever stands in a contact's row, its mail is dealt with.
  const zone = isTimeZone(said) ? said : "UTC";
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(zone).epochMilliseconds;
  // The subject may quote ours: it is asked only where the text names nothing.
  const named = lastDayIn(ownWords(mail.text), today, country) ?? lastDayIn(mail.subject, today, country);
  if (!named) return startOf(today.add({ days: unsaidDays }));
  const schedule = { windows: [], country, region: null, holidays: [], jitterMinutes: 0 };
  const until = addDelay(startOf(named), { amount: 1, unit: "business_days" }, zone, schedule);
  return Math.min(until, startOf(today.add({ days: mostDays })));
}

/** The latest of the days it names as its end or a return: "from 3 to 14 August, back on the 17th of August". */
function lastDayIn(
  words: string,
  today: Temporal.PlainDate,
  country: string | null,
): Temporal.PlainDate | null {
  const text = plain(words);
  let last: Temporal.PlainDate | null = null;
  for (const match of text.matchAll(dayPattern)) {
    const before = text.slice(Math.max(0, match.index - reach), match.index);
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + reach);
    if (!endsBefore.test(before) && !comesBackAfter.test(after)) continue;
    const day = dayOf(match.groups ?? {}, today, country);
    if (day && (!last || Temporal.PlainDate.compare(day, last) > 0)) last = day;
  }
  return last;
}

/** Without accents and in one line: "jusqu’à" and "jusqu'a" are one word. */
const plain = (words: string): string =>
  words
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[’`´]/g, "'")
    .replace(/[‐-―]/g, "-")
    .replace(/\s+/g, " ")
    .toLowerCase()
    .replaceAll("ł", "l")
    .replaceAll("ø", "o");

function dayOf(
  { iso, a = "", b = "", numericYear, day, month, day2, month2, year, year2, weekday }: Groups,
  today: Temporal.PlainDate,
  country: string | null,
): Temporal.PlainDate | null {
  if (iso) return coming(iso.slice(8), iso.slice(5, 7), iso.slice(0, 4), today);
  if (month ?? month2) {
    return coming(day ?? day2 ?? "", String(monthOf(month ?? month2 ?? "")), year ?? year2, today);
  }
  if (weekday !== undefined) {
    const wanted = weekdays.findIndex((names) => names.includes(weekday));
    if (wanted < 0) return today.add({ days: 1 });
    return today.add({ days: ((wanted + 7 - today.dayOfWeek) % 7) + 1 });
  }
  const dayFirst = coming(a, b, numericYear, today);
  const monthFirst = coming(b, a, numericYear, today);
  if (country === "US") return monthFirst ?? dayFirst;
  if (country !== null) return dayFirst ?? monthFirst;
  // Nobody knows whose 05/12 it is: most people are away for days, not for months.
  if (!dayFirst || !monthFirst) return dayFirst ?? monthFirst;
  return Temporal.PlainDate.compare(dayFirst, monthFirst) < 0 ? dayFirst : monthFirst;
}

type Groups = { [name: string]: string | undefined };

/** Today or later, else null. A day without a year is the one nearest to what people write of. */
function coming(
  day: string,
  month: string,
  year: string | undefined,
  today: Temporal.PlainDate,
): Temporal.PlainDate | null {
  const inYear = (of: number) => {
    try {
      return Temporal.PlainDate.from(
        { year: of, month: Number(month), day: Number(day) },
        { overflow: "reject" },
      );
    } catch {
      return null;
    }
  };
  const earliest = today.subtract({ days: staleDays });
  const found =
    year === undefined
      ? [today.year - 1, today.year, today.year + 1]
          .map(inYear)
          .find((each) => each && Temporal.PlainDate.compare(each, earliest) >= 0)
      : inYear(Number(year) % 100 === Number(year) ? 2000 + Number(year) : Number(year));
  return found && Temporal.PlainDate.compare(found, today) >= 0 ? found : null;
}

const months = [
  "january januar januari janvier janv enero ene gennaio gen janeiro stycznia jan",
  "february februar februari fevrier fevr febrero febbraio fevereiro lutego feb fev",
  "march marz maerz mrz maart mrt mars marzo marco marca mar",
  "april avril avr abril aprile kwietnia apr abr",
  "may mai mayo maggio maio mei maj maja mag",
  "june juni juin junio giugno junho czerwca jun giu",
  "july juli juillet juil julio luglio julho lipca jul lug",
  "august aout agosto augustus augusti sierpnia aug ago",
  "september septembre septiembre setiembre settembre setembro wrzesnia sept sep set",
  "october oktober octobre octubre ottobre outubro pazdziernika oct okt ott out",
  "november novembre noviembre novembro listopada nov",
  "december dezember decembre diciembre dicembre dezembro grudnia dec dez dic",
].map((names) => names.split(" "));
const monthOf = (name: string): number =>
  /^jan/.test(name) ? 1 : months.findIndex((names) => names.includes(name)) + 1;

const weekdays = [
  "monday montag lundi lunes lunedi maandag segunda mandag poniedzialek poniedzialku",
  "tuesday dienstag mardi martes martedi dinsdag terca tisdag tirsdag wtorek wtorku",
  "wednesday mittwoch mercredi miercoles mercoledi woensdag quarta onsdag sroda srody",
  "thursday donnerstag jeudi jueves giovedi donderdag quinta torsdag czwartek czwartku",
  "friday freitag vendredi viernes venerdi vrijdag sexta fredag piatek piatku",
  "saturday samstag samedi sabado sabato zaterdag lordag sobota soboty",
  "sunday sonntag dimanche domingo domenica zondag sondag niedziela niedzieli",
].map((names) => names.split(" "));
const tomorrow = "tomorrow morgen manana demain domani amanha imorgon jutro jutra".split(" ");

const oneOf = (names: string[]) => names.toSorted((a, b) => b.length - a.length).join("|");
const monthNames = `${oneOf(months.flat())}|janner`;
const dayPattern = new RegExp(
  [
    String.raw`(?<!\d)(?<iso>20\d\d-\d\d-\d\d)(?!\d)`,
    String.raw`(?<!\d)(?<day>\d{1,2})(?:st|nd|rd|th|er|\.|o|a)? ?(?:of |de |d')?(?<month>${monthNames})(?!\p{L})(?:[.,]? ?(?:de |del )?(?<year>20\d\d)(?!\d))?`,
    String.raw`(?<!\p{L})(?<month2>${monthNames})\.? (?:the )?(?<day2>\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:,? (?<year2>20\d\d)(?!\d))?`,
    // A phone number, a time and a version have more digits on either side.
    String.raw`(?<![\d/:+,]|\d[.-])(?<a>\d{1,2})(?<mark>[./]|-(?=\d{1,2}-\d)) ?(?<b>\d{1,2})(?:\k<mark> ?(?<numericYear>20\d\d|\d\d)(?!\d)|\.(?!\d)|(?![\d/:.-]| ?(?:am|pm|uhr|h|hrs?|%)(?!\p{L})))`,
    String.raw`(?<!\p{L})(?<weekday>${oneOf([...weekdays.flat(), ...tomorrow])})(?!\p{L})`,
  ].join("|"),
  "gu",
);

/** How far a word may be from its day: "back in my office on the morning of Monday, 5 May". */
const reach = 60;
/** Neither another number nor another sentence lies between; the dot of "Mon." ends none. */
const between = String.raw`(?:[^\d.!?]|(?<=(?<!\p{L})\p{L}{1,3})\.|\.(?! )){0,45}`;
const back =
  "back|return(?:s|ing)?|available|wieder|zuruck|zurueck|erreichbar|retour|reviens|rentre|vuelta|vuelvo|volvere|regreso|regresare|volta|volto|retorno|rientro|rientrero|torno|tornero|terug|bereikbaar|tillbaka|tilbage|tilbake|wracam|wroce";
const until =
  "until|till|til|through|thru|up to|as of|bis|jusqu'(?:au?|en)|a partir d[ueao']*|hasta|fino al?|ate|tot|t/m|t\\.o\\.m";
const lead = String.raw`(?:the |el |le |il |den |\p{L}+[.,]? )?$`;
const endsBefore = new RegExp(
  [
    String.raw`(?<!\p{L})(?:${back}|${until})(?!\p{L})${between}$`,
    // The end of a range: "3 - 14 August", "du 3 au 14 août", "od 3 do 14 sierpnia".
    String.raw`\d[^!?]{0,25}(?:(?<!\p{L})(?:to|au|al|a|och|og|e|y|et)|-) ?${lead}`,
    String.raw`(?<!\p{L})do ${lead}`,
  ].join("|"),
  "u",
);
const comesBackAfter = new RegExp(String.raw`^[^\d.!?]{0,30}(?<!\p{L})(?:${back})(?!\p{L})`, "u");
