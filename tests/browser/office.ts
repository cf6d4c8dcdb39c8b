/** The real thing for browser tests: the Worker in workerd, a real mail server, a real Chromium, and a host's pages. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { startWorker } from "../../demo/boot.ts";
import { freePort } from "../../demo/inbox.ts";
import { linkIn, type MailServer, mailPassword, startMailServer } from "../../demo/mail-server.ts";
import { serviceToken, setClock } from "../../demo/office.ts";
import { root } from "../pnpm.ts";
import { launchChromium } from "./chromium.ts";

export type BrowserOffice = {
  url: string;
  browser: Browser;
  mail: MailServer;
  /** What the Worker logged as an error. */
  errors(): string[];
  /** The link in the newest mail to this address; waits until there is one that was not given out before. */
  linkTo(address: string): Promise<string>;
  close(): Promise<void>;
};

export const setupToken = "a-set-up-token-for-this-test";

/**
 * @param startsAt business time stands still there until `setClock` moves it: the demo's Worker then, the only one with
 *   such a clock. Left out, the Worker as it is deployed.
 */
export async function openBrowserOffice(startsAt?: number): Promise<BrowserOffice> {
  const stateDir = mkdtempSync(join(tmpdir(), "cadenza-browser-"));
  const mail = await startMailServer(() => {});
  const log: string[] = [];
  const settings = {
    ...{ port: await freePort(), stateDir },
    secret: crypto.randomUUID() + crypto.randomUUID(),
    serviceToken,
    ...(startsAt === undefined && { config: join(root, "wrangler.toml") }),
    vars: {
      SYSTEM_MAIL_URL: `smtp://cadenza:${mailPassword}@127.0.0.1:${mail.port}`,
      SYSTEM_MAIL_FROM: "cadenza@northwind.example",
      CADENZA_SETUP_TOKEN: setupToken,
    },
  };
  const [browser, worker] = await Promise.all([
    launchChromium(),
    startWorker(settings, (line) => log.push(line)),
  ]);
  if (startsAt !== undefined) await setClock(worker.url, startsAt);
  let read = 0;
  return {
    url: worker.url,
    browser,
    mail,
    errors: () => log.filter((line) => line.startsWith("error")),
    linkTo: async (address) => {
      for (const until = Date.now() + 20_000; Date.now() < until; ) {
        const at = mail.accepted.findLastIndex(({ to }) => to === address);
        if (at >= read) {
          read = at + 1;
          return linkIn(mail.accepted[at]!);
        }
        await new Promise((done) => setTimeout(done, 50));
      }
      throw new Error(`no mail came for ${address}`);
    },
    close: async () => {
      await browser.close();
      await worker.stop();
      await mail.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

export type HostSite = { origin: string; close(): Promise<void> };

/** A host's web server, on an origin of its own: `localhost`, where Cadenza is 127.0.0.1. */
export async function openHostSite(answer: (url: URL) => Promise<Response> | Response): Promise<HostSite> {
  const server = createServer(async ({ url = "/" }, response) => {
    const given = await answer(new URL(url, "http://host.example"));
    response.writeHead(given.status, Object.fromEntries(given.headers));
    response.end(await given.text());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
