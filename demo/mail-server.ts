/**
 * The mail servers the demo's mailboxes and Cadenza itself speak to: real SMTP, with sign-in. It writes down every mail it accepts, which
 * is what the demo's promises are checked against, and on request it behaves as badly as servers do.
 */
import { SMTPServer } from "smtp-server";

export type AcceptedMail = {
  order: number;
  messageId: string;
  inReplyTo: string | null;
  references: string[];
  from: string;
  to: string;
  subject: string;
  unsubscribeUrl: string | null;
  user: string;
  raw: Buffer;
};

/** A mail that was accepted and whose 250 is held back. */
export type HeldMail = { mail: AcceptedMail; release(): void };

export type MailServer = {
  port: number;
  /** In the order in which they were accepted, doubles included. */
  accepted: AcceptedMail[];
  refused: number;
  /** Holds back the 250 of the next mail that fits; answers once it was accepted. */
  holdNext(fits: (mail: AcceptedMail) => boolean): Promise<HeldMail>;
  /** Says "try again later" to the first mail for this address, before accepting anything. */
  greylist(address: string): void;
  close(): Promise<void>;
};

export const mailPassword = "demo-app-password";

export async function startMailServer(onAccepted: (mail: AcceptedMail) => void): Promise<MailServer> {
  const accepted: AcceptedMail[] = [];
  const greylisted = new Set<string>();
  let trap: { fits: (mail: AcceptedMail) => boolean; caught: (held: HeldMail) => void } | null = null;

  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      password === mailPassword ? done(null, { user: username }) : done(new Error("Wrong password")),
    onRcptTo: ({ address }, _session, done) => {
      if (!greylisted.delete(address)) return done();
      record.refused++;
      done(Object.assign(new Error("4.2.0 Greylisted, try again later"), { responseCode: 451 }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = readMail(Buffer.concat(chunks), accepted.length + 1, {
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address).join(", "),
          user: String(session.user ?? ""),
        });
        accepted.push(mail);
        onAccepted(mail);
        if (!trap?.fits(mail)) return done();
        const { caught } = trap;
        trap = null;
        caught({ mail, release: () => done() });
      });
    },
  });
  // A client that dies in the middle of a mail is part of the story.
  server.on("error", () => {});
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));

  const record: MailServer = {
    port: (server.server.address() as { port: number }).port,
    accepted,
    refused: 0,
    holdNext: (fits) => new Promise((caught) => (trap = { fits, caught })),
    greylist: (address) => greylisted.add(address),
    close: () => new Promise((closed) => server.close(() => closed())),
  };
  return record;
}

/** The first link of a mail's text, which is quoted-printable: soft line breaks go, and `=3D` is `=`. */
export function linkIn({ raw }: Pick<AcceptedMail, "raw">): string {
  const text = raw
    .toString("latin1")
    .replace(/=\r?\n/g, "")
    .replace(/=3D/g, "=");
  const [link] = /https?:\/\/\S+/.exec(text) ?? [];
  if (!link) throw new Error(`there is no link in this mail:\n${text}`);
  return link;
}

function readMail(
  raw: Buffer,
  order: number,
  envelope: { from: string; to: string; user: string },
): AcceptedMail {
  const [head = ""] = raw.toString("utf8").split(/\r?\n\r?\n/, 1);
  const unfolded = head.replace(/\r?\n[ \t]+/g, " ");
  const header = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, "im").exec(unfolded)?.[1]?.trim() ?? null;
  return {
    order,
    messageId: header("Message-ID") ?? "",
    inReplyTo: header("In-Reply-To"),
    references: header("References")?.split(/\s+/) ?? [],
    subject: header("Subject") ?? "",
    unsubscribeUrl: /<(https?:[^>]+)>/.exec(header("List-Unsubscribe") ?? "")?.[1] ?? null,
    raw,
    ...envelope,
  };
}
