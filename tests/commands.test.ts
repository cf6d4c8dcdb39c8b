/**
 * `pnpm dev`, `pnpm load` and `pnpm tick`, as a person types them: the Worker that `pnpm dev` starts, the commands in
 * processes of their own, and afterwards the API is asked what they did.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../demo/inbox.ts";
import { type MailServer, startMailServer } from "../demo/mail-server.ts";
import { createClient } from "../shared/src/client.ts";
import { address, type Office, openOffice, publish } from "./office.ts";
import { descendants, type Ended, isRunning, type Running, root, start } from "./pnpm.ts";

// A few seconds on two idle cores; the other tests may have those cores meanwhile.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

/** What README.md tells a person to pass. */
const serviceToken = "local-service-token";
const folder = mkdtempSync(join(tmpdir(), "cadenza-commands-"));
const started = new Set<number>();
let mail: MailServer;
let dev: Running;
let url: string;
let inboxPort: number;

beforeAll(async () => {
  mail = await startMailServer(() => {});
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  // Neither the developer's own database nor their own secrets.
  const own = ["--persist-to", join(folder, "state"), "--env-file", join(folder, fileOf("none.vars", ""))];
  inboxPort = await freePort();
  // Turns are asked for here, one by one; that the cron fires is edge-api/scripts/dev-surroundings.test.ts.
  const args = ["--port", String(port), "--mail-port", String(inboxPort), "--no-cron", ...own];
  dev = start("dev", ["--", ...args]);
  await Promise.race([vi.waitFor(isUp, { timeout: 60_000, interval: 100 }), dev.ended]).catch(() => {});
  await isUp().catch((error: unknown) => {
    throw new Error(`the Worker does not answer (${error}):\n${dev.output()}`);
  });
  note();
});

/** What has to be gone at the end: also what lost its parent meanwhile. */
function note(): void {
  for (const pid of [dev.pid, ...descendants(dev.pid)]) started.add(pid);
}

afterAll(async () => {
  note();
  dev.signal("SIGTERM");
  await vi.waitUntil(() => ![...started].some(isRunning), { timeout: 10_000 }).catch(() => {});
  for (const pid of [...started].filter(isRunning)) process.kill(pid, "SIGKILL");
  await dev.ended;
  await mail.close();
  rmSync(folder, { recursive: true, force: true });
});

/** It answers, and knows nobody. */
async function isUp(): Promise<void> {
  const { status } = await fetch(`${url}/v1/health`, { signal: AbortSignal.timeout(10_000) });
  if (status !== 401) throw new Error(`HTTP ${status}`);
}

/** With the commands that speak to it. */
async function newOffice() {
  const service = createClient({ baseUrl: url, token: serviceToken });
  const office = await openOffice(service, url, mail.port);
  const env = { CADENZA_API: url, CADENZA_KEY: office.token, INIT_CWD: folder };
  return {
    ...office,
    run: (script: string, args: string[]): Promise<Ended> => start(script, args, env).ended,
  };
}

function fileOf(name: string, content: string | Uint8Array | object): string {
  const isText = typeof content === "string" || content instanceof Uint8Array;
  writeFileSync(join(folder, name), isText ? content : JSON.stringify(content));
  return name;
}

/** Ids differ from run to run. */
const withoutIds = (text: string) => text.replace(/\b(ctc|seq|req)_\w+/g, "$1_…");

const now = { amount: 0, unit: "minutes" } as const;
const prepare = {
  name: "Prepare",
  type: "task",
  delay: { amount: 1, unit: "days" },
  title: "Look them up",
} as const;
const intro = {
  name: "Intro",
  type: "email_auto",
  delay: now,
  subject: "Hello",
  body: "Hi {{ contact.first_name }}",
} as const;
const call = { name: "Call", type: "call", delay: now, title: "Call {{ contact.first_name }}" } as const;
const outreach = { name: "Outreach", mailbox: address, schedule: "Always", steps: [prepare, intro, call] };

