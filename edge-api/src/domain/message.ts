/**
 * One outgoing mail's content: subject, text and HTML from a template and the snapshot kept beside the send, the hash
 * that fixes it, and the names mail knows it by. Called by the tick (fix), the preview (show) and authorise (check).
 * It must never read anything but its arguments. Invariant: the same template and snapshot render the same bytes.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { LinkifyIt } from "linkify-it";
import type { EnrollmentId, SendKey } from "./ids.ts";
import { macOf, sameText } from "./sign.ts";
import { type Rendered, renderTemplate } from "./template.ts";

/** What a send keeps to render itself again: plain JSON, a few kilobytes. `zone` and `renderedAt` freeze "now". */
export type MessageSnapshot = {
  to: string;
  toName: string | null;
  from: string;
  fromName: string | null;
  values: object;
  signature: string | null;
  postalAddress: string | null;
  unsubscribeUrl: string;
  /** Only where mail to the sender is handed to us. */
  unsubscribeMailto?: string;
  replyTo?: string | null;
  renderedAt: number;
  zone: string;
  /** The conversation a follow-up without a subject of its own belongs to; `references` oldest first. */
  thread: { subject: string; references: string[] } | null;
};

export type MessageContent = { subject: string; text: string; html: string };

export type RenderedMessage =
  | { ok: true; content: MessageContent; hash: string }
  | { ok: false; missing: string }
  | { ok: false; error: string };

/** An approved draft is kept as values, so that nothing in it is read as a template, and used as it is, every word. */
export const draftTemplate = { subject: "{{ draft.subject }}", body: "{{ draft.body }}" };

/** Longer subjects are cut by every client, and folded into several encoded words. */
export const maxSubjectLength = 255;

export function renderMessage(
  template: { subject: string | null; body: string },
  snapshot: MessageSnapshot,
): RenderedMessage {
  const problem = envelopeProblem(snapshot);
  if (problem) return { ok: false, error: problem };

  const values = { ...snapshot.values, unsubscribe_url: snapshot.unsubscribeUrl };
  const draft = template === draftTemplate ? draftOf(snapshot) : null;
  const render = (source: string) =>
    draft?.get(source) ?? renderTemplate(source, values, snapshot.renderedAt, snapshot.zone);

  const subject = template.subject?.trim() ? render(template.subject) : threadSubject(snapshot);
  if (!subject.ok) return subject;
  const unfit = subjectProblem(subject.text);
  if (unfit) return { ok: false, error: unfit };

  const body = render(template.body);
  if (!body.ok) return body;
  if (body.text.includes("\0")) return { ok: false, error: "The text holds a NUL character" };
  const text = plainText(body.text);
  if (!text) return { ok: false, error: "The text is empty" };

  const content = { subject: subject.text.trim(), ...bodies(text, snapshot) };
  return { ok: true, content, hash: contentHash(content, snapshot) };
}

/** What keeps rendered words from being a subject; null when nothing does. */
export function subjectProblem(text: string): string | null {
  const problem = headerProblem(text);
  if (problem) return `The subject holds ${problem}`;
  if (!text.trim()) return "The subject is empty";
  return text.length > maxSubjectLength ? `The subject is longer than ${maxSubjectLength} characters` : null;
}

/** Merge values are clipped to a length; what a person approved never is. */
function draftOf({ values }: MessageSnapshot): Map<string, Rendered> {
  const { subject, body } = (values as { draft: { subject: string; body: string } }).draft;
  const whole = (text: string, missing: string): Rendered =>
    text.trim() ? { ok: true, text } : { ok: false, missing };
  return new Map([
    [draftTemplate.subject, whole(subject, "draft.subject")],
    [draftTemplate.body, whole(body, "draft.body")],
  ]);
}

/** Everything the person would see of this mail, and where it goes: two mails of one hash are the same mail. */
export function contentHash(
  content: MessageContent,
  headers: Pick<
    MessageSnapshot,
    "to" | "toName" | "from" | "fromName" | "replyTo" | "unsubscribeUrl" | "unsubscribeMailto" | "thread"
  >,
): string {
  const parts = [
    headers.from,
    headers.fromName,
    headers.to,
    headers.toName,
    headers.replyTo ?? null,
    headers.unsubscribeUrl,
    headers.thread?.references ?? [],
    content.subject,
    content.text,
    content.html,
    // Last and only where it is: what was fixed without one keeps its hash.
    ...(headers.unsubscribeMailto ? [headers.unsubscribeMailto] : []),
  ];
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts))));
}

type Subject = { ok: true; text: string } | { ok: false; error: string };

/** RFC 5322 3.6.5: a reply keeps the subject, with one "Re: ". */
function threadSubject({ thread }: MessageSnapshot): Subject {
  if (!thread?.subject.trim())
    return { ok: false, error: "There is no subject, and no mail before to reply to" };
  const subject = thread.subject;
  if (/^\s*re\s*:/i.test(subject) || subject.length + 4 > maxSubjectLength)
    return { ok: true, text: subject };
  return { ok: true, text: `Re: ${subject}` };
}

function envelopeProblem(snapshot: MessageSnapshot): string | null {
  const headers: [string, string | null | undefined][] = [
    ["recipient's name", snapshot.toName],
    ["sender's name", snapshot.fromName],
    ["recipient's address", snapshot.to],
    ["sender's address", snapshot.from],
    ["reply address", snapshot.replyTo],
    ["unsubscribe link", snapshot.unsubscribeUrl],
    ...(snapshot.thread?.references ?? []).map((id): [string, string] => ["thread's reference", id]),
  ];
  for (const [name, value] of headers) {
    const problem = value ? headerProblem(value) : null;
    if (problem) return `The ${name} holds ${problem}`;
  }
  return null;
}

