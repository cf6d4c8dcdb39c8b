/** What docs/embed.md tells a host's developer to write, written that way and looked at in a real browser. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { build, type Plugin } from "vite";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { compileScript, parse } from "vue/compiler-sfc";
import { exampleOn } from "../host-app.ts";
import { launchChromium } from "./chromium.ts";
import { type Crm, openCrm } from "./crm.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const root = join(import.meta.dirname, "../..");
const docs = readFileSync(join(root, "docs/embed.md"), "utf8");
let crm: Crm;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  crm = await openCrm();
  const people = [
    ["4711", "Dana", "Whitfield"],
    ["4712", "Maya", "Lindqvist"],
  ] as const;
  for (const [id, firstName, lastName] of people) {
    const email = `${firstName.toLowerCase()}@acme.example`;
    const references = [{ system: "crm", type: "lead", id }];
    await crm.client("contacts.create", { body: { firstName, lastName, email, references } });
  }
  browser = await launchChromium();
  // Within the repository: what hosts bundle finds its packages from here.
  mkdirSync(join(root, ".cadenza"), { recursive: true });
  folder = mkdtempSync(join(root, ".cadenza/embed-guide-"));
});
afterAll(async () => {
  await browser?.close();
  crm?.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** An example with this Cadenza, this app and this token in it. */
const example = (name: string, token = crm.tokenFor({ name: "Robin" })): string =>
  exampleOn(docs, name)
    .replaceAll("https://cadenza.example.com", crm.cadenza)
    .replaceAll("app_…", crm.registered.id)
    .replaceAll('token="…"', `token="${token}"`);

let pages = 0;
async function open(
  body: string,
  headers: Record<string, string> = {},
  before: (page: Page) => void = () => {},
): Promise<Page> {
  const html = `<!doctype html><html lang="en"><title>Host</title><body>${body}</body></html>`;
  const address = crm.page(`/guide-${++pages}`, html, headers);
  const page = await browser.newPage({ viewport: { width: 800, height: 700 } });
  page.setDefaultTimeout(15_000);
  before(page);
  await page.goto(address);
  return page;
}

const shows = (page: Page, name: string) => page.getByRole("heading", { name }).waitFor();
const module = (code: string): string => `<script type="module">${code}</script>`;
const scriptTag = () => /<script.*<\/script>/.exec(example("html"))![0];

