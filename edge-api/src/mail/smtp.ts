/**
 * SMTP, in Node and in workerd. One connection and one mail per call: what matters is to know, whatever happens, whether
 * the server can have the mail. nodemailer speaks the protocol; this file owns the socket, the deadline and the verdict.
 *
 * Invariant: until `handedOver` the end of the message has not been written, so nobody can have accepted it; from then
 * on only the server's own words (2xx, 4xx, 5xx) settle it.
 */
import net from "node:net";
import { Readable } from "node:stream";
import tls from "node:tls";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { domainOf, headerProblem } from "../domain/message.ts";
import type { OutgoingMessage, Transport, WireOutcome } from "../domain/transport.ts";

export type SmtpSettings = {
  host: string;
  port: number;
  security: "tls" | "starttls" | "none";
  user: string | null;
  password: string | null;
};

export type SmtpOptions = { wireTimeoutMs: number; ehloName?: string };

/** A host that does not answer is given up earlier than a server that is slow to take a mail. */
const connectTimeoutMs = 15_000;
/** How long a server may take to answer QUIT once it has the mail, before its socket is destroyed. */
const quitTimeoutMs = 1_000;
/** Small, so that backpressure keeps the end of a long message back from a server that does not read. */
const chunkBytes = 16_384;

export function smtpTransport(settings: SmtpSettings, options: SmtpOptions): Transport {
  return {
    class: "blind",
    deliver: async (message) =>
      refusedUnsent(settings, message) ?? (await overTheWire(settings, options, message)),
  };
}

function refusedUnsent(settings: SmtpSettings, { from, to }: OutgoingMessage): WireOutcome | null {
  const recipient = addressProblem(to);
  if (recipient) return notSent("recipient", true, `The recipient's address holds ${recipient}`);
  const sender = addressProblem(from);
  if (sender) return notSent("mailbox", true, `The sender's address holds ${sender}`);
  if (settings.security === "none" && settings.user !== null && !isLoopback(settings.host)) {
    return notSent("mailbox", true, "A password is never sent over an unencrypted connection");
  }
  return null;
}

function addressProblem(address: string): string | null {
  if (!/^[^@]+@[^@]+$/.test(address)) return "no single @";
  return headerProblem(address) ?? (/[\s<>]/.test(address) ? "a space or an angle bracket" : null);
}

const isLoopback = (host: string): boolean =>
  ["127.0.0.1", "localhost", "::1", "[::1]"].includes(host.toLowerCase());

function overTheWire(
  settings: SmtpSettings,
  options: SmtpOptions,
  message: OutgoingMessage,
): Promise<WireOutcome> {
  return new Promise((resolve) => {
    let settled = false;
    let handedOver = false;
    let socket: net.Socket | null = null;
    let connection: SMTPConnection | null = null;

    const finish = (outcome: WireOutcome) => {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      clearTimeout(connectDeadline);
      hangUp(connection, socket, outcome.kind === "sent");
      resolve(withoutPassword(outcome, settings));
    };
    const fail = (error: unknown) => finish(verdict(error as SmtpError, handedOver));
    const expire = (what: string) => () => fail(new Error(what));

    const deadline = setTimeout(expire("The server took too long"), options.wireTimeoutMs);
    const connectDeadline = setTimeout(
      expire("The server could not be reached in time"),
      Math.min(connectTimeoutMs, options.wireTimeoutMs),
    );

    const send = (smtp: SMTPConnection) => {
      if (!speaksUtf8(smtp) && /[^\x00-\x7f]/.test(message.from + message.to)) {
        const scope = /[^\x00-\x7f]/.test(message.to) ? "recipient" : "mailbox";
        return finish(notSent(scope, true, "The server does not take international addresses (SMTPUTF8)"));
      }
      const body = messageStream(message.mime, () => {
        handedOver = true;
      });
      smtp.send({ from: message.from, to: [message.to], size: message.mime.length }, body, (error, info) => {
        if (error) return fail(error);
        if (!handedOver)
          return finish({ kind: "ambiguous", detail: "The server answered before the mail's end" });
        const response = tidy(info?.response ?? "");
        finish({ kind: "sent", providerMessageId: info?.serverMessageId ?? null, response });
      });
    };

    const greet = (opened: net.Socket) => {
      clearTimeout(connectDeadline);
      if (settled) return;
      const smtp = new SMTPConnection({
        host: settings.host,
        port: settings.port,
        connection: opened,
        secure: settings.security === "tls",
        secured: settings.security === "tls",
        requireTLS: settings.security === "starttls",
        ignoreTLS: settings.security === "none",
        name: options.ehloName ?? ehloName(message.from),
        // Our own deadline is the one that counts, and it covers everything.
        connectionTimeout: options.wireTimeoutMs * 2,
        greetingTimeout: options.wireTimeoutMs * 2,
        socketTimeout: options.wireTimeoutMs * 2,
        socketCloseTimeout: 0,
        maxResponseSize: 65_536,
      });
      connection = smtp;
      smtp.on("error", fail);
      // nodemailer sometimes says that it has closed just before it says why.
      smtp.once("end", () => setTimeout(() => fail(new Error("The server closed the connection")), 0));
      smtp.connect((error) => {
        if (settled) return;
        if (error) return fail(error);
        if (settings.user === null) return send(smtp);
        if (!smtp.allowsAuth)
          return finish(notSent("mailbox", true, "The server does not let anyone sign in"));
        smtp.login({ user: settings.user, pass: settings.password ?? "" }, (refused) => {
          if (refused) return fail(refused);
          if (!settled) send(smtp);
        });
      });
    };

    try {
      socket = openSocket(settings, greet, fail);
    } catch (error) {
      fail(error);
    }
  });
}

