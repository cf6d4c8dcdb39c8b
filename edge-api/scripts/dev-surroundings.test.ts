import { createServer } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { everyMinute, isTaken } from "./dev-surroundings.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("fires the engine's cron at every full minute, also after one was not taken", async () => {
  vi.useFakeTimers({ now: Date.UTC(2027, 0, 11, 8, 0, 40) });
  const fired: string[] = [];
  vi.stubGlobal("fetch", (url: string) => {
    fired.push(`${new Date().toISOString().slice(11, 19)} ${url}`);
    return Promise.reject(new TypeError("fetch failed"));
  });
  everyMinute("http://127.0.0.1:8787");
  await vi.advanceTimersByTimeAsync(130_000);
  const url = "http://127.0.0.1:8787/cdn-cgi/local/scheduled?cron=*%20*%20*%20*%20*";
  expect(fired).toEqual([`08:01:00 ${url}`, `08:02:00 ${url}`]);
});

it("knows whether somebody listens on a port", async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  expect(await isTaken(port)).toBe(true);
  await new Promise((closed) => server.close(closed));
  expect(await isTaken(port)).toBe(false);
});
