/**
 * A page to read mails on: maildev. In the demo it gets a copy of each mail the mail server accepted; `pnpm dev` lets
 * mailboxes speak to it directly.
 */
import { createServer } from "node:net";
import MailDev from "maildev";
import nodemailer from "nodemailer";
import type { AcceptedMail } from "./mail-server.ts";
import { withoutItsSignals } from "./signals.ts";

export type Inbox = {
  url: string;
  show(mail: AcceptedMail): void;
  /** Waits for what is still on its way. @returns how many mails the page shows. */
  count(): Promise<number>;
  close(): Promise<void>;
};

/** @param port where mail is taken, from anybody and without sign-in; left out, one nobody uses. @throws when it is taken. */
export async function openInbox(port?: number): Promise<Inbox> {
  const [smtp, web] = [port ?? (await freePort()), await freePort()];
  const maildev = await withoutItsSignals(async () => {
    const server = new MailDev({
      smtp,
      web,
      ip: "127.0.0.1",
      webIp: "127.0.0.1",
      silent: true,
      disableWeb: false,
    });
    await new Promise<void>((opened, failed) => server.listen((error) => (error ? failed(error) : opened())));
    return server;
  });
  const relay = nodemailer.createTransport({
    host: "127.0.0.1",
    port: smtp,
    secure: false,
    ignoreTLS: true,
    pool: true,
    maxConnections: 1,
  });
  const url = `http://127.0.0.1:${web}`;
  let pending: Promise<unknown> = Promise.resolve();
  return {
    url,
    show: ({ from, to, raw }) => {
      const shown = relay.sendMail({ envelope: { from, to: to.split(", ") }, raw }).catch(() => {});
      pending = Promise.all([pending, shown]);
    },
    count: async () => {
      await pending;
      const mails = (await (await fetch(`${url}/email`)).json()) as unknown[];
      return mails.length;
    },
    close: async () => {
      relay.close();
      await new Promise<void>((closed) => maildev.close(() => closed()));
    },
  };
}

export async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => found(port));
    });
  });
}