/** What makes a value unfit for a header; null when it is fit. Such a value is refused, never quietly repaired. */
export function headerProblem(value: string): string | null {
  if (/[\r\n]/.test(value)) return "a line break";
  if (value.includes("\0")) return "a NUL character";
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value)) return "a control character";
  return /\p{Surrogate}/u.test(value) ? "half a character" : null;
}

/** A spreadsheet's odd line breaks become line breaks; other control characters say nothing and go. */
function plainText(text: string): string {
  return text
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n")
    .replace(/[\u0001-\u0008\u000e-\u001f\u007f-\u009f]/g, "")
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/[ \t]+$/gm, "")
    .replace(/^\n+|\n+$/g, "");
}

function bodies(body: string, snapshot: MessageSnapshot): { text: string; html: string } {
  const signature = plainText(snapshot.signature ?? "").replace(/^--\s*\n/, "");
  const address = plainText(snapshot.postalAddress ?? "").replace(/\s*\n\s*/g, ", ");
  const url = snapshot.unsubscribeUrl;
  const alreadyLinked = body.includes(url);
  const lead = address && `${address}. `;
  const optOut = "If you would rather not hear from me, you can";

  const text = [body];
  const html = [...paragraphs(body)];
  if (signature) {
    text.push(`-- \n${signature}`);
    html.push(...paragraphs(signature));
  }
  if (address || !alreadyLinked) {
    text.push(alreadyLinked ? address : `${lead}${optOut} unsubscribe here: ${url}`);
    const link = `${optOut} <a href="${escapeHtml(url)}">unsubscribe here</a>.`;
    const footer = alreadyLinked ? escapeHtml(address) : `${escapeHtml(lead)}${link}`;
    html.push(`<p style="color:#6b7280;font-size:12px">${footer}</p>`);
  }
  return {
    text: `${text.join("\n\n")}\n`,
    html: `<!doctype html>\n<html>\n<head><meta charset="utf-8"></head>\n<body>\n${html.join("\n")}\n</body>\n</html>\n`,
  };
}

function paragraphs(text: string): string[] {
  return text.split(/\n{2,}/).map((paragraph) => `<p>${linked(paragraph).replaceAll("\n", "<br>\n")}</p>`);
}

/** Only what is written as a link becomes one: a bare `acme.com` may be a file name or a typing error. */
const linkify = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: true }).add("ftp:", null).add("//", null);

function linked(text: string): string {
  let html = "";
  let at = 0;
  for (const match of linkify.match(text) ?? []) {
    if (!/^(https?:\/\/|mailto:)/i.test(match.url)) continue;
    html += escapeHtml(text.slice(at, match.index));
    html += `<a href="${escapeHtml(match.url)}">${escapeHtml(match.text)}</a>`;
    at = match.lastIndex;
  }
  return html + escapeHtml(text.slice(at));
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? "");

/** What the signatures in them are for: no other token passes as one. */
const messageIds = "message-id";

export function messageIdOf(key: SendKey & { shard: number }, domain: string, secret: string): string {
  const name = [key.shard, key.enrollmentId, key.stepId, key.cycle]
    .map((part) => part.toString(36))
    .join(".");
  return `<cdz.${name}.${macOf(messageIds, name, secret)}@${domain.toLowerCase()}>`;
}

/** The send a Message-ID names, if we made it. Some servers change the case or drop the brackets. */
export function parseMessageId(id: string, secret: string): (SendKey & { shard: number }) | null {
  if (id.length > 400) return null;
  const match =
    /^<?cdz\.([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([0-9a-z]{13})@[^\s<>@]+>?$/.exec(
      id.trim().toLowerCase(),
    );
  if (!match) return null;
  const [shard, enrollmentId, stepId, cycle] = match.slice(1, 5).map((part) => Number.parseInt(part, 36)) as [
    number,
    number,
    number,
    number,
  ];
  if (!sameText(macOf(messageIds, match.slice(1, 5).join("."), secret), match[5] ?? "")) return null;
  return { shard, enrollmentId: enrollmentId as EnrollmentId, stepId, cycle };
}

/**
 * The one way an address is written here: lower case, domain as A-labels, `+tag` kept. Null for what is not a plain
 * internet address: quoted local parts, comments and address literals exist in RFC 5321 and in no sales list.
 */
export function normaliseEmail(address: string): string | null {
  const trimmed = address.trim().normalize("NFC").toLowerCase();
  const [local, domainPart, ...rest] = trimmed.split("@");
  if (!local || !domainPart || rest.length > 0) return null;
  if (
    !/^[a-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\u{10ffff}]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\u{10ffff}]+)*$/u.test(
      local,
    )
  ) {
    return null;
  }
  if (/[\p{C}\p{Z}]/u.test(trimmed) || utf8ToBytes(local).length > 64) return null;
  const domain = asciiDomain(domainPart);
  if (!domain || utf8ToBytes(local).length + 1 + domain.length > 254) return null;
  return `${local}@${domain}`;
}

export const domainOf = (email: string): string => email.slice(email.lastIndexOf("@") + 1);

function asciiDomain(domain: string): string | null {
  let ascii = domain;
  // The URL parser knows IDNA (UTS 46). It also reads ports, paths, escapes and numbers: none of them may get there.
  if (/[^a-z0-9.-]/.test(domain)) {
    if (/[\u0000-,/:-`{-\u007f]/.test(domain)) return null;
    try {
      ascii = new URL(`http://${domain}`).hostname;
    } catch {
      return null;
    }
  }
  const labels = ascii.split(".");
  if (ascii.length > 253 || labels.length < 2 || /^\d*$/.test(labels.at(-1) ?? "")) return null;
  return labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label)) ? ascii : null;
}
