/** Miniflare and maildev each end the process on a signal in their own way; how the demo ends is its own affair. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs `open` and takes off whatever signal handlers it put on. */
export async function withoutItsSignals<Opened>(open: () => Promise<Opened>): Promise<Opened> {
  const before = new Set(signals.flatMap((signal) => process.listeners(signal)));
  const opened = await open();
  for (const signal of signals) {
    for (const listener of process.listeners(signal))
      if (!before.has(listener)) process.off(signal, listener);
  }
  return opened;
}

export function onEnding(end: () => void): void {
  for (const signal of signals) process.on(signal, end);
}