describe("a plain page", () => {
  it("shows a record with the two lines, and another by an attribute, without a reload", async () => {
    const page = await open(example("html"));
    await shows(page, "Dana Whitfield");
    await page.evaluate("document.title = 'still the same page'");
    await page.evaluate(example("another-record"));
    await shows(page, "Maya Lindqvist");
    expect(await page.title()).toBe("still the same page");
  });

  it("shows it under the policy the guide names, and the browser finds nothing to complain of", async () => {
    const policy = `default-src 'none'; ${example("policy").trim()}`;
    const complaints: string[] = [];
    const page = await open(example("html"), { "content-security-policy": policy }, (opened) =>
      opened.on("console", (message) => message.type() === "error" && complaints.push(message.text())),
    );
    await shows(page, "Dana Whitfield");
    expect(complaints.filter((text) => !text.includes("favicon"))).toEqual([]);
  });

  it("shows it by the function, with a token it fetches itself", async () => {
    crm.page("/cadenza-token", crm.tokenFor({ name: "Robin" }));
    const page = await open(
      `<div id="cadenza"></div>${module(`${example("mount")}; globalThis.panel = panel;`)}`,
    );
    await shows(page, "Dana Whitfield");
    await page.evaluate('panel.update({ record: { email: "maya@acme.example" } })');
    await shows(page, "Maya Lindqvist");
    await page.evaluate("panel.unmount()");
    expect(await page.locator("cadenza-panel").count()).toBe(0);
    expect(await page.evaluate("Object.keys(globalThis).filter((name) => /cadenza/i.test(name))")).toEqual(
      [],
    );
  });

  it.each(["get-token", "token-needed"])("goes on by itself when its token is over (%s)", async (way) => {
    crm.page("/cadenza-token", crm.tokenFor({ name: "Robin" }));
    const page = await open(module(example(way)) + example("html", crm.tokenFor({ name: "Robin" }, -70)));
    await shows(page, "Dana Whitfield");
  });

  it("is followed in its colours, font and corners", async () => {
    const page = await open(`<style>${example("theme")}</style>${example("html")}`);
    await shows(page, "Dana Whitfield");
    const look = await page.evaluate(`(() => {
      const { shadowRoot } = document.querySelector("cadenza-panel");
      const { backgroundColor, fontFamily } = getComputedStyle(shadowRoot.querySelector("h2").closest(".panel"));
      const button = [...shadowRoot.querySelectorAll("button")].map((one) => getComputedStyle(one).backgroundColor);
      return { backgroundColor, fontFamily, hasAccent: button.includes("rgb(122, 46, 142)") };
    })()`);
    expect(look).toEqual({
      backgroundColor: "rgb(255, 253, 249)",
      fontFamily: "Georgia, serif",
      hasAccent: true,
    });
  });

  it("keeps the panel's place while the script is not there", async () => {
    const panel = example("html").replace(scriptTag(), "");
    const page = await open(`<style>${example("reserved")}</style>${panel}`);
    expect((await page.locator("cadenza-panel").boundingBox())?.height).toBe(264);
  });

  it("asks the API itself with the session it was given", async () => {
    const page = await open("");
    const token = crm.tokenFor({ name: "Robin" });
    const session = (await page.evaluate(`(async (token) => { ${example("exchange")}
      const me = await fetch("${crm.cadenza}/v1/workspace", { headers: { authorization: "Bearer " + accessToken } });
      return [member.name, workspace.name, Date.parse(expiresAt) > Date.now(), (await me.json()).name];
    })("${token}")`)) as unknown[];
    expect(session).toEqual(["Robin", "Northwind", true, "Northwind"]);
  });

  it("has the sequences page by one element", async () => {
    const page = await open(example("sequences"));
    await page.getByRole("heading", { name: "Sequences" }).first().waitFor();
  });

  it("stays as it is when Cadenza is down, hears why, and shows the record when it is back", async () => {
    try {
      const listen = `addEventListener("error", () => { document.title = "broken"; });
        document.addEventListener("cadenza:error", ({ detail }) => { globalThis.heard = detail.code; });`;
      crm.outage = (path) => (path.startsWith("/v1/") ? new Response("down", { status: 503 }) : null);
      const page = await open(`<script>${listen}</script><p>The host</p>${example("html")}`);
      await page.waitForFunction("globalThis.heard");
      expect(await page.title()).toBe("Host");
      crm.outage = null;
      await page.evaluate('document.querySelector("cadenza-panel").refresh()');
      await shows(page, "Dana Whitfield");
    } finally {
      crm.outage = null;
    }
  });
});

it("an app is registered, and given a secret, by the two commands of the guide", async () => {
  const env = { PATH: process.env.PATH, CADENZA_URL: crm.cadenza, CADENZA_KEY: crm.registered.key };
  const command = `${example("register").replaceAll("curl", "curl -s -w '\\n'")}`;
  const { stdout } = await promisify(execFile)("sh", ["-c", command], { env });
  const [app, secret] = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  expect(app).toMatchObject({ id: expect.stringMatching(/^app_/), newMemberRole: "rep" });
  expect(secret).toMatchObject({ kid: expect.any(String), secret: expect.any(String) });
});

describe("a page that pins what it loads", () => {
  type Versions = { version: string; entry: string; integrity: string; files: Record<string, string> };
  const pinned = async (change: (files: Record<string, string>) => void = () => {}, entry?: string) => {
    const versions = (await (await fetch(`${crm.cadenza}/widget/versions.json`)).json()) as Versions;
    const files = Object.fromEntries(
      Object.entries(versions.files).map(([path, hash]) => [crm.cadenza + path, hash]),
    );
    change(files);
    return example("pinned")
      .replace(/\{ "integrity": .*\}/, JSON.stringify({ integrity: files }))
      .replace("/widget@1.0.0.js", versions.entry)
      .replace(/integrity="sha384-…"/, `integrity="${entry ?? versions.integrity}"`);
  };
  const panel = () => example("html").replace(scriptTag(), "");
  const isDefined = (page: Page) => page.evaluate('Boolean(customElements.get("cadenza-panel"))');

  it("runs it while every hash is right", async () => {
    const page = await open((await pinned()) + panel());
    await shows(page, "Dana Whitfield");
  });

  it("runs nothing where the entry, or what it loads, is not what was pinned", async () => {
    const other = `sha384-${"A".repeat(64)}`;
    const isCore = (path: string) => /\/core-/.test(path);
    const spoil = (files: Record<string, string>) => {
      for (const path of Object.keys(files).filter(isCore)) files[path] = other;
    };
    for (const head of [await pinned(() => {}, other), await pinned(spoil)]) {
      expect(head).toContain(other);
      const page = await open(head + panel());
      await page.waitForLoadState("load");
      expect(await isDefined(page)).toBe(false);
    }
  });
});