describe("pnpm load contacts", () => {
  it("says of every row what became of it, by the line it stands on, and the API has the same", async () => {
    const { client, run } = await newOffice();
    const file = fileOf(
      "people.csv",
      `Record ID,First Name,Email,Team Size,Notes
1,Dana,dana@cobalto.example,40,
2,Rui,rui@farol.example,6,"two
lines"
3,Walter,walter(at)nowhere,1,
,Dana,DANA@cobalto.example,41,
2,Rui,rui@farol.example,,
4,Ken,ken@halfrow.example
`,
    );
    const loaded = await run("load", ["contacts", file]);
    expect({ ...loaded, stdout: withoutIds(loaded.stdout) }).toEqual({
      code: 1,
      stderr: "",
      stdout: `line    2  created    Dana <dana@cobalto.example> ctc_…
line    3  created    Rui <rui@farol.example> ctc_…
line    5  refused    Walter <walter(at)nowhere> · Email "walter(at)nowhere": Write an e-mail address, like dana@example.com
line    6  merged     Dana <DANA@cobalto.example> ctc_…
line    7  unchanged  Rui <rui@farol.example> ctc_…
line    8  refused    it has too few columns: 3 where the header has 5
6 rows: 2 created, 1 merged, 1 unchanged, 2 refused
custom fields: Team Size → team_size, Notes → notes
`,
    });
    const { items } = await client("contacts.list", {});
    const kept = items.map(({ email, custom, references }) => ({
      email,
      custom,
      ids: references.map(({ id }) => id),
    }));
    expect(kept.sort((a, b) => a.email!.localeCompare(b.email!))).toEqual([
      { email: "dana@cobalto.example", custom: { team_size: "41" }, ids: ["1"] },
      { email: "rui@farol.example", custom: { team_size: "6", notes: "two\nlines" }, ids: ["2"] },
    ]);
  });

  it("takes the file's encoding and whose record ids it holds, and ends well where no row was refused", async () => {
    const { client, run } = await newOffice();
    const file = fileOf(
      "latin.csv",
      Buffer.from("Record ID,First Name,Email\n7,José,jose@salina.example\n", "latin1"),
    );
    const asUtf8 = await run("load", ["contacts", file]);
    expect(asUtf8).toMatchObject({ code: 1, stderr: "" });
    expect(asUtf8.stdout).toMatch(
      /^line {4}2 {2}refused {4}it holds bytes that are not UTF-8 .*\n1 row: 0 created/,
    );

    const args = ["--encoding", "windows-1252", "--system", "hubspot", "--type", "lead", "--quiet"];
    expect(await run("load", ["contacts", file, ...args])).toEqual({
      code: 0,
      stdout: "1 row: 1 created, 0 merged, 0 unchanged, 0 refused\n",
      stderr: "",
    });
    const [contact] = (await client("contacts.list", {})).items;
    expect(contact).toMatchObject({
      firstName: "José",
      references: [{ system: "hubspot", type: "lead", id: "7" }],
    });
  });
});

