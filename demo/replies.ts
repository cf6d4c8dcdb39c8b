/** Mails people send back, as their programs write them. Pure. */
import type { AcceptedMail } from "./mail-server.ts";

const mail = (headers: [string, string][], body: string): string =>
  [...headers.map(([name, value]) => `${name}: ${value}`), "", body].join("\r\n");

const idOf = (from: string, answered: AcceptedMail, kind: string) =>
  `<${kind}.${answered.order}.${from.replace(/[^a-z0-9]/gi, ".")}@mail.example>`;

const thread = (answered: AcceptedMail): [string, string][] => [
  ["In-Reply-To", answered.messageId],
  ["References", [...answered.references, answered.messageId].join(" ")],
];

const subjectOf = ({ subject }: AcceptedMail) => (/^re:/i.test(subject) ? subject : `Re: ${subject}`);

export const humanReply = (from: string, answered: AcceptedMail, at: number, text: string): string =>
  mail(
    [
      ["From", from],
      ["To", answered.from],
      ["Subject", subjectOf(answered)],
      ["Date", new Date(at).toUTCString()],
      ["Message-ID", idOf(from, answered, "reply")],
      ...thread(answered),
      ["MIME-Version", "1.0"],
      ["Content-Type", "text/plain; charset=utf-8"],
    ],
    `${text}\r\n\r\n> ${subjectOf(answered)}\r\n`,
  );

export const outOfOffice = (from: string, answered: AcceptedMail, at: number, text: string): string =>
  mail(
    [
      ["From", from],
      ["To", answered.from],
      ["Subject", `Automatic reply: ${answered.subject}`],
      ["Date", new Date(at).toUTCString()],
      ["Message-ID", idOf(from, answered, "away")],
      ["Auto-Submitted", "auto-replied"],
      ...thread(answered),
      ["MIME-Version", "1.0"],
      ["Content-Type", "text/plain; charset=utf-8"],
    ],
    `${text}\r\n`,
  );

/** RFC 3464: the address does not exist. */
export const hardBounce = (recipient: string, bounced: AcceptedMail, at: number): string => {
  const boundary = `bounce-${bounced.order}`;
  const server = "mx.bayfront.example";
  return mail(
    [
      ["From", `MAILER-DAEMON@${server}`],
      ["To", bounced.from],
      ["Subject", "Undelivered Mail Returned to Sender"],
      ["Date", new Date(at).toUTCString()],
      ["Message-ID", `<bounce.${bounced.order}@${server}>`],
      ["Auto-Submitted", "auto-replied"],
      ["MIME-Version", "1.0"],
      ["Content-Type", `multipart/report; report-type=delivery-status; boundary="${boundary}"`],
    ],
    [
      `--${boundary}`,
      "Content-Type: text/plain; charset=utf-8",
      "",
      `<${recipient}>: 550 5.1.1 no such user`,
      `--${boundary}`,
      "Content-Type: message/delivery-status",
      "",
      `Reporting-MTA: dns; ${server}`,
      "",
      `Final-Recipient: rfc822; ${recipient}`,
      "Action: failed",
      "Status: 5.1.1",
      `Diagnostic-Code: smtp; 550 5.1.1 no such user`,
      `--${boundary}`,
      "Content-Type: text/rfc822-headers",
      "",
      `Message-ID: ${bounced.messageId}`,
      `To: ${recipient}`,
      `Subject: ${bounced.subject}`,
      `--${boundary}--`,
      "",
    ].join("\r\n"),
  );
};
