/**
 * What a mail that came in is: a person's answer, a machine's, a bounce, a complaint. Called by ingest with a parsed
 * mail. Structure and headers decide wherever they can (RFC 3464, 5965, 5546, 3834), words only where they must.
 * Invariant: what is not surely automatic counts as a person's answer, because an answer stops the sending.
 */
import type { ReplyClass } from "@cadenza/shared/vocabulary";
import { asksToBeLeftAlone } from "./opt-out.ts";

export type DeliveryReport = {
  /** The address as we wrote it (Original-Recipient) where the report knows it, else Final-Recipient. */
  finalRecipient: string | null;
  action: string | null;
  status: string | null;
  originalMessageId: string | null;
  diagnostic?: string | null;
};

export type InboundMail = {
  messageId: string | null;
  inReplyTo: string[];
  references: string[];
  from: string | null;
  to: string[];
  subject: string;
  text: string;
  date: number | null;
  /** By lower-case name; of a repeated header the first. */
  headers: Record<string, string>;
  /** An RFC 3464 delivery report, or what a feedback report says of our mail. */
  report: DeliveryReport | null;
  /** An RFC 5965 report that a person called our mail spam. */
  feedback: boolean;
  /** The iTIP method of a calendar part (`REPLY`, `REQUEST`, …). */
  calendarMethod?: string | null;
};

export function classifyReply(mail: InboundMail): ReplyClass {
  if (mail.feedback) return "complaint";
  if (mail.report) return isFailure(mail, mail.report) ? "bounce" : "auto_reply";
  if (mail.calendarMethod === "REPLY") return "calendar";
  if (isBounceInWords(mail)) return "bounce";
  if (isAutomatic(mail)) return saysAway(mail) ? "out_of_office" : "auto_reply";
  if (isUnsubscribeRequest(mail)) return "unsubscribe_request";
  return "human";
}

/** RFC 3464 2.3.3: `delayed`, `relayed`, `expanded` and `delivered` are news, not failures. */
function isFailure(mail: InboundMail, { action, status }: DeliveryReport): boolean {
  if (action) return action === "failed";
  return status ? status.startsWith("5") : isBounceInWords(mail);
}

/** What a bounce is about: the person's address for good, or for now, or us (reputation, policy, authentication). */
export function bounceKind(mail: InboundMail): "hard" | "soft" | "mailbox" {
  const words = `${mail.report?.diagnostic ?? ""}\n${mail.subject}\n${mail.text.slice(0, wordsMax)}`;
  const status = mail.report?.status ?? statusIn(words);
  const [, kind = "", subject = "", detail = ""] = /^([45])\.(\d+)\.(\d+)$/.exec(status ?? "") ?? [];
  const code = `${subject}.${detail}`;
  // A server's own line says it better than the prose around it, which often explains spam filters in general.
  const about = mail.report?.diagnostic ?? words;
  const isBlocked = blocked.test(about) && !unknownUser.test(about);

  // RFC 3463: X.1.7 and X.1.8 are about the sender's address.
  if (/^1\.[78]$/.test(code)) return "mailbox";
  if (code === "2.2" || fullOrExpired.test(about)) return "soft";
  if (subject === "7") return unknownUser.test(about) && !isBlocked ? "hard" : "mailbox";
  if (isBlocked) return "mailbox";
  if (subject === "1" || /^2\.1$|^4\.(1|4|310)$/.test(code)) return kind === "4" ? "soft" : "hard";
  if (unknownHost.test(about)) return "hard";
  if (kind === "4" || subject === "3" || subject === "4") return "soft";
  return unknownUser.test(words) ? "hard" : "soft";
}

/** How much of a text is read for words: what a mail is, its beginning says. */
const wordsMax = 4_000;

const fullOrExpired =
  /(mailbox|quota|storage|inbox).{0,40}(full|exceed|over)|over.?quota|quota exceeded|message expired|delivery time expired|too long in (the )?queue|retry time(out)? exceeded/i;
