/**
 * A Chromium for the browser tests: one that is there, else one that is installed on the spot, so that the test command
 * works on a fresh machine. It says what it did.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export async function launchChromium(): Promise<Browser> {
  // As root, in a container, Chromium's own sandbox cannot be set up.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: findChromium() ?? installChromium(), args });
}

/** CHROME_PATH, else what is in the PATH, else what Playwright once fetched. */
export function findChromium(): string | null {
  const given = process.env.CHROME_PATH;
  if (given) {
    if (isProgram(given)) return given;
    throw new Error(`CHROME_PATH names no program: ${given}`);
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  if (found) return found;
  const fetched = chromium.executablePath();
  return existsSync(fetched) ? fetched : null;
}

function installChromium(): string {
  const isDebian = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (isDebian) {
    console.log("No Chromium found: installing it with `apt-get install -y chromium`.");
    const quiet = { stdio: ["ignore", "ignore", "inherit"] as const };
    spawnSync("apt-get", ["update", "-qq"], { ...quiet, stdio: [...quiet.stdio] });
    const installed = spawnSync("apt-get", ["install", "-y", "-qq", "chromium"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const found = installed.status === 0 ? findChromium() : null;
    if (found) return found;
    console.log("That did not work.");
  }
  console.log("No Chromium found: fetching one with `playwright-core install chromium`.");
  const cli = createRequire(import.meta.url).resolve("playwright-core/cli.js");
  execFileSync(process.execPath, [cli, "install", "chromium"], { stdio: ["ignore", "ignore", "inherit"] });
  const fetched = findChromium();
  if (!fetched) throw new Error("There is no Chromium here, and none could be installed. Set CHROME_PATH.");
  return fetched;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