/** Bundles what a host's developer would write, as they would. */
async function bundle(files: Record<string, string>, plugins: Plugin[] = []): Promise<string> {
  for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code);
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: "warn",
    plugins,
    define: { "process.env.NODE_ENV": '"production"' },
    oxc: { jsx: { runtime: "automatic", development: false } },
    build: {
      write: false,
      lib: { entry: join(folder, Object.keys(files)[0]!), formats: ["es"], fileName: "host" },
    },
  });
  const [{ output }] = built as unknown as [{ output: { code: string }[] }];
  return output[0]!.code;
}

/** As the plugin for single-file components does, with the option the guide names. */
const vue: Plugin = {
  name: "vue-files",
  transform(code, id) {
    if (!id.endsWith(".vue")) return null;
    const { descriptor, errors } = parse(code);
    if (errors.length) throw errors[0];
    const compilerOptions = { isCustomElement: (tag: string) => tag.startsWith("cadenza-") };
    return compileScript(descriptor, { id, inlineTemplate: true, templateOptions: { compilerOptions } })
      .content;
  },
};

describe.each(["React", "Vue"])("a %s application", (kind) => {
  let code: string;
  const app = () =>
    `window.app = ${JSON.stringify({ app: crm.registered.id, token: crm.tokenFor({ name: "Robin" }, -70), fresh: crm.tokenFor({ name: "Robin" }) })}; window.enrolled = [];`;

  beforeAll(async () => {
    code =
      kind === "React"
        ? await bundle({
            "react-host.jsx": `import { useCallback, useState } from "react";
              import { createRoot } from "react-dom/client";
              import { CadenzaPanel } from "./CadenzaPanel.jsx";
              function Lead() {
                const [leadId, setLead] = useState("4711");
                const [token, setToken] = useState(window.app.token);
                const enrolled = useCallback((detail) => window.enrolled.push(detail), []);
                const renew = useCallback(() => setToken(window.app.fresh), []);
                return <><button onClick={() => setLead("4712")}>Next lead</button>
                  <CadenzaPanel app={window.app.app} token={token} leadId={leadId} onEnrolled={enrolled} onTokenNeeded={renew} /></>;
              }
              createRoot(document.getElementById("root")).render(<Lead />);`,
            "CadenzaPanel.jsx": example("react"),
          })
        : await bundle(
            {
              "vue-host.js": `import { createApp, h, ref } from "vue";
              import CadenzaPanel from "./CadenzaPanel.vue";
              const leadId = ref("4711"), token = ref(window.app.token);
              createApp({ render: () => [
                h("button", { onClick: () => { leadId.value = "4712"; } }, "Next lead"),
                h(CadenzaPanel, { app: window.app.app, token: token.value, leadId: leadId.value,
                  onEnrolled: (detail) => window.enrolled.push(detail),
                  onTokenNeeded: () => { token.value = window.app.fresh; } }),
              ] }).mount("#root");`,
              "CadenzaPanel.vue": example("vue"),
            },
            [vue],
          );
  });

  it("shows a record, renews the token, goes to another record, and hears who was enrolled", async () => {
    const page = await open(
      `${scriptTag()}<div id="root"></div><script>${app()}</script>${module(code.replaceAll("</script", "<\\/script"))}`,
    );
    await shows(page, "Dana Whitfield");
    await page.getByRole("button", { name: "Next lead" }).click();
    await shows(page, "Maya Lindqvist");
    await page.evaluate(`document.querySelector("cadenza-panel").dispatchEvent(
      new CustomEvent("cadenza:enrolled", { detail: { sequenceName: "New lead" }, bubbles: true }))`);
    expect(await page.evaluate("window.enrolled")).toEqual([{ sequenceName: "New lead" }]);
  });
});
