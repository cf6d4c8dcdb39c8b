/**
 * An employer's name without what LinkedIn writes around it ("Acme GmbH · Full-time", "Acme logo"), and which of several
 * current roles is the person's work. The role decides, never the headline: a headline only breaks a tie.
 */
import { folded, oneLine } from "./text.ts";

export type Role = { title: string | null; company: string | null; current: boolean };

export function companyName(text: string | null | undefined): string | null {
  const name = oneLine(text)
    .split(/\s+[·•∙]\s+/)[0]!
    .replace(/\s+(?:logo|graphic)$/i, "")
    .replace(hoursAfterName, "")
    .replace(/[\s,;·•]+$/, "")
    .trim();
  return name === "" || isMasked(name) ? null : name;
}

/** Some layouts set nothing between a company and the hours: "Acme Full-time". Only what no company is called. */
const hoursAfterName =
  /\s+(?:(?:full|part)[- ]time|self-employed|vollzeit|teilzeit|temps (?:plein|partiel)|jornada completa|media jornada|tempo pieno|tempo integral|heltid|deltid)$/iu;

export function roleTitle(text: string | null | undefined): string | null {
  const title = oneLine(text).replace(/[\s,;]+$/, "");
  return title === "" || isMasked(title) ? null : title;
}

/** "*****" and "--": LinkedIn shows logged-out readers stars, and members who gave nothing two dashes. */
function isMasked(text: string): boolean {
  return /\*{2}/.test(text) || !/[\p{L}\p{N}]/u.test(text);
}

/** "Full-time", "Selbstständig": how somebody is employed, which stands where a company might. */
export function isEmploymentType(text: string): boolean {
  return employmentTypes.has(folded(text));
}

const employmentTypes = new Set(
  [
    "full-time, part-time, self-employed, freelance, contract, internship, apprenticeship, seasonal, permanent, temporary",
    "permanent full-time, permanent part-time, contract full-time, contract part-time, casual, trainee, co-op",
    "vollzeit, teilzeit, selbstständig, selbständig, freiberuflich, befristet, praktikum, ausbildung, werkstudent, lehre, duales studium",
    "temps plein, temps partiel, indépendant, freelance, cdi, cdd, stage, contrat en alternance, alternance, intérim, saisonnier, profession libérale",
    "jornada completa, media jornada, autónomo, profesional independiente, contrato temporal, prácticas, contrato de prácticas, aprendizaje",
    "a tempo pieno, part-time, autonomo, freelance, contratto, stage, apprendistato, tempo indeterminato, contratto a progetto",
    "tempo integral, meio período, autônomo, temporário, estágio, aprendiz, tempo parcial, trabalho independente, contrato",
    "fulltime, parttime, zelfstandig, contract, stage, leerlingplaats, tijdelijk",
    "heltid, deltid, eget företag, egenföretagare, frilans, kontrakt, praktik, selvstendig, selvstændig, freelancer, vikariat, fuldtid",
    "pełny etat, niepełny etat, samozatrudnienie, umowa zlecenie, staż, полная занятость, частичная занятость, по контракту, стажировка, фриланс",
    "tam zamanlı, yarı zamanlı, serbest çalışan, sözleşmeli, staj, plný úvazek, částečný úvazek, živnostník",
    "正社員, 契約社員, 業務委託, インターン, パートタイム, フルタイム, 全职, 兼职, 实习, 自由职业, 合同工, 全職, 兼職, 정규직, 계약직, 인턴, 프리랜서, 파트타임",
  ].flatMap((line) => line.split(", ").map(folded)),
);

/** The one current role to write to somebody in. Null where none is current. */
export function currentRole<R extends Role>(
  roles: readonly R[],
  hints: { topCardCompany: string | null; headline: string | null },
): R | null {
  const current = roles.filter((role) => role.current && (role.title !== null || role.company !== null));
  const headline = ` ${folded(hints.headline ?? "")} `;
  const named = (text: string | null) =>
    text !== null && folded(text) !== "" && headline.includes(` ${folded(text)} `);
  return (
    current.find((role) => sameCompany(role.company, hints.topCardCompany)) ??
    current.find((role) => named(role.company)) ??
    current.find((role) => named(role.title)) ??
    // LinkedIn puts the role that began last first; a seat on a board is rarely somebody's work.
    current.find((role) => !sideRole.test(role.title ?? "")) ??
    current[0] ??
    null
  );
}

const sideRole =
  /\b(?:board (?:member|of|observer)|member,? .*\bboard|(?:member|chair\w*) of the (?:\w+ )*board|non[- ]executive|advis[oe]r|advisory|volunteer|mentor|angel|investor|trustee|ambassador|beirat|aufsichtsrat|administrateur|consejero|consigliere|conselheiro|bestuurslid|styrelse\w*|styremedlem|bestyrelses\w*)\b/i;

/** Compared without case, accents and legal form. */
export function sameCompany(a: string | null, b: string | null): boolean {
  const bare = (text: string | null) =>
    folded(text ?? "")
      .replace(
        /\b(?:inc|llc|ltd|limited|gmbh|ag|se|kg|sa|sas|sarl|srl|spa|bv|nv|ab|as|aps|oy|plc|corp|corporation|co|company|pty|sro|sp z o o)$/,
        "",
      )
      .trim();
  return bare(a) !== "" && bare(a) === bare(b);
}
