/** A host's page, a page that is none, and our frame, in a real browser: what CORS, framing and messages really allow. */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { App } from "../../edge-api/src/app.ts";
import { clientFor, exampleOn, openApi, type Registered, registerHostApp } from "../host-app.ts";
import { launchChromium } from "./chromium.ts";

const docs = readFileSync(join(import.meta.dirname, "../../docs/embed.md"), "utf8");
vi.setConfig({ testTimeout: 30_000 });
const servers: Server[] = [];
let browser: Browser;
let context: BrowserContext;
let cadenza: string;
let host: string;
let evil: string;
let victim: Registered;
let theirs: Registered;
/** The policy of the host's pages: no script but their own, no frame but ours. */
const strict = () =>
  `default-src 'none'; script-src 'unsafe-inline'; connect-src 'self' ${cadenza}; frame-src ${cadenza}`;

/** What tests use of a page's window. */
type PageWindow = {
  heard: { type: string; height?: number }[];
  popup: PageWindow;
  arrived: Promise<boolean>;
  open(url: string): PageWindow;
  postMessage(message: unknown, origin: string): void;
  addEventListener(type: "message", listener: () => void): void;
};

type Served = { type: string; body: string; headers?: Record<string, string> };

/** @returns the port; pages are reached as `localhost` or `127.0.0.1`, which are different origins. */
async function serve(answer: (request: IncomingMessage) => Promise<Response> | Served): Promise<number> {
  const server = createServer(async (request, response) => {
    const given = await answer(request);
    if (given instanceof Response) {
      response.writeHead(given.status, Object.fromEntries(given.headers));
      response.end(Buffer.from(await given.arrayBuffer()));
    } else {
      response.writeHead(200, { "content-type": given.type, ...given.headers });
      response.end(given.body);
    }
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

async function passOn(app: App, request: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  const body = chunks.length ? Buffer.concat(chunks) : null;
  const { method = "GET" } = request;
  return app.fetch(
    new Request(`${cadenza}${request.url}`, {
      method,
      headers: new Headers(Object.fromEntries(headers)),
      body,
    }),
  );
}

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");

function tokenOf({ id, kid, secret }: Registered, name: string, heldS = 600): string {
  const now = Math.floor(Date.now() / 1_000);
  const user = { sub: name, email: `${name.toLowerCase()}@northwind.example`, name };
  const claims = encode({ iss: id, aud: cadenza, ...user, iat: now - 120, exp: now + heldS });
  const signed = `${encode({ alg: "HS256", kid })}.${claims}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** The host's page as docs/embed.md has it, for this app. */
const framePage = ({ id }: Registered): string =>
  exampleOn(docs, "browser").replace("https://cadenza.example.com", cadenza).replace("app_…", id);

/** Keeps what comes by message where the test can read it. */
const listen = `<script>window.heard = []; window.addEventListener("message", ({ data }) => heard.push(data));</script>`;

/** Another page with the frame in it, which hands over whatever the test says. */
const barePage = ({ id }: Registered, query = ""): string =>
  `<iframe id="cadenza" width="360" src="${cadenza}/embed/${id}/frame${query}"></iframe>`;

let tokenForPage = "";

beforeAll(async () => {
  let app: App | null = null;
  cadenza = `http://127.0.0.1:${await serve((request) => passOn(app!, request))}`;
  app = openApi(cadenza);
  const pages = () => ({
    "/": { type: "text/html", body: `<title>Host</title>${listen}` },
    "/cadenza-token": { type: "text/plain", body: tokenForPage },
    "/framed": {
      type: "text/html",
      body: `<title>Host</title>${listen}${framePage(victim)}`,
      headers: { "content-security-policy": strict() },
    },
    "/bare": { type: "text/html", body: `<title>Host</title>${listen}${barePage(victim)}` },
    "/bare-named": {
      type: "text/html",
      body: `<title>Host</title>${listen}${barePage(victim, "?entity-type=lead&entity-id=4711&locale=de")}`,
    },
    "/framed-own": { type: "text/html", body: `<title>Evil</title>${listen}${framePage(theirs)}` },
  });
  const site = () => serve(({ url = "/" }) => pages()[url as "/"] ?? pages()["/"]);
  host = `http://localhost:${await site()}`;
  evil = `http://localhost:${await site()}`;
  victim = await registerHostApp(app, "Northwind", [host]);
  theirs = await registerHostApp(app, "Evil & Sons", [evil]);
  const lead = { firstName: "Dana", lastName: "Whitfield", email: "dana@acme.example" };
  for (const [id, person] of [
    ["4711", lead],
    ["4712", { ...lead, firstName: "Maya", email: "maya@acme.example" }],
  ] as const) {
    await clientFor(app, victim.key)("contacts.create", {
      body: { ...person, references: [{ system: "crm", type: "lead", id }] },
    });
  }
  browser = await launchChromium();
  context = await browser.newContext();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  for (const server of servers) server.close();
});

async function open(url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** What a page's own script gets: the answer, or that the browser kept it back. */
const ask = (page: Page, path: string, init: { method?: string; body?: unknown; bearer?: string } = {}) =>
  page.evaluate(
    async ([url, { method = "GET", body, bearer }]) => {
      try {
        const headers: Record<string, string> = {};
        if (body) headers["content-type"] = "application/json";
        if (bearer) headers.authorization = `Bearer ${bearer}`;
        const response = await fetch(url, {
          method,
          headers,
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        const answered = { status: response.status, requestId: response.headers.get("x-request-id") };
        // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came back
        return { ...answered, body: (await response.json()) as any };
      } catch (error) {
        return { status: 0, requestId: null, body: { name: (error as Error).name } };
      }
    },
    [`${cadenza}${path}`, init] as const,
  );

const exchange = (page: Page, token: string) =>
  ask(page, "/v1/embed/session", { method: "POST", body: { token } });
const keptBack = { status: 0, requestId: null, body: { name: "TypeError" } };

describe("a host's page", () => {
  it("exchanges its token, reads, writes, and reads why it is refused", async () => {
    const page = await open(host);
    const { status, body } = await exchange(page, tokenOf(victim, "Robin"));
    expect([status, body.workspace.name]).toEqual([200, "Northwind"]);
    const bearer = body.accessToken;
    const read = await ask(page, "/v1/workspace", { bearer });
    expect(read).toMatchObject({
      status: 200,
      requestId: expect.stringMatching(/^req_/),
      body: { name: "Northwind" },
    });
    const made = await ask(page, "/v1/companies", { method: "POST", body: { name: "Acme" }, bearer });
    expect(made.status).toBe(201);
    const patched = { method: "PATCH", body: { name: "Acme Ltd" }, bearer };
    expect((await ask(page, `/v1/companies/${made.body.id}`, patched)).status).toBe(200);
    expect((await exchange(page, "hello")).body.code).toBe("embed_token_malformed");
    expect((await ask(page, "/v1/api-keys", { bearer })).body.code).toBe("role_missing");
  });

  it("of nobody's, or of another workspace's, gets nothing, with a stolen token, session or key", async () => {
    const own = await open(host);
    const session = (await exchange(own, tokenOf(victim, "Robin"))).body.accessToken;
    const stolen = tokenOf(victim, "Robin");
    const registered = await open(evil);
    expect((await exchange(registered, stolen)).body.code).toBe("embed_origin_refused");
    expect((await ask(registered, "/v1/workspace", { bearer: session })).body.code).toBe(
      "embed_origin_refused",
    );
    expect(await ask(registered, "/v1/workspace", { bearer: victim.key })).toEqual(keptBack);
    const nobodys = await open(evil.replace("localhost", "127.0.0.1"));
    expect(await exchange(nobodys, stolen)).toEqual(keptBack);
    expect(await ask(nobodys, "/v1/workspace", { bearer: session })).toEqual(keptBack);
    expect(await ask(nobodys, "/v1/workspace", { bearer: victim.key })).toEqual(keptBack);
    expect((await ask(nobodys, "/openapi.json")).status).toBe(200);
  });
});

describe("the frame", () => {
  const frameOf = (page: Page) => page.frameLocator("#cadenza");
  const shownIn = (page: Page) => frameOf(page).locator("#who, #what").allTextContents();
  const all = (page: Page) => page.evaluate(() => (globalThis as unknown as PageWindow).heard);
  const heard = async (page: Page) => (await all(page)).filter(({ type }) => type !== "cadenza:height");
  const waitFor = (page: Page, wanted: string) =>
    page.waitForFunction(
      (type) => (globalThis as unknown as PageWindow).heard.some((message) => message.type === type),
      wanted,
    );
  /** Says something to the frame, as the page around it. */
  const tell = (page: Page, message: unknown) =>
    page.evaluate(
      ([what, to]) => {
        const frame = (globalThis as unknown as { cadenza: { contentWindow: PageWindow } }).cadenza;
        frame.contentWindow.postMessage(what, to as string);
      },
      [message, cadenza] as const,
    );

  it("shows a host's user the record under a strict policy, and keeps the session to itself", async () => {
    tokenForPage = tokenOf(victim, "Robin");
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(`${host}/framed`);
    await frameOf(page).getByRole("heading", { name: "Dana Whitfield" }).waitFor();
    await waitFor(page, "cadenza:shown");
    const messages = await heard(page);
    expect(messages.map(({ type }) => type)).toEqual(["cadenza:ready", "cadenza:signed-in", "cadenza:shown"]);
    expect(messages[1]).toMatchObject({
      member: { name: "Robin", role: "rep" },
      workspace: { name: "Northwind" },
    });
    expect(messages[2]).toMatchObject({ detail: { contactId: expect.stringMatching(/^ctc_/) } });
    expect(JSON.stringify(await all(page))).not.toContain("cdz_embed_");
    expect(complaints.filter((text) => !text.includes("favicon"))).toEqual([]);
  });

  it("says how tall it is, so that the page can give it just that room", async () => {
    tokenForPage = tokenOf(victim, "Robin");
    const page = await open(`${host}/framed`);
    await frameOf(page).getByRole("heading", { name: "Dana Whitfield" }).waitFor();
    const overflow = () =>
      page.frames()[1]!.evaluate("document.documentElement.scrollHeight - window.innerHeight");
    await expect.poll(overflow).toBe(0);
    const last = (await all(page)).findLast(({ type }) => type === "cadenza:height")!;
    expect(last.height).toBeGreaterThan(200);
    expect(await page.locator("#cadenza").getAttribute("height")).toBe(String(last.height));
  });

  it("says who is signed in while no record is named, and shows each that is named after that", async () => {
    const page = await open(`${host}/bare`);
    await waitFor(page, "cadenza:ready");
    await tell(page, { type: "cadenza:token", token: tokenOf(victim, "Robin") });
    await frameOf(page).locator("[data-state=signed-in]").waitFor();
    expect(await shownIn(page)).toEqual(["Robin", "Signed in to Northwind as rep."]);
    await tell(page, { type: "cadenza:record", entityType: "lead", entityId: "4711" });
    await frameOf(page).getByRole("heading", { name: "Dana Whitfield" }).waitFor();
    await tell(page, { type: "cadenza:record", entityType: "lead", entityId: "4712" });
    await frameOf(page).getByRole("heading", { name: "Maya Whitfield" }).waitFor();
    // What is no record, of no sane length or not text, changes nothing.
    for (const entityId of [4711, { id: "4711" }, "x".repeat(301), ""]) {
      await tell(page, { type: "cadenza:record", entityId });
    }
    await tell(page, { type: "cadenza:record", contactId: null });
    await tell(page, null);
    await tell(page, { type: "cadenza:record", email: "dana@acme.example" });
    await frameOf(page).getByRole("heading", { name: "Dana Whitfield" }).waitFor();
  });

  it("takes the record and the language from its address", async () => {
    const page = await open(`${host}/bare-named`);
    await waitFor(page, "cadenza:ready");
    await tell(page, { type: "cadenza:token", token: tokenOf(victim, "Robin") });
    await frameOf(page).getByRole("heading", { name: "Dana Whitfield" }).waitFor();
    await frameOf(page).getByText("In keiner Sequenz").waitFor();
  });

  it("wears what the page around it says, and falls for no style of another kind", async () => {
    const page = await open(`${host}/bare`);
    await waitFor(page, "cadenza:ready");
    const token = tokenOf(victim, "Robin");
    const look = { colorScheme: "dark", accent: "rgb(1, 2, 3)", ground: "rgb(4, 5, 6)", display: "none" };
    await tell(page, { type: "cadenza:token", token, entityId: "4711", ...look });
    await frameOf(page).getByRole("heading", { name: "Dana Whitfield" }).waitFor();
    const worn = await page.frames()[1]!.evaluate(`(() => {
      const { shadowRoot } = document.querySelector("cadenza-panel");
      const { backgroundColor, colorScheme } = getComputedStyle(shadowRoot.querySelector(".panel"));
      return [backgroundColor, colorScheme, getComputedStyle(document.documentElement).display];
    })()`);
    expect(worn).toEqual(["rgb(4, 5, 6)", "dark", "block"]);
  });

  it("hands the panel's events on to the page around it, with what they hold", async () => {
    const page = await open(`${host}/bare`);
    await waitFor(page, "cadenza:ready");
    await tell(page, {
      type: "cadenza:token",
      token: tokenOf(victim, "Robin"),
      contactId: "no id of ours",
    });
    await waitFor(page, "cadenza:error");
    expect((await heard(page)).find(({ type }) => type === "cadenza:error")).toEqual({
      type: "cadenza:error",
      detail: { code: expect.any(String), detail: expect.any(String) },
    });
  });

  it("forgets what one person saw when the page hands in the token of another", async () => {
    const page = await open(`${host}/bare`);
    await waitFor(page, "cadenza:ready");
    await tell(page, { type: "cadenza:token", token: tokenOf(victim, "Robin"), entityId: "4711" });
    const panel = frameOf(page).locator("cadenza-panel");
    await panel.getByRole("heading", { name: "Dana Whitfield" }).waitFor();
    await panel.evaluate((element) => element.setAttribute("title", "Robin's"));
    await tell(page, { type: "cadenza:token", token: tokenOf(victim, "Dana") });
    await expect.poll(() => panel.getAttribute("title")).toBeNull();
    await panel.getByRole("heading", { name: "Dana Whitfield" }).waitFor();
    expect(await panel.count()).toBe(1);
  });

  it("says that the token is over and asks for a new one", async () => {
    tokenForPage = tokenOf(victim, "Robin", -70);
    const page = await open(`${host}/framed`);
    await waitFor(page, "cadenza:token-needed");
    tokenForPage = tokenOf(victim, "Dana");
    await frameOf(page).getByRole("heading", { name: "Dana Whitfield" }).waitFor();
    const signedIn = (await heard(page)).filter(({ type }) => type === "cadenza:signed-in");
    expect(signedIn).toMatchObject([{ member: { name: "Dana" } }]);
  });

  it("does not stand in a page that the app does not name", async () => {
    tokenForPage = tokenOf(victim, "Robin");
    const page = await open(`${evil}/framed`);
    await expect.poll(() => page.frames()[1]?.url()).toBe("chrome-error://chromewebdata/");
    expect(await heard(page)).toEqual([]);
  });

  it("of another app does nothing with a token that was stolen", async () => {
    tokenForPage = tokenOf(victim, "Robin");
    const page = await open(`${evil}/framed-own`);
    await page.frameLocator("#cadenza").locator("[data-state=refused]").waitFor();
    expect(await heard(page)).toEqual([
      { type: "cadenza:ready" },
      expect.objectContaining({ type: "cadenza:refused", code: "embed_origin_refused" }),
    ]);
  });

  it("opened as a window of its own listens to nobody", async () => {
    const page = await open(host);
    const [popup] = await Promise.all([
      page.waitForEvent("popup"),
      page.evaluate((url) => {
        const own = globalThis as unknown as PageWindow;
        own.popup = own.open(url);
      }, `${cadenza}/embed/${victim.id}/frame`),
    ]);
    await popup.locator("[data-state=refused]").waitFor();
    const asked: string[] = [];
    popup.on("request", (request) => asked.push(request.url()));
    // After the frame's own listener: when this one has heard it, that one has let it pass.
    await popup.evaluate(() => {
      const own = globalThis as unknown as PageWindow;
      own.arrived = new Promise((done) => own.addEventListener("message", () => done(true)));
    });
    await page.evaluate(
      (token) =>
        (globalThis as unknown as PageWindow).popup.postMessage({ type: "cadenza:token", token }, "*"),
      tokenOf(victim, "Robin"),
    );
    expect(await popup.evaluate(() => (globalThis as unknown as PageWindow).arrived)).toBe(true);
    expect(asked).toEqual([]);
    expect(await popup.locator("#who").textContent()).toBe("This belongs into a page of your CRM.");
  });
});