const blocked =
  /\b(spam|block(ed|list)?|blacklist(ed)?|denylist|reputation|dmarc|\bspf\b|dkim|policy|banned|spamhaus|rate limit|too many (messages|connections)|relay(ing)? (access )?(denied|not permitted))\b/i;
const unknownUser =
  /(user|recipient|mailbox|address|account|alias)\b.{0,40}(unknown|not found|does ?n[o']t exist|no longer|not exist|disabled|suspended|inactive|unavailable|invalid|rejected)|(no such|unknown|invalid|bad destination|undeliverable) (user|recipient|mailbox|address|account|local|person)|no mailbox|not a known user|doesn't have an? .{0,30}account|not listed in/i;
const unknownHost =
  /(host|domain)\b.{0,30}(unknown|not found|does ?n[o']t exist|no such)|unrouteable|unroutable|nxdomain|no such (host|domain)|name service error|dns (error|failure)/i;

function statusIn(words: string): string | null {
  const enhanced = /(?:^|[^\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(words)?.[1];
  if (enhanced) return enhanced;
  const basic = /(?:^|[^\d.-])([45])[0-5]\d[ -]/.exec(words)?.[1];
  return basic ? `${basic}.0.0` : null;
}

/** Servers that report in prose: the sender of a bounce and a failure in its subject or text. */
function isBounceInWords(mail: InboundMail): boolean {
  if (mail.headers["x-failed-recipients"]) return true;
  const start = mail.text.slice(0, wordsMax);
  const fromServer =
    /^(mailer-daemon|postmaster|mail-daemon|maildelivery|bounces?)\b/i.test(mail.from ?? "") ||
    (isNullPath(mail.headers["return-path"]) && !mail.headers["auto-submitted"]?.includes("replied"));
  if (!fromServer || isAutomaticSubject(mail.subject)) return false;
  if (/\b(delay(ed)?|still (being )?(re)?tr(y|ied|ying)|warning: (message|could not))\b/i.test(mail.subject))
    return false;
  return failureSubject.test(mail.subject) || failureText.test(start);
}

const failureSubject =
  /(undeliver|non.?deliver|delivery.{0,20}(fail|status notification|problem)|fail(ed|ure).{0,20}(deliver|notice|mail)|returned (mail|to sender|message)|mail (system )?(error|failed)|unzustellbar|nicht zugestellt|non (recapitat|consegn|remis)|no se (ha podido|pudo) entregar|onbestelbaar)/i;
const failureText =
  /(could ?n[o']t be (delivered|sent)|(error|trouble|problem) (in )?delivering|permanent errors|invalid user|was not delivered|unable to deliver|wasn't able to deliver|delivery.{0,30}failed|permanent (fatal )?error|no such user|user unknown|undeliverable|did not reach the following|konnte nicht zugestellt werden)/i;

/**
 * RFC 3834 and its relatives. `X-Auto-Response-Suppress` asks *us* not to answer and newsletters carry parts of it; only
 * Exchange's own automatic replies say `All`. A list's copy is automatic, an answer to us that went through a list is not.
 */
function isAutomatic(mail: InboundMail): boolean {
  const { headers } = mail;
  const submitted = (headers["auto-submitted"] ?? "no").trim().toLowerCase();
  return (
    !/^no\b/.test(submitted) ||
    automaticHeaders.some(
      (name) => headers[name] !== undefined && !/^(no|false)$/i.test(headers[name].trim()),
    ) ||
    /^(auto_reply|auto-reply|bulk|junk)\b/i.test(headers.precedence?.trim() ?? "") ||
    /\ball\b/i.test(headers["x-auto-response-suppress"] ?? "") ||
    /report-type="?disposition-notification/i.test(headers["content-type"] ?? "") ||
    isNullPath(headers["return-path"]) ||
    (headers["list-id"] !== undefined && mail.inReplyTo.length === 0) ||
    /^(no-?reply|do-?not-?reply|mailer-daemon|postmaster)@/i.test(mail.from ?? "") ||
    isAutomaticSubject(mail.subject)
  );
}

/** The headers parsing keeps for this file. */
export const automaticHeaders = [
  "x-autoreply",
  "x-autorespond",
  "x-autoresponse",
  "x-auto-reply-from",
  "x-mail-autoreply",
];
export const keptHeaders = [
  ...automaticHeaders,
  "auto-submitted",
  "content-type",
  "list-id",
  "precedence",
  "return-path",
  "x-auto-response-suppress",
  "x-failed-recipients",
];

const isNullPath = (returnPath: string | undefined): boolean => returnPath?.trim() === "<>";

/** What mail programs put before the subject they answer. Anchored: a person's "Re: automatic replies" is no match. */
const isAutomaticSubject = (subject: string): boolean =>
  automaticSubject.test(subject.trim()) || /\bautomatiska atbilde\b/i.test(subject);

const automaticSubject =
  /^[[(*]*\s*(auto(matic(ally)?|mated)?[ -]?(generated )?(reply|response|respon[sd]er?|answer)|out[ -]of[ -](the )?office|ooo\b|away from (my )?(the )?(desk|office|mail)|automatische (antwort|abwesenheit)|abwesenheit|abwesend|réponse automatique|absence du bureau|absent du bureau|respuesta automática|fuera de (la )?oficina|risposta automatica|fuori (sede|ufficio)|automatisch antwoord|afwezig|resposta automática|ausência|automatyczna odpowiedź|odpowiedź automatyczna|autosvar|automatisk svar|automaattinen vastaus|poissa|automatická odpověď|otomatik yanıt|автоответ|自動応答|自动回复)/i;

/** Words of absence, in the subject or near the beginning. Only asked of mail that is known to be automatic. */
const saysAway = (mail: InboundMail): boolean =>
  awayWords.test(`${mail.subject}\n${mail.text.slice(0, wordsMax)}`);

const awayWords =
  /out[ -]of[ -](the |my )?office|\booo\b|(away|travell?ing|absent|on (annual |sick |parental |maternity |paternity )?(leave|vacation|holidays?)|not in the office|limited access to (my )?e?-?mail|return(ing)? (to the office )?on|be back (on|in))\b|abwesen(d|heit)|nicht im (büro|haus)|im urlaub|wieder (erreichbar|im büro|da)|absent|en congés?|en vacances|de retour|fuera de (la )?oficina|ausente|de vacaciones|fuori (sede|ufficio)|in ferie|assente|afwezig|niet aanwezig|met (verlof|vakantie)|férias|ausência|ausente|nieobecn|na urlopie|semester|inte på kontoret|ikke på kontoret|på ferie|lomalla|poissa|mimo kancelář|na dovolené|ofis dışında|отпуске|отсутству|不在|外出|休暇|休假/i;

/** In their own words, or as the subject of a mail without any. */
const isUnsubscribeRequest = ({ text, subject }: InboundMail): boolean =>
  asksToBeLeftAlone(ownLines(text) || (text.trim() ? "" : subject));

/** The text above the quoted mail, in one line. */
export const ownWords = (text: string): string => ownLines(text).replace(/\s+/g, " ").trim();

/** Line by line and bounded, whatever the text is. */
function ownLines(text: string): string {
  const lines = text.slice(0, wordsMax).split("\n");
  const own: string[] = [];
  for (const [place, line] of lines.entries()) {
    const trimmed = line.trim();
    // Mail programs fold "On …, Bob <…> wrote:" where it gets long.
    if (quoteBegins.test(trimmed) || saysWhoWrote.test(`${trimmed} ${lines[place + 1]?.trim() ?? ""}`)) break;
    own.push(trimmed);
  }
  return own.join("\n").trim();
}

const saysWhoWrote =
  /^(on .{5,200}wrote:|am .{5,200}schrieb.{0,100}:|le .{5,200}écrit\s*:|el .{5,200}escribió:|il .{5,200}ha scritto:|em .{5,200}escreveu:|op .{5,200}schreef.{0,100}:)$/i;
const quoteBegins =
  /^(>|-- ?$|-{2,}\s*(original|ursprüngliche|mensaje|message|messaggio|mensagem)|_{5,}|from:|von:|de:|da:|sent from|envoyé de|gesendet von|enviado desde|enviado do|inviato da)/i;
