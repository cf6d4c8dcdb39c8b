/**
 * The bytes of an outgoing mail (RFC 5322, 2045, 8058), for every transport. Invariant: the same input gives the same
 * bytes, so that a provider with idempotency keys can be asked again. It refuses what does not belong in a header.
 */
import MailComposer from "nodemailer/lib/mail-composer";
import { headerProblem, type MessageContent, type MessageSnapshot } from "../domain/message.ts";

/** `date` is when the send was first authorised: a second try is still the same mail. */
export type MimeInput = {
  content: MessageContent;
  snapshot: MessageSnapshot;
  messageId: string;
  date: number;
};

export async function buildMime({ content, snapshot, messageId, date }: MimeInput): Promise<Uint8Array> {
  const references = snapshot.thread?.references ?? [];
  refuseUnfit([
    content.subject,
    messageId,
    snapshot.unsubscribeUrl,
    snapshot.unsubscribeMailto,
    snapshot.from,
    snapshot.fromName,
    snapshot.to,
    snapshot.toName,
    snapshot.replyTo,
    ...references,
  ]);
  const mail = new MailComposer({
    from: person(snapshot.from, snapshot.fromName),
    to: person(snapshot.to, snapshot.toName),
    ...(snapshot.replyTo ? { replyTo: person(snapshot.replyTo, null) } : {}),
    subject: content.subject,
    messageId,
    date: new Date(date),
    ...(references.length > 0 ? { inReplyTo: references.at(-1), references } : {}),
    headers: unsubscribeHeaders(snapshot.unsubscribeUrl, snapshot.unsubscribeMailto),
    text: content.text,
    html: content.html,
    baseBoundary: messageId.replace(/[^0-9a-z]/gi, "").slice(0, 50),
    textEncoding: "quoted-printable",
    newline: "windows",
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return new Uint8Array(await mail.compile().build());
}

const person = (address: string, name: string | null) => ({ address, name: name ?? "" });

/** RFC 8058 asks for HTTPS: a plain link (the demo's) is offered to people, not to mail programs' one click. */
function unsubscribeHeaders(url: string, mailto: string | undefined): Record<string, string> {
  if (!url) return {};
  // RFC 2369: the first one a mail program can follow is taken.
  const link = { "List-Unsubscribe": mailto ? `<${url}>, <${mailto}>` : `<${url}>` };
  return url.startsWith("https://")
    ? { ...link, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }
    : link;
}

function refuseUnfit(values: (string | null | undefined)[]): void {
  for (const value of values) {
    const problem = value ? headerProblem(value) : null;
    if (problem) throw new Error(`A header of this mail holds ${problem}`);
  }
}
