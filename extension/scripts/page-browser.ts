/**
 * Opens saved pages at the addresses they come from, in a real Chromium, and lets the shipped readers read them. The
 * page's own scripts never run and no request leaves the machine. For `pnpm read-page`, `pnpm new-page` and the tests.
 */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { build, type Rollup } from "vite";
import { launchChromium } from "../../tests/browser/chromium.ts";
import type { SelectorTable } from "../src/page/facts.ts";
import type { Printed } from "../src/page/printed.ts";

export interface PageBrowser {
  read(html: string | Buffer, address: string, prepended?: SelectorTable): Promise<Printed>;
  /** Reads the page after each change. A change is the source of a function that takes the document. */
  readAfterEach(html: string | Buffer, address: string, changes: string[]): Promise<Printed[]>;
  /** Runs an expression in the page, for tests that look at what became of it. */
  ask<Answer>(html: string | Buffer, address: string, expression: string): Promise<Answer>;
  readThenAsk<Answer>(html: string | Buffer, address: string, expression: string): Promise<Answer>;
  close(): Promise<void>;
}

export async function openPageBrowser(): Promise<PageBrowser> {
  const [readers, browser] = await Promise.all([bundleReaders(), launchChromium()]);
  const context = await sealedContext(browser).catch(async (error) => {
    await browser.close();
    throw error;
  });
  const withPage = async <Result>(
    html: string | Buffer,
    address: string,
    use: (page: Page) => Promise<Result>,
  ) => {
    const page = await context.newPage();
    try {
      await show(page, html, address);
      return await use(page);
    } finally {
      await page.close();
    }
  };
  const readIn = async (page: Page, address: string, prepended: SelectorTable = {}): Promise<Printed> => {
    const call = `cadenzaReaders.readAsJson(${JSON.stringify(address)}, ${JSON.stringify(prepended)})`;
    return JSON.parse(await page.evaluate<string>(`(() => { ${readers}\nreturn ${call}; })()`));
  };
  return {
    read: (html, address, prepended) => withPage(html, address, (page) => readIn(page, address, prepended)),
    readAfterEach: (html, address, changes) =>
      withPage(html, address, async (page) => {
        const found: Printed[] = [];
        for (const change of changes) {
          await page.evaluate(`(${change})(document)`);
          found.push(await readIn(page, address));
        }
        return found;
      }),
    ask: (html, address, expression) => withPage(html, address, (page) => page.evaluate(expression)),
    readThenAsk: (html, address, expression) =>
      withPage(html, address, async (page) => {
        await readIn(page, address);
        return page.evaluate(expression);
      }),
    close: () => browser.close(),
  };
}

/** Interception answers what the page asks for; what goes past it (preconnect, prefetch) meets a proxy that is not there. */
const sealedContext = (browser: Browser): Promise<BrowserContext> =>
  browser.newContext({
    serviceWorkers: "block",
    proxy: { server: "http://127.0.0.1:9", bypass: "<-loopback>" },
  });

async function show(page: Page, html: string | Buffer, address: string): Promise<void> {
  let isServed = false;
  await page.route("**/*", (route) => {
    const request = route.request();
    const isThePage = !isServed && request.isNavigationRequest() && request.frame() === page.mainFrame();
    if (!isThePage) return route.abort("aborted");
    isServed = true;
    return route.fulfill({
      body: html,
      contentType: "text/html; charset=utf-8",
      // Not by switching JavaScript off: <noscript> would then be part of the page, as it is for no rep.
      headers: { "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'" },
    });
  });
  await page.goto(address, { waitUntil: "domcontentloaded" });
}

async function bundleReaders(): Promise<string> {
  const entry = new URL("./in-page.ts", import.meta.url).pathname;
  const built = (await build({
    configFile: false,
    logLevel: "error",
    publicDir: false,
    build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "cadenzaReaders" } },
  })) as Rollup.RollupOutput | Rollup.RollupOutput[];
  const chunk = [built].flat()[0]?.output.find((part) => part.type === "chunk");
  if (!chunk) throw new Error("The readers were not bundled.");
  return chunk.code;
}