/** Our own socket: inside workerd nodemailer would check the certificate against the address it resolved. */
function openSocket(
  { host, port, security }: SmtpSettings,
  opened: (socket: net.Socket) => void,
  failed: (error: unknown) => void,
): net.Socket {
  const named = net.isIP(host) ? {} : { servername: host };
  const socket = security === "tls" ? tls.connect({ host, port, ...named }) : net.connect({ host, port });
  // Stays for good: an error nobody listens to would end the process.
  socket.on("error", failed);
  const closed = () => failed(new Error("The server closed the connection"));
  socket.once("close", closed);
  socket.once(security === "tls" ? "secureConnect" : "connect", () => {
    socket.removeListener("close", closed);
    opened(socket);
  });
  return socket;
}

/** The mail as nodemailer reads it. `ending` is called just before it may write the final dot, never later. */
function messageStream(mime: Uint8Array, ending: () => void): Readable {
  let at = 0;
  return new Readable({
    highWaterMark: 1,
    read() {
      if (at < mime.length) {
        this.push(mime.subarray(at, at + chunkBytes));
        at += chunkBytes;
      } else {
        ending();
        this.push(null);
      }
    },
  });
}

/** Leaves a word of goodbye where the mail was taken; destroys the socket in any case. */
function hangUp(connection: SMTPConnection | null, socket: net.Socket | null, politely: boolean): void {
  const destroy = () => {
    connection?.close();
    socket?.destroy();
  };
  if (!politely || !connection) {
    destroy();
    return;
  }
  const timer = setTimeout(destroy, quitTimeoutMs);
  connection.once("end", () => {
    clearTimeout(timer);
    destroy();
  });
  connection.quit();
}

/** The one thing nodemailer knows and does not tell; pinned by a test. */
const speaksUtf8 = (connection: SMTPConnection): boolean =>
  (connection as unknown as { _supportedExtensions: string[] })._supportedExtensions.includes("SMTPUTF8");

const ehloName = (from: string): string =>
  /^[a-z0-9.-]+$/i.test(domainOf(from)) ? domainOf(from) : "localhost";

type SmtpError = Error & { code?: string; command?: string; response?: string; responseCode?: number };

/** What a server says is shown to people and kept; some repeat the command they did not like, signing in included. */
function withoutPassword(outcome: WireOutcome, { user, password }: SmtpSettings): WireOutcome {
  if (!password) return outcome;
  const encoded = [password, `\u0000${user ?? ""}\u0000${password}`].map((text) =>
    btoa(String.fromCharCode(...new TextEncoder().encode(text))),
  );
  const hide = (text: string) =>
    [password, ...encoded].reduce((said, word) => said.replaceAll(word, "…"), text);
  return outcome.kind === "sent"
    ? { ...outcome, response: hide(outcome.response) }
    : { ...outcome, detail: hide(outcome.detail) };
}

/** RFC 5321 4.2.5: a 4xx or 5xx, also to the final dot, says that the server did not take the mail. */
function verdict(error: SmtpError, handedOver: boolean): WireOutcome {
  const detail = tidy(error.response || error.message || "The connection failed");
  const code = error.responseCode ?? 0;
  if (code >= 400 && code <= 599) {
    const { scope, permanent, retryAfterMs } = refusal(error, code);
    return { ...notSent(scope, permanent, detail), retryAfterMs };
  }
  if (handedOver) return { kind: "ambiguous", detail };
  if (error.code === "EMESSAGE") return notSent("message", true, detail);
  if (error.code === "EAUTH") return notSent("mailbox", true, detail);
  return notSent("mailbox", false, detail);
}

type Scope = "message" | "recipient" | "mailbox";
type Refusal = { scope: Scope; permanent: boolean; retryAfterMs: number | null };

/**
 * Who a refusal is about: the enhanced status (RFC 3463) where it is clear, else the command it answers. Only what
 * surely concerns the person counts against the person.
 */
function refusal({ command = "", response = "" }: SmtpError, code: number): Refusal {
  const permanent = code >= 500;
  const status = /^\d{3}[ -][245]\.(\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? "";
  // Gmail's daily limit is a 5xx, and over tomorrow.
  if (status === "4.5") return { scope: "mailbox", permanent: false, retryAfterMs: 3_600_000 };
  return { scope: scopeOf(command, response, code, status), permanent, retryAfterMs: null };
}

function scopeOf(command: string, response: string, code: number, status: string): Scope {
  if (!/^(MAIL FROM|RCPT TO|DATA)$/.test(command)) return "mailbox";
  if ([421, 530, 534, 535, 538].includes(code)) return "mailbox";
  if (/^1\.[78]$|^2\.252$/.test(status) || /relay(ing)?\b.{0,20}\b(denied|not)|authenticat/i.test(response))
    return "mailbox";
  if (status === "3.4" || (command === "MAIL FROM" && code === 552)) return "message";
  if (command === "MAIL FROM") return "mailbox";
  if (command === "RCPT TO" || /^[12]\./.test(status)) return "recipient";
  return "message";
}

function notSent(
  scope: Scope,
  permanent: boolean,
  detail: string,
): Extract<WireOutcome, { kind: "not_sent" }> {
  return { kind: "not_sent", permanent, scope, retryAfterMs: null, detail };
}

/** One line, bounded: it is shown to people and kept in the database. */
const tidy = (text: string): string =>
  text
    .replace(/[\u0000-\u001f\u007f]+/g, " ")
    .trim()
    .slice(0, 500);
