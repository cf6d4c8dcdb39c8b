/** The real thing for browser tests: the Worker as it is deployed, a real mail server, a real Chromium. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { startWorker } from "../../demo/boot.ts";
import { freePort } from "../../demo/inbox.ts";
import { linkIn, mailPassword, startMailServer } from "../../demo/mail-server.ts";
import { root } from "../pnpm.ts";
import { launchChromium } from "./chromium.ts";

export type BrowserOffice = {
  url: string;
  browser: Browser;
  /** What the Worker logged as an error. */
  errors(): string[];
  /** The link in the newest mail to this address; waits until there is one that was not given out before. */
  linkTo(address: string): Promise<string>;
  close(): Promise<void>;
};

export const setupToken = "a-set-up-token-for-this-test";

export async function openBrowserOffice(): Promise<BrowserOffice> {
  const stateDir = mkdtempSync(join(tmpdir(), "cadenza-browser-"));
  const mail = await startMailServer(() => {});
  const log: string[] = [];
  const settings = {
    ...{ port: await freePort(), stateDir },
    secret: crypto.randomUUID() + crypto.randomUUID(),
    serviceToken: crypto.randomUUID(),
    config: join(root, "wrangler.toml"),
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
  let read = 0;
  return {
    url: worker.url,
    browser,
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
