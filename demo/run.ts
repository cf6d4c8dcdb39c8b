/**
 * `pnpm demo`: the whole system on one machine, and a story on a stepped clock. `--once` plays it unattended, checks
 * it and ends; without, everything stays up for a person to try.
 */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { argumentsOf, helpOption } from "@cadenza/edge-api/scripts/command-line";
import { ensureBuilt } from "../widget/build.ts";
import { clearLeftover, type RunningWorker, startWorker } from "./boot.ts";
import type { Crm } from "./crm/server.ts";
import { openCrm, visitCrm } from "./crm/visit.ts";
import { freePort, type Inbox, openInbox } from "./inbox.ts";
import { type MailServer, mailPassword, startMailServer } from "./mail-server.ts";
import { adminEmail, openOffice, serviceToken, setClock } from "./office.ts";
import { reckon } from "./reckoning.ts";
import { paint, say } from "./screen.ts";
import { signInByMail } from "./sign-in.ts";
import { onEnding } from "./signals.ts";
import { openStage, type Stage } from "./stage.ts";
import { stayUp } from "./stay-up.ts";
import { storyStart, tellStory } from "./story.ts";
import { failureText, openVerdict, type Verdict } from "./verdict.ts";

const root = join(import.meta.dirname, "../.cadenza");
/** A story that hangs has failed. */
const onceMaxMs = 240_000;

const usage = `pnpm demo [--once] [--quick]

  --once   plays the story, checks it, and ends: exit code 0 only if every promise was kept
  --quick  does not wait between the lines`;
const values = given();

function given() {
  try {
    const { values } = argumentsOf(process.argv.slice(2), {
      once: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      ...helpOption,
    });
    if (!values.help) return values;
    console.log(usage);
    process.exit(0);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(1);
  }
}

/** `mail` is what the mailboxes send through, `post` what Cadenza itself does: sign-in links, invitations, notices. */
const open: { worker?: RunningWorker; mail?: MailServer; post?: MailServer; inbox?: Inbox; crm?: Crm } = {};
const workerLog: string[] = [];
let stopped = false;
let stoppedAt = 0;
let closing: Promise<void> | null = null;
const startedAt = Date.now();
process.exitCode = await main();

async function main(): Promise<number> {
  process.once("exit", endWorkerd);
  onEnding(stop);
  const watchdog = values.once
    ? setTimeout(() => giveUp("the story did not come to an end"), onceMaxMs)
    : undefined;
  try {
    const verdict = openVerdict();
    const stage = await setUp(verdict);
    const story = await tellStory(stage, verdict);
    if (stopped) return 130;
    await reckon(stage, story, { inbox: open.inbox!, post: open.post! }, verdict);
    await visitCrm(open.crm!, stage.office, verdict);
    verdict.same(
      "the Worker logged no error",
      [],
      workerLog.filter((entry) => entry.startsWith("error")),
    );
    const code = conclude(verdict);
    if (values.once) return code;
    await stayUp(stage, { crm: open.crm!.url, inbox: open.inbox!.url, isStopped: () => stopped });
    return 0;
  } catch (error) {
    if (stopped) return values.once ? 130 : 0;
    console.error(paint(`\nThe demo broke: ${error instanceof Error ? error.stack : String(error)}`, "bad"));
    for (const line of workerLog.slice(-20)) console.error(line);
    return 1;
  } finally {
    clearTimeout(watchdog);
    await shutDown();
  }
}

async function setUp(verdict: Verdict): Promise<Stage> {
  say("Building the Worker and the panel …");
  await ensureBuilt();
  const stateDir = freshStateDir();
  open.inbox = await openInbox();
  open.mail = await startMailServer((mail) => open.inbox?.show(mail));
  open.post = await startMailServer((mail) => open.inbox?.show(mail));
  const settings = {
    port: await freePort(),
    stateDir,
    secret: crypto.randomUUID() + crypto.randomUUID(),
    serviceToken,
    vars: {
      SYSTEM_MAIL_URL: `smtp://cadenza:${mailPassword}@127.0.0.1:${open.post.port}`,
      SYSTEM_MAIL_FROM: "cadenza@northwind.example",
    },
  };
  open.worker = await startWorker(settings, (line) => workerLog.push(line));
  const { url } = open.worker;
  await setClock(url, storyStart);
  const office = await openOffice(url, open.mail.port);
  open.crm = await openCrm(office, await freePort());
  say(`
  CRM         ${open.crm.url}   (a host with the panel in it: open a lead)
  sign in     ${url}/sign-in   (as ${adminEmail}; the link lies in the inbox)
  API docs    ${url}/docs
  inbox       ${open.inbox.url}
  health      ${url}/v1/health   (with the key below)
  API key     ${office.token}
`);
  await signInByMail(url, adminEmail, open.post, verdict);
  const refused = office.loaded.rows.filter(({ outcome }) => outcome === "refused");
  say(`Loaded ${office.loaded.rows.length} rows of demo/data/contacts.csv; refused ${refused.length}:`);
  for (const { line, notes } of refused) say(`  line ${line}: ${notes.join("; ")}`);
  return openStage(office, open.mail, open.worker, storyStart, {
    paceMs: values.once || values.quick ? 0 : 120,
    stopped: () => stopped,
  });
}

function conclude(verdict: Verdict): number {
  const failed = verdict.failed();
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  for (const check of failed) console.error(paint(`\n${failureText(check)}`, "bad"));
  if (failed.length) for (const line of workerLog.slice(-20)) console.error(line);
  const text = `${verdict.checks.length - failed.length} of ${verdict.checks.length} promises kept, in ${seconds} s`;
  say(`\n${paint(text, failed.length ? "bad" : "good")}`);
  return failed.length ? 1 : 0;
}

/** One folder a run: two demos at once do not meet. What a killed one left behind is cleared away. */
function freshStateDir(): string {
  mkdirSync(root, { recursive: true });
  for (const name of readdirSync(root)) {
    const pid = Number(/^demo-(\d+)$/.exec(name)?.[1]);
    if (pid && !isRunning(pid)) clearLeftover(join(root, name));
  }
  return join(root, `demo-${process.pid}`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function stop(): void {
  // Asked again, at once; but pnpm and the terminal may both hand on the same Ctrl-C.
  if (stopped && Date.now() - stoppedAt > 1_000) process.exit(130);
  if (stopped) return;
  stopped = true;
  stoppedAt = Date.now();
  say("\nStopping …");
  // What is being waited for ends with the Worker.
  void shutDown().then(() => process.exit(values.once ? 130 : 0));
}

/** Once, whoever asks first: the signal or the end of the story. */
function shutDown(): Promise<void> {
  closing ??= closeAll();
  return closing;
}

async function closeAll(): Promise<void> {
  const { worker, mail, post, inbox, crm } = open;
  await worker?.stop().catch(() => {});
  await Promise.all(
    [mail?.close(), post?.close(), inbox?.close(), crm?.close()].map((closed) =>
      Promise.resolve(closed).catch(() => {}),
    ),
  );
  rmSync(join(root, `demo-${process.pid}`), { recursive: true, force: true });
}

function giveUp(why: string): void {
  console.error(paint(`\nThe demo was given up: ${why}.`, "bad"));
  for (const line of workerLog.slice(-20)) console.error(line);
  process.exit(1);
}

/** The last resort, when this process ends without having closed things. */
function endWorkerd(): void {
  try {
    if (open.worker?.pid) process.kill(open.worker.pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}
