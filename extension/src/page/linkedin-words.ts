/**
 * The few words of LinkedIn's own that a reader has to know, in the languages LinkedIn speaks. Structure, addresses and
 * attributes are asked first; a language that is missing here costs a field, never a wrong one.
 */
import { pronouns } from "./person-name-words.ts";
import { folded } from "./text.ts";

const fold = (lines: string[]) => new Set(lines.flatMap((line) => line.split(", ").map(folded)));

const experience = fold([
  "experience, work experience, berufserfahrung, expérience, experiencia, esperienza, experiência, ervaring, werkervaring",
  "erfarenhet, erfaring, arbeidserfaring, erhvervserfaring, kokemus, doświadczenie, zkušenosti, praxe, experiență, tapasztalat",
  "εμπειρία, deneyim, опыт работы, досвід роботи, الخبرة, الخبرات, अनुभव, ประสบการณ์, kinh nghiệm, pengalaman, karanasan",
  "经验, 工作经历, 經驗, 工作經歷, 職歴, 経験, 경력, 경력사항",
]);

/** A heading as the section of somebody's jobs has it. */
export const isExperience = (heading: string) => experience.has(folded(heading));

const current = fold([
  "current, current position, current company, aktuell, aktuelle position, actuel, poste actuel, entreprise actuelle, actual, empresa actual, attuale, posizione attuale",
  "huidig, atual, cargo atual, nuvarande, nåværende, nuværende, obecnie, obecna firma, в настоящее время, şu anki, 現在, 目前, 当前, 현재, entreprise, firma, unternehmen, aktuelles unternehmen",
]);
export const isCurrent = (label: string) => current.has(folded(label));

/** "Current company: Acme. Click to skip to experience card" against "Education: …". */
const companyLabel =
  /compan|unternehmen|firma|entreprise|empresa|azienda|bedrijf|werkgever|företag|virksomhed|bedrift|yritys|společnost|vállalat|компани|компанія|şirket|شركة|कंपनी|บริษัท|công ty|perusahaan|syarikat|公司|企业|企業|会社|勤務先|회사/iu;
export const saysCompany = (label: string) => companyLabel.test(label);

const labels = {
  industry: fold([
    "industry, industries, branche, branchen, secteur, secteurs, secteur d'activité, sector, settore, setor, industria, bransch, bransje, toimiala, branża, obor, отрасль, sektör, 行业, 產業, 業種, 업종, sektor",
  ]),
  headquarters: fold([
    "headquarters, hauptsitz, siège social, siège, sede, sede principal, sede central, sede principale, hoofdkantoor, huvudkontor, hovedkontor, hovedkvarter, pääkonttori, siedziba główna, siedziba, sídlo, штаб-квартира, genel merkez, 总部, 總部, 本社, 본사, sede sociale",
  ]),
  website: fold([
    "website, websites, webseite, site web, sitio web, sito web, webbplats, nettsted, hjemmeside, verkkosivusto, witryna internetowa, web, сайт, веб-сайт, web sitesi, 网站, 網站, ウェブサイト, 웹사이트, site",
  ]),
  location: fold([
    "location, standort, ort, lieu, localisation, ubicación, località, localidade, locatie, plats, sted, lokalizacja, местоположение, konum, 所在地, 地点",
  ]),
};
export const isLabel = (label: keyof typeof labels, text: string) => labels[label].has(folded(text));

/** "2nd", "· 3rd+", "2e", "2.", "1:a", "2nd degree connection": how near the viewer is, which only others' profiles show. */
export function isDegree(text: string): boolean {
  return (
    /^[·•\s]*[123]\s?\+?(?:st|nd|rd|er|re|e|eme|ème|è|º|ª|°|\.|\.º|\.ª|a|o|de|ste|:a|:e|-й|-я|-е|次|度|度人脉|촌|차|st\+|nd\+|rd\+|\.\+|e\+|º\+|°\+)?\s?\+?$/iu.test(
      text,
    ) ||
    /^[·•\s]*(?:[123](?:st|nd|rd)(?:\+)?|first|second|third) degree connection$/i.test(text) ||
    /^out of network connection$/i.test(text)
  );
}

/** "• You", "· Sie": the viewer among the results. */
export const isYou = (text: string) =>
  /^[·•]\s*(?:you|sie|du|vous|toi|tú|usted|tu|você|jij|u|dig|deg|dig selv|ty|вы|siz|您|你|自分|나)$/iu.test(
    text,
  );

const badges = fold([
  "open to work, hiring, actively hiring, actively recruiting, premium, verified, influencer, top voice, connected, pending, online, offline, status is online, status is offline, status is reachable",
  "offen für neue angebote, stellt ein, à l'écoute d'opportunités, recrute, buscando empleo, contratando, disponibile a lavorare, aberto a oportunidades, contact info, see more, see less, provides services, viewed, saved, new, message, follow, connect",
]);

/** A line between a name and what tells of the person: pronouns, nearness, badges, separators, hashtags. */
export function isBadge(text: string): boolean {
  return (
    !/[\p{L}\p{N}]/u.test(text) ||
    isDegree(text) ||
    isYou(text) ||
    badges.has(folded(text)) ||
    isPronouns(text) ||
    /^(?:talks about )?#\S+(?:,? (?:and |& )?#\S+)+$/iu.test(text) ||
    / has (?:an? (?:\S+ )?account|verifications?)$/i.test(text)
  );
}

const isPronouns = (text: string) =>
  /^\(?\p{L}{1,8}(?:\s?\/\s?\p{L}{1,8}){1,3}\)?$|^\(\p{L}{1,8}\)$/u.test(text) &&
  text.split("/").every((half) => pronouns.has(half.replace(/[\s()]/g, "").toLowerCase()));

/** "397 connections", "500+", "1.415 Follower", "4K followers". */
export const isCount = (text: string) => /^[\d٠-٩][\d٠-٩.,\s]*[KkMm万천]?\+?(?:\s?\p{L}.*)?$/u.test(text);

/** What LinkedIn calls somebody outside the viewer's network: no name at all. */
export const isNameless = (text: string) => /linkedin/i.test(text) && text.split(" ").length <= 5;
