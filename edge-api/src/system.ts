/** The one place the outside world is put together: real clocks, real ids, the wire, the queue. */
import type { System } from "./domain/system.ts";
import { checkEnv, type Env, shardsOf } from "./env.ts";
import { openTransport } from "./mail/open-transport.ts";
import { seal } from "./mail/seal.ts";

/** How long one mail may take on the wire: well under the 30 s + 60 s after which its authorisation is void. */
const wireTimeoutMs = 55_000;

/** One System per shard. `overrides` is how the demo and the tests bring their own clock. */
export function buildSystems(
  env: Env,
  overrides: Partial<System> & { wireTimeoutMs?: number } = {},
): System[] {
  checkEnv(env);
  const wire = { secret: env.CADENZA_SECRET, wireTimeoutMs: overrides.wireTimeoutMs ?? wireTimeoutMs };
  return shardsOf(env).map((db, shard) => ({
    db,
    shard,
    now: () => Date.now(),
    wallNow: () => Date.now(),
    newToken: () => crypto.randomUUID(),
    nextEventId,
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    secret: env.CADENZA_SECRET,
    publicUrl: env.PUBLIC_URL.replace(/\/+$/, ""),
    seal: (text) => seal(text, env.CADENZA_SECRET),
    openTransport: (mailbox) => openTransport(mailbox, wire),
    wake: async (message) => {
      await env.WAKE.send(message);
    },
    logError: (message, error) => console.error(JSON.stringify({ message, error: causeOf(error) })),
    ...overrides,
  }));
}

/** The database layer's errors repeat the statement and its parameters, people's addresses among them: only the cause is logged. */
function causeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(error);
}

let lastEventId = 0;

/** Milliseconds times 4096 and a counter that starts at random: in order, and no two isolates agree by accident. */
function nextEventId(): number {
  const start = crypto.getRandomValues(new Uint16Array(1))[0]! & 0x7ff;
  lastEventId = Math.max(lastEventId + 1, Date.now() * 4096 + start);
  return lastEventId;
}