describe("pnpm load contacts with somebody else's file", () => {
  it("shows what a file holds and never obeys it, leaves out what is no name, and says who is made again", async () => {
    const { client, run } = await newOffice();
    const file = fileOf(
      "odd.csv",
      `sep=|\nVorname|Telefon|E-Mail\nN/A||na@odd.example\nAda\u001b[31m|1|ada@odd.example\n${"x".repeat(5_000)}||x@odd.example\nRui|2|\n`,
    );
    const { code, stdout } = await run("load", ["contacts", file]);
    expect(code).toBe(1);
    expect(stdout).not.toContain("\u001b");
    expect(withoutIds(stdout).split("\n")).toEqual([
      'line    3  created    <na@odd.example> ctc_… · warning: Vorname "N/A" is a placeholder; left out',
      expect.stringMatching(
        /^line {4}4 {2}refused {4}Ada\\u001b\[31m <ada@odd\.example> · Vorname "Ada\\u001b\[31m": /,
      ),
      `line    5  refused    ${"x".repeat(59)}… <x@odd.example> · Vorname "${"x".repeat(59)}…": This must be at most 120 characters long.`,
      "line    6  created    Rui ctc_… · warning: no address and no record id, so loading the file again makes this person again",
      "4 rows: 2 created, 0 merged, 0 unchanged, 2 refused",
      "",
    ]);
    const { items } = await client("contacts.list", {});
    expect(items.map(({ firstName }) => firstName).sort()).toEqual(["Rui", null]);
  });

  it("enrolls whoever the file holds, once each, and names who could not be", async () => {
    const office = await newOffice();
    await publish(office, [intro]);
    const file = fileOf(
      "leads.csv",
      "Vorn.,Email\nDana,dana@enrolled.example\nRui,\nDana,DANA@enrolled.example\n",
    );
    const args = ["contacts", file, "--map", "Vorn.=first_name", "--enroll", "Outreach"];
    const { code, stdout } = await office.run("load", args);
    expect(code).toBe(1);
    expect(withoutIds(stdout)).toMatch(
      /\nline {4}3 {2}Rui · not enrolled: .+\n1 enrolled in "Outreach", 1 refused\n$/,
    );
    const { items } = await office.client("enrollments.list", {});
    expect(items.map(({ contact }) => contact?.email)).toEqual(["dana@enrolled.example"]);
    // Those who count turns later on share the database.
    await office.client("enrollments.cancel", { params: { id: items[0]!.id } });
  });
});

describe("pnpm load sequence", () => {
  it("makes a draft, changes it only when told to, and publishes it", async () => {
    const { client, run, mailboxId, scheduleId } = await newOffice();
    const file = fileOf("outreach.json", outreach);
    const made = await run("load", ["sequence", file]);
    expect({ ...made, stdout: withoutIds(made.stdout) }).toEqual({
      code: 0,
      stdout: 'created sequence "Outreach" (seq_…): 3 steps, a draft\n',
      stderr: "",
    });
    const id = /seq_\w+/.exec(made.stdout)![0];
    const draft = await client("sequences.get", { params: { id } });
    expect(draft).toMatchObject({ status: "draft", mailboxId, scheduleId });
    expect(draft.steps.map(({ name }) => name)).toEqual(["Prepare", "Intro", "Call"]);

    fileOf(file, {
      ...outreach,
      steps: [intro, { ...call, title: "Call them" }, { ...prepare, name: "After" }],
    });
    expect(await run("load", ["sequence", file, "--publish"])).toEqual({
      code: 1,
      stdout: "",
      stderr: `There is a sequence "Outreach" (${id}). Pass --update to change its draft, or give this one another name.\n`,
    });
    expect(await client("sequences.get", { params: { id } })).toEqual(draft);

    expect(await run("load", ["sequence", file, "--update", "--publish"])).toEqual({
      code: 0,
      stdout: `updated sequence "Outreach" (${id}): 3 steps, version 1, published\n`,
      stderr: "",
    });
    const published = await client("sequences.get", { params: { id } });
    expect(published.status).toBe("active");
    const idOf = (name: string) => draft.steps.find((step) => step.name === name)?.id;
    expect(published.steps.map(({ name }) => name)).toEqual(["Intro", "Call", "After"]);
    expect(published.steps.slice(0, 2)).toMatchObject([
      { id: idOf("Intro") },
      { id: idOf("Call"), title: "Call them" },
    ]);
    expect((await client("sequences.versions", { params: { id } })).items).toHaveLength(1);
    expect((await client("sequences.list", {})).items).toHaveLength(1);
  });

  it.concurrent.each([
    {
      of: "a mailbox nobody knows",
      file: { ...outreach, mailbox: "mira@northwind.example" },
      says: `The sequence cannot be taken:\n  mailbox: there is no mailbox "mira@northwind.example" (known: "${address}")\n`,
    },
    {
      of: "broken JSON",
      file: '{ "name": "Outreach",\n  "steps": [,] }',
      says: "The file is not JSON: line 2, column 13: Unexpected token ','\n",
    },
    {
      of: "a template the API refuses",
      file: { ...outreach, steps: [{ ...intro, body: "{% if %}" }] },
      says: /^.* \(invalid_request, req_\w+\)\n {2}step 1, body: .+\n$/,
    },
  ])("refuses $of, says where, and leaves nothing behind", async ({ of, file, says }) => {
    const { client, run } = await newOffice();
    const { code, stdout, stderr } = await run("load", ["sequence", fileOf(`${of}.json`, file), "--publish"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    if (typeof says === "string") expect(stderr).toBe(says);
    else expect(stderr).toMatch(says);
    expect((await client("sequences.list", {})).items).toEqual([]);
  });
});

describe("a command that cannot be carried out", () => {
  const people = fileOf("one.csv", "Email\ndana@cobalto.example\n");
  const nobodyThere = "http://127.0.0.1:9";
  const noAnswer = `The API at ${nobodyThere} does not answer. Is the Worker running? See --api and CADENZA_API.\n`;
  const notKnown = (what: string) => `Who is asking is not known. ${what}. (unauthenticated, req_…)\n`;

  it.concurrent.each([
    {
      of: "a file that is not there",
      line: ["load", "contacts", "nothing.csv"],
      says: `${join(folder, "nothing.csv")} cannot be read (ENOENT).\n`,
    },
    {
      of: "an empty file",
      line: ["load", "contacts", fileOf("empty.csv", "\n")],
      says: "The file is empty.\n",
    },
    {
      of: "a flag nobody knows",
      line: ["load", "contacts", people, "--dry"],
      says: /^Unknown option '--dry'/,
    },
    {
      of: "something that cannot be loaded",
      line: ["load", "people", people],
      says: /^"people" is nothing that can be loaded\.\n\npnpm load contacts FILE\.csv .*\npnpm load sequence FILE\.json /,
    },
    {
      of: "no key",
      line: ["load", "contacts", people],
      env: { CADENZA_KEY: undefined },
      says: "Give an API key: --key cdz_key_… or CADENZA_KEY.\n",
    },
    {
      of: "a wrong key",
      line: ["load", "contacts", people, "--key", "cdz_key_wrong"],
      says: notKnown("This is no API key. Send one: `Authorization: Bearer cdz_key_…`"),
    },
    {
      of: "an API that is not there",
      line: ["load", "contacts", people, "--api", nobodyThere],
      says: noAnswer,
    },
    {
      of: "what is no address of an API",
      line: ["load", "contacts", people, "--api", "notaurl"],
      says: '--api is "notaurl", which is no address: write one like http://127.0.0.1:8787.\n',
    },
    {
      of: "a workbook that was renamed",
      line: ["load", "contacts", fileOf("book.csv", Uint8Array.from([0x50, 0x4b, 3, 4, 10, 0, 10]))],
      says: /^This is a workbook .* not a CSV file/,
    },
    {
      of: "a sequence to enroll in that is not there",
      line: ["load", "contacts", people, "--enroll", "Outreach"],
      key: true,
      says: 'There is no sequence "Outreach". Nobody was loaded. Published: none yet.\n',
    },
    {
      of: "a number of seeds that is none",
      line: ["sim", "--seeds", "abc"],
      says: '--seeds takes a whole number from 1 on, not "abc".\n',
    },
    {
      of: "a demo with a flag nobody knows",
      line: ["demo", "--onec"],
      says: /^Unknown option '--onec'/,
    },
    {
      of: "a tick without a token",
      line: ["tick"],
      says: "Give the service token: --token … or CADENZA_SERVICE_TOKEN.\n",
    },
    {
      of: "a tick with a wrong token",
      line: ["tick", "--token", "wrong"],
      says: notKnown("Send the service token: `Authorization: Bearer …`"),
    },
    {
      of: "a tick with a flag nobody knows",
      line: ["tick", "--tokn", "wrong"],
      says: /^Unknown option '--tokn'/,
    },
    {
      of: "a tick of an API that is not there",
      line: ["tick", "--api", nobodyThere, "--token", "wrong"],
      says: noAnswer,
    },
  ])("for $of says so without a stack, and fails", async ({ line: [script, ...args], env, key, says }) => {
    const CADENZA_KEY = key ? (await newOffice()).token : "cdz_key_any";
    const known = { CADENZA_API: url, CADENZA_KEY, INIT_CWD: folder };
    const { code, stdout, stderr } = await start(script!, args, { ...known, ...env }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    if (typeof says === "string") expect(withoutIds(stderr)).toBe(says);
    else expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it.concurrent.each([
    ["load", "--api --key --system --type --encoding --map --enroll --quiet --publish --update"],
    ["tick", "--api --token"],
    ["sim", "--seeds --seed --from --mutants --verbose"],
    ["demo", "--once --quick"],
  ])("%s is explained by --help, which is no failure", async (script, flags) => {
    const { code, stdout, stderr } = await start(script, ["--help"]).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const flag of flags.split(" ")) expect(stdout).toContain(flag);
  });
});

/** Somebody whose mail is due now: an enrollment's first step never is, the one after a skipped step can be. */
async function dueNow(office: Office, email: string): Promise<string> {
  const params = { id: await publish(office, [prepare, intro, call]) };
  const enrolled = await office.client("enrollments.create", {
    params,
    body: { person: { email, firstName: "Dana" } },
  });
  await office.client("enrollments.skip", { params: { id: enrolled.id } });
  return enrolled.id;
}

describe("pnpm tick", () => {
  it("takes one turn after the other, and says what each did", async () => {
    const office = await newOffice();
    const { client } = office;
    const id = await dueNow(office, "dana@tick.example");
    const tick = () => office.run("tick", ["--token", serviceToken]);
    const stands = async () => {
      const { status, reason, waitReason, stepId } = await client("enrollments.get", { params: { id } });
      return { status, reason, waitReason, stepId };
    };
    const before = await stands();

    const said = (stdout: string) => ({ code: 0, stdout, stderr: "" });
    expect(await tick()).toEqual(said("1 was due, 1 mail was queued, 1 mail was sent.\n"));
    const mails = mail.accepted.filter(({ to }) => to === "dana@tick.example");
    expect(mails).toMatchObject([{ from: address, subject: "Hello" }]);
    expect(mails[0]!.raw.toString()).toContain("Hi Dana");
    // PUBLIC_URL follows --port: a link in a mail leads to the Worker that sent it.
    expect(mails[0]!.unsubscribeUrl).toMatch(`${url}/`);
    expect((await fetch(mails[0]!.unsubscribeUrl!)).status).toBe(200);
    expect((await stands()).stepId).toBeGreaterThan(before.stepId);

    expect(await tick()).toEqual(said("1 was due, 1 task was made.\n"));
    expect(await stands()).toMatchObject({ status: "active", waitReason: "task_open" });
    const [task] = (await client("tasks.list", { query: { status: "open" } })).items;
    expect(task).toMatchObject({ enrollmentId: id, type: "call", title: "Call Dana" });

    expect(await tick()).toEqual(said("Nothing was due.\n"));
  });

  it("takes its token from CADENZA_SERVICE_TOKEN, too", async () => {
    const env = { CADENZA_API: url, CADENZA_SERVICE_TOKEN: serviceToken };
    expect(await start("tick", [], env).ended).toMatchObject({ code: 0, stderr: "" });
  });
});

/** What is on the page that `pnpm dev` printed the address of. */
function openedInbox() {
  const page = new RegExp(`Mail to 127\\.0\\.0\\.1:${inboxPort} is shown at (http://\\S+)`).exec(
    dev.output(),
  )![1];
  return async () => (await (await fetch(`${page}/email`)).json()) as { subject: string; to: object[] }[];
}

describe("pnpm dev", () => {
  it("says where the first workspace is made and with which token, and its forms are taken there", async () => {
    const [, address = "", token = ""] = /^First run: (\S+) with (\S+)$/m.exec(dev.output()) ?? [];
    expect([address, token]).toEqual([`${url}/setup`, "local-setup-token"]);
    const body = new URLSearchParams({ token });
    const tried = await fetch(address, { method: "POST", headers: { origin: url }, body });
    // With the right token it is the fields that are wrong; with another, 403.
    expect(tried.status).toBe(422);
  });

  it("serves the cron and the queue of wrangler.toml: a mail leaves without anybody asking for a turn", async () => {
    const office = await newOffice();
    const id = await dueNow(office, "rui@cron.example");
    const cron = await fetch(`${url}/cdn-cgi/local/scheduled?cron=${encodeURIComponent("* * * * *")}`);
    expect(cron.status).toBe(200);
    const sent = async () => (await office.client("enrollments.sends", { params: { id } })).items;
    await expect.poll(sent, { timeout: 30_000 }).toMatchObject([{ state: "sent", to: "rui@cron.example" }]);
    expect(mail.accepted.filter(({ to }) => to === "rui@cron.example")).toHaveLength(1);
  });

  it("takes mail of mailboxes and of Cadenza itself, and shows it on a page", async () => {
    const inbox = openedInbox();
    const service = createClient({ baseUrl: url, token: serviceToken });
    const { token } = await service("internal.createWorkspace", {
      body: { name: "N", timeZone: "Europe/Lisbon", admin: { email: "ada@dev.example", name: "Ada" } },
    });
    const client = createClient({ baseUrl: url, token });
    const smtp = { host: "127.0.0.1", port: inboxPort, security: "none" } as const;
    const mailbox = await client("mailboxes.create", { body: { address: "ada@dev.example", smtp } });
    const windows = [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }];
    const schedule = await client("schedules.create", { body: { name: "Always", windows } });
    const office = { client, token, mailboxId: mailbox.id, scheduleId: schedule.id };
    await dueNow(office, "dana@inbox.example");
    await service("internal.run");
    await expect
      .poll(inbox, { timeout: 20_000 })
      .toMatchObject([{ subject: "Hello", to: [{ address: "dana@inbox.example" }] }]);
  });

  it("is all that README.md needs to end with a mail in the inbox", { timeout: 240_000 }, async () => {
    const inbox = openedInbox();
    const blocks = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/```sh\n([\s\S]*?)```/g)];
    const block = blocks.map(([, text]) => text!).find((text) => text.includes("--enroll"))!;
    const script = block.replaceAll("http://127.0.0.1:8787", url).replaceAll("2525", String(inboxPort));
    // What `npx -y pnpm@… load …` comes to.
    const npx = 'npx() { shift 3; tsx edge-api/scripts/load.ts "$@"; }';
    const env = {
      ...process.env,
      PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`,
      NODE_OPTIONS: "",
    };
    const sh = (text: string) => spawnSync("sh", ["-c", text], { cwd: root, env, encoding: "utf8" });
    const ended = sh(`${npx}\n${script}\nloaded=$?; echo "key $CADENZA_KEY"; exit $loaded`);
    // Bad rows on purpose, as it says there; they are the only thing that is refused.
    expect(ended).toMatchObject({ status: 1, stderr: "" });
    expect(ended.stdout).toMatch(/45 rows: 41 created, 1 merged, 1 unchanged, 2 refused\n[^\n]+\n/);
    expect(ended.stdout).toMatch(/not enrolled: .+\n40 enrolled in "New lead", 1 refused\n/);
    const service = createClient({ baseUrl: url, token: serviceToken });
    await expect
      .poll(
        async () => {
          await service("internal.run");
          return (await inbox()).some(({ subject }) => /^How .+ hands leads over$/.test(subject));
        },
        { timeout: 130_000, interval: 3_000 },
      )
      .toBe(true);

    // And an answer gets in as docs/receiving-mail.md says.
    const client = createClient({ baseUrl: url, token: /key (\S+)/.exec(ended.stdout)![1]! });
    const { token } = await client("apiKeys.create", { body: { name: "Inbound mail", scopes: ["inbound"] } });
    const page = readFileSync(join(root, "docs/receiving-mail.md"), "utf8");
    const answer = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].at(-1)![1]!;
    const { stdout } = sh(`CADENZA_API=${url} INBOUND_KEY=${token}\n${answer}`);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "stopped", replyClass: "human" });
  });

  it("does not share a port, nor a database, with another one", async () => {
    const { port } = new URL(url);
    const { code, stdout, stderr } = await start("dev", ["--port", port]).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^Port ${port} is taken.*--port ${Number(port) + 1} --persist-to `));
  });

  // Last: it ends the Worker.
  it("ends with everything it started, and has logged no error", async () => {
    note();
    expect(started.size).toBeGreaterThan(3);
    dev.signal("SIGTERM");
    await expect.poll(() => [...started].filter(isRunning), { timeout: 10_000 }).toEqual([]);
    await expect(fetch(`${url}/v1/health`)).rejects.toThrow("fetch failed");
    expect(dev.output()).not.toMatch(/ERROR|Uncaught/);
  });
});
