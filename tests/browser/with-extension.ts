/** A Chromium with the extension as it is built for the store, and what tests do to its worker. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { builtExtension, ensureExtensionBuilt } from "../../extension/build.ts";
import { findChromium } from "./chromium.ts";

export type BrowserWithExtension = {
  context: BrowserContext;
  id: string;
  /** One of the extension's own pages, in a tab. */
  open(page: "sidepanel" | "options"): Promise<Page>;
  /**
   * Ends the background worker, as the browser does whenever it likes.
   * @param page one of the extension's: another tab in front would be another person in view.
   */
  killWorker(page: Page): Promise<void>;
  close(): Promise<void>;
};

/**
 * @param granted hosts a person has allowed: the browser asks for them in a window no test reaches, so that answer
 *   stands in the manifest. Everything else is as it was built.
 */
export async function launchWithExtension(granted: string[]): Promise<BrowserWithExtension> {
  await ensureExtensionBuilt();
  const home = mkdtempSync(join(tmpdir(), "cadenza-extension-"));
  const [folder, profile] = [join(home, "extension"), join(home, "profile")];
  cpSync(builtExtension, folder, { recursive: true });
  const file = join(folder, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  manifest.host_permissions = [...manifest.host_permissions, ...granted];
  writeFileSync(file, JSON.stringify(manifest));

  const executablePath = findChromium();
  const context = await chromium.launchPersistentContext(profile, {
    ...(executablePath && { executablePath }),
    headless: true,
    ignoreDefaultArgs: ["--disable-extensions"],
    viewport: { width: 400, height: 900 },
    reducedMotion: "reduce",
    timezoneId: "Europe/Lisbon",
    locale: "en-GB",
    permissions: ["clipboard-read", "clipboard-write"],
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ...["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"],
      ...["--disable-sync", `--disable-extensions-except=${folder}`, `--load-extension=${folder}`],
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
  context.setDefaultTimeout(20_000);
  const worker = async () => context.serviceWorkers()[0] ?? context.waitForEvent("serviceworker");
  const id = new URL((await worker()).url()).host;
  return {
    context,
    id,
    async open(name) {
      const page = await context.newPage();
      await page.goto(`chrome-extension://${id}/${name}.html`);
      return page;
    },
    async killWorker(page) {
      const session = await context.newCDPSession(page);
      await session.send("ServiceWorker.enable");
      await session.send("ServiceWorker.stopAllWorkers");
      await session.detach();
    },
    async close() {
      await context.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
