/**
 * Raw bytes → an InboundMail. Called by both ways in, with bytes anybody may have written: it never throws, it reads what
 * can be read, and all it keeps is bounded. The caller bounds the bytes.
 */
import PostalMime, { type Address, type Attachment, type Email } from "postal-mime";
import { type DeliveryReport, type InboundMail, keptHeaders } from "../domain/inbound.ts";
import { normaliseEmail } from "../domain/message.ts";

/** Twenty times a long mail; what a person wrote stands at its beginning. */
const maxText = 200_000;
const maxHtml = 1_000_000;
const maxReferences = 100;
const maxAddresses = 100;
const maxHeader = 1_000;
/** Where a mail can't be parsed whole, its first headers still may. */
const maxHeadBytes = 262_144;

const mailHeaders = [
  "from",
  "sender",
  "reply-to",
  "to",
  "date",
  "message-id",
  "in-reply-to",
  "subject",
  "received",
  "return-path",
  "mime-version",
  "content-type",
];

/** Null where the bytes are no mail. */
export async function parseInbound(raw: ArrayBuffer | Uint8Array | string): Promise<InboundMail | null> {
  const bytes = typeof raw === "string" ? new TextEncoder().encode(raw) : new Uint8Array(raw);
  const email = (await parse(bytes)) ?? (await parse(headOf(bytes)));
  return email && inboundOf(email);
}

/** Every attached message stays an attachment: what it says must not be read as the sender's words. */
async function parse(bytes: Uint8Array): Promise<Email | null> {
  try {
    return await PostalMime.parse(bytes, { forceRfc822Attachments: true, maxNestingDepth: 50 });
  } catch {
    return null;
  }
}

function headOf(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i < Math.min(bytes.length, maxHeadBytes); i += 1) {
    if (bytes[i] === 10 && (bytes[i + 1] === 10 || (bytes[i + 1] === 13 && bytes[i + 2] === 10)))
      return bytes.subarray(0, i);
  }
  return bytes.subarray(0, maxHeadBytes);
}

function inboundOf(email: Email): InboundMail | null {
  const headers: Record<string, string> = {};
  for (const { key, value } of email.headers) {
    if (keptHeaders.includes(key) && !Object.hasOwn(headers, key)) headers[key] = value.slice(0, maxHeader);
  }
  const text = (email.text ?? textOf(email.html ?? "")).replaceAll("\r\n", "\n").slice(0, maxText);
  // A mail says at least one of these (RFC 5322 asks for two); what says none is no mail, whatever its bytes.
  if (!email.headers.some(({ key }) => mailHeaders.includes(key.trim().toLowerCase()))) return null;

  const part = (type: string) => email.attachments.find((attachment) => attachment.mimeType === type) ?? null;
  const feedback = part("message/feedback-report");
  const status = part("message/delivery-status") ?? part("message/global-delivery-status");
  const original = part("message/rfc822") ?? part("text/rfc822-headers") ?? part("message/global");
  const originalMessageId = original ? messageIdIn(contentOf(original)) : null;
  const date = email.date ? Date.parse(email.date) : Number.NaN;

  return {
    messageId: idsIn(email.messageId)[0] ?? null,
    inReplyTo: idsIn(email.inReplyTo),
    references: idsIn(email.references, proseIds(headers, text)),
    from: addressesOf(email.from ? [email.from] : [])[0] ?? daemonOf(email.from),
    to: addressesOf([...(email.to ?? []), ...(email.cc ?? [])]),
    subject: (email.subject ?? "").replace(/\s+/g, " ").trim().slice(0, maxHeader),
    text,
    date: Number.isNaN(date) ? null : date,
    headers,
    report: status || feedback ? reportOf(status ? contentOf(status) : "", originalMessageId) : null,
    feedback:
      feedback !== null && !/^feedback-type:\s*(not-spam|auth-failure|dkim)/im.test(contentOf(feedback)),
    calendarMethod: email.attachments.find(({ method }) => method)?.method ?? null,
  };
}

