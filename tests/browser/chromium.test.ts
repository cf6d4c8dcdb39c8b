import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { findChromium } from "./chromium.ts";

const folder = mkdtempSync(join(tmpdir(), "cadenza-chromium-"));
const program = join(folder, "google-chrome");
writeFileSync(program, "#!/bin/sh\n");
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

describe("the Chromium of the browser tests", () => {
  it("is the one that CHROME_PATH names, or nobody's", () => {
    vi.stubEnv("CHROME_PATH", program);
    chmodSync(program, 0o644);
    expect(findChromium).toThrow(`CHROME_PATH names no program: ${program}`);
    chmodSync(program, 0o755);
    expect(findChromium()).toBe(program);
  });

  it("is found in the path under any of its names", () => {
    vi.stubEnv("CHROME_PATH", "");
    vi.stubEnv("PATH", `/nowhere:${folder}`);
    chmodSync(program, 0o755);
    expect(findChromium()).toBe(program);
  });

  it("is not there where there is none", () => {
    vi.stubEnv("CHROME_PATH", "");
    vi.stubEnv("PATH", "/nowhere");
    vi.stubEnv("HOME", folder);
    vi.stubEnv("PLAYWRIGHT_BROWSERS_PATH", folder);
    expect(findChromium()).toBeNull();
  });
});
