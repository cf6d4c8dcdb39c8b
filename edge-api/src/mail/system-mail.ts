/**
 * Mail from Cadenza itself (sign-in links, invitations, notices), over the transport the engine uses. It stands for
 * nobody's sequence: no outbox, no caps; what is refused is thrown to whoever asked for it.
 */
import MailComposer from "nodemailer/lib/mail-composer";
import { headerProblem } from "../domain/message.ts";
import type { SystemMail } from "../domain/system.ts";
import { type SmtpSettings, smtpTransport } from "./smtp.ts";

/** @param url `smtp://user:password@host:port`, `smtps://…` (TLS from the start) or `smtp+starttls://…`. @throws when it is none. */
export function parseMailUrl(url: string): SmtpSettings {
  const { protocol, hostname, port, username, password } = new URL(url);
  const security = { "smtp:": "none", "smtps:": "tls", "smtp+starttls:": "starttls" }[protocol] as
    | SmtpSettings["security"]
    | undefined;
  if (!security || !hostname) throw new Error("Write smtps://user:password@host:465");
  return {
    host: hostname,
    port: Number(port) || { none: 25, tls: 465, starttls: 587 }[security],
    security,
    user: username ? decodeURIComponent(username) : null,
    password: password ? decodeURIComponent(password) : null,
  };
}

/** @throws what the server said where the mail provably was not taken. */
export async function sendSystemMail(
  mail: SystemMail,
  {
    url,
    from,
    wireTimeoutMs,
    id,
    at,
  }: { url: string; from: string; wireTimeoutMs: number; id: string; at: number },
): Promise<void> {
  for (const value of [mail.to, mail.subject]) {
    const problem = headerProblem(value);
    if (problem) throw new Error(`a header of this mail would hold ${problem}`);
  }
  const messageId = `<${id}@${from.split("@")[1]}>`;
  const composed = new MailComposer({
    from: { name: "Cadenza", address: from },
    to: { name: "", address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId,
    date: new Date(at),
    // RFC 3834: nobody's out-of-office should answer it.
    headers: { "Auto-Submitted": "auto-generated" },
    textEncoding: "quoted-printable",
    newline: "windows",
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const mime = new Uint8Array(await composed.compile().build());
  const outcome = await smtpTransport(parseMailUrl(url), { wireTimeoutMs }).deliver({
    from,
    to: mail.to,
    mime,
    messageId,
    idempotencyKey: messageId,
  });
  // Where nobody can tell, it counts as taken: it is better missed than sent twice.
  if (outcome.kind === "not_sent") throw new Error(`the mail was not taken: ${outcome.detail}`);
}