/** RFC 3464: the failed recipient's fields, else the first's. Our mails have one recipient. */
function reportOf(status: string, originalMessageId: string | null): DeliveryReport {
  const groups = status
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n\s*\r?\n/)
    .map(fieldsOf);
  const recipients = groups.filter((fields) => fields["final-recipient"] || fields.action);
  const fields = recipients.find(({ action }) => /^failed/i.test(action ?? "")) ?? recipients[0] ?? {};
  const address = (value = "") =>
    normaliseEmail((value.split(";").at(-1) ?? "").trim().replace(/^<|>$/g, ""));
  return {
    finalRecipient: address(fields["original-recipient"]) ?? address(fields["final-recipient"]),
    action: /^[a-z]+/i.exec(fields.action ?? "")?.[0].toLowerCase() ?? null,
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.status ?? "")?.[0] ?? null,
    originalMessageId,
    diagnostic: fields["diagnostic-code"]?.slice(0, maxHeader) ?? null,
  };
}

function fieldsOf(block: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon > 0) fields[line.slice(0, colon).trim().toLowerCase()] ??= line.slice(colon + 1).trim();
  }
  return fields;
}

/** A bounce in prose quotes the mail it is about: its Message-ID is the only thread there is. */
function proseIds(headers: Record<string, string>, text: string): string[] {
  if (!headers["x-failed-recipients"] && headers["return-path"]?.trim() !== "<>") return [];
  const id = messageIdIn(text);
  return id ? [id] : [];
}

const messageIdIn = (source: string): string | null =>
  /^[ \t>]{0,8}message-id:\s{0,80}(<[^<>\s]{1,400}>)/im.exec(source)?.[1] ?? null;

function idsIn(header: string | undefined, more: string[] = []): string[] {
  const ids = header?.slice(0, 64_000).match(/<[^<>\s]{1,400}>/g) ?? [];
  return [...new Set([...ids.slice(0, 1), ...ids.slice(1).slice(-(maxReferences - 2)), ...more])].slice(
    0,
    maxReferences,
  );
}

function addressesOf(addresses: Address[]): string[] {
  const flat = addresses.flatMap((address) => address.group ?? [address]);
  const written = flat.slice(0, maxAddresses).map(({ address }) => address?.trim().slice(0, 320) ?? "");
  return written.flatMap((address) => (address ? [normaliseEmail(address) ?? address.toLowerCase()] : []));
}

/** `From: MAILER-DAEMON` or `MAILER-DAEMON <>`: a name where an address should be. */
const daemonOf = (from: Address | undefined): string | null =>
  /^(mailer-daemon|postmaster)$/i.test(from?.name ?? "") ? (from?.name ?? "").toLowerCase() : null;

function contentOf({ content }: Attachment): string {
  const bounded =
    typeof content === "string" ? content.slice(0, maxText) : new Uint8Array(content).subarray(0, maxText);
  return typeof bounded === "string" ? bounded : new TextDecoder().decode(bounded);
}

/** An HTML mail's words. One pass, whatever the markup: no expression here may run twice over the same text. */
function textOf(html: string): string {
  const source = html.slice(0, maxHtml);
  const lower = source.toLowerCase();
  let text = "";
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf("<", at);
    if (open < 0) break;
    text += source.slice(at, open);
    const close = source.indexOf(">", open);
    if (close < 0) return decodeEntities(text);
    at = close + 1;
    const name = /^\/?[a-z0-9]+/.exec(lower.slice(open + 1, open + 12))?.[0] ?? "";
    if (name === "style" || name === "script") {
      const end = lower.indexOf(`</${name}`, at);
      at = end < 0 ? source.length : end;
    }
    if (/^(br|\/p|\/div|\/tr|\/h[1-6]|\/li|blockquote|hr)$/.test(name)) text += "\n";
  }
  return decodeEntities(text + source.slice(at));
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " ", "#39": "'" };
const decodeEntities = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_whole, name: string) => entities[name] ?? "");
