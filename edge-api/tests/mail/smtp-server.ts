/**
 * A real SMTP server for the tests that run in workerd: vitest starts it once, in Node (`globalSetup`). What it does
 * with a mail is said by the recipient's local part; what it took is asked for over HTTP.
 */
import http from "node:http";
import type net from "node:net";
import { SMTPServer } from "smtp-server";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    smtp: { port: number; inbox: string };
  }
}

export type TakenMail = { to: string; from: string; raw: string; dropped: boolean };

const refusals: [RegExp, number, string][] = [
  [/^refuse550/, 550, "5.1.1 no such user here"],
  [/^later451/, 451, "4.7.1 try again later"],
];

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const taken: TakenMail[] = [];
  const tries = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onAuth: ({ password }, _session, done) =>
      password?.startsWith("right")
        ? done(null, { user: "robin" })
        : done(refused(535, "5.7.8 wrong password")),
    onRcptTo: ({ address }, _session, done) => {
      tries.set(address, (tries.get(address) ?? 0) + 1);
      const [, code, text] = refusals.find(([pattern]) => pattern.test(address)) ?? [];
      // Who is greylisted is let in the second time.
      const knocking = /^greylist/.test(address) && tries.get(address) === 1;
      if (knocking) return done(refused(450, "4.2.0 greylisted"));
      // As real ones do, it says whom it means.
      return code ? done(refused(code, `${text} <${address}>`)) : done();
    },
    onData: (stream, session, done) => {
      let raw = "";
      stream.on("data", (chunk: Buffer) => {
        raw += chunk;
      });
      stream.on("end", () => {
        const to = session.envelope.rcptTo[0]!.address;
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
        if (/^refuse-data/.test(to)) return done(refused(554, "5.6.0 message refused"));
        const dropped = /^(drop-after-data|stall)/.test(to);
        taken.push({ to, from, raw, dropped });
        if (/^stall/.test(to)) return;
        if (dropped) return socketOf(server, session.id)?.destroy();
        done(null, "2.0.0 taken");
      });
    },
  });
  server.on("error", () => {});
  const inbox = http.createServer((request, response) => {
    const to = new URL(request.url!, "http://x").searchParams.get("to");
    const mails = taken.filter((mail) => mail.to === to);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ mails, tries: tries.get(to ?? "") ?? 0 }));
  });
  const listening = server.listen(0, "127.0.0.1");
  await new Promise<void>((done) => inbox.listen(0, "127.0.0.1", done));
  if (!listening.listening) await new Promise<void>((done) => listening.once("listening", done));
  const port = (at: { address(): unknown }) => (at.address() as net.AddressInfo).port;
  project.provide("smtp", { port: port(listening), inbox: `http://127.0.0.1:${port(inbox)}` });
  return async () => {
    inbox.closeAllConnections();
    inbox.close();
    // A stalled connection never ends by itself.
    for (const { _socket } of server.connections as Set<{ _socket: net.Socket }>) _socket.destroy();
    await new Promise<void>((done) => server.close(done));
  };
}

function refused(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

const socketOf = (server: SMTPServer, id: string): net.Socket | undefined =>
  [...(server.connections as Set<{ session: { id: string }; _socket: net.Socket }>)].find(
    ({ session }) => session.id === id,
  )?._socket;
