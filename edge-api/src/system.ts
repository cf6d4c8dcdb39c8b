/** The one place the outside world is put together: real clocks, real ids, the wire, the queue. */
import type { AppOptions } from "./app.ts";
import { type Auth, type AuthSettings, buildAuth } from "./auth/auth.ts";
import { eventIdAt } from "./domain/events.ts";
import { logLine } from "./domain/log-line.ts";
import type { System } from "./domain/system.ts";
import { checkEnv, type Env, shardsOf } from "./env.ts";
import { openTransport } from "./mail/open-transport.ts";
import { seal, unseal } from "./mail/seal.ts";
import { sendSystemMail } from "./mail/system-mail.ts";

/** How long one mail may take on the wire: well under the 30 s + 60 s after which its authorisation is void. */
const wireTimeoutMs = 55_000;

/** Sign-in links leave after their page was answered, for which the platform gives 30 s. */
const systemMailTimeoutMs = 20_000;

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
    unseal: (sealed) => unseal(sealed, env.CADENZA_SECRET),
    openTransport: (mailbox) => openTransport(mailbox, wire),
    sendSystemMail: systemMail(env, overrides.wireTimeoutMs ?? systemMailTimeoutMs),
    wake: async (message) => {
      await env.WAKE.send(message);
    },
    logError: (message, error) => console.error(logLine(message, error)),
    ...overrides,
  }));
}

/**
 * Signing in is put together once per isolate: the library prepares its tables' statements and reads its keys. It is
 * kept only once it is ready: what a request began and did not live to see is never finished, and whoever took it over
 * would wait for ever.
 */
const auths = new WeakMap<Env, Auth>();

export function appOptions(env: Env): AppOptions {
  const auth = auths.get(env) ?? newAuth(env);
  return {
    serviceToken: env.CADENZA_SERVICE_TOKEN,
    setupToken: env.CADENZA_SETUP_TOKEN,
    auth,
    assets: env.ASSETS,
  };
}

function newAuth(env: Env): Auth {
  const auth = buildAuth(buildSystems(env)[0]!, authSettings(env));
  // What goes wrong with it, whoever asks it something will be told.
  auth.$context.then(
    () => auths.set(env, auth),
    () => {},
  );
  return auth;
}

const authSettings = ({
  GOOGLE_CLIENT_ID: clientId,
  GOOGLE_CLIENT_SECRET: clientSecret,
}: Env): AuthSettings => (clientId && clientSecret ? { google: { clientId, clientSecret } } : {});

function systemMail(
  { SYSTEM_MAIL_URL: url, SYSTEM_MAIL_FROM: from }: Env,
  wireTimeoutMs: number,
): System["sendSystemMail"] {
  if (!url || !from) return null;
  return (mail) =>
    sendSystemMail(mail, { url, from, wireTimeoutMs, id: crypto.randomUUID(), at: Date.now() });
}

let lastEventId = 0;

/** A counter that starts at random within its millisecond: in order, and no two isolates agree by accident. */
function nextEventId(): number {
  const start = crypto.getRandomValues(new Uint8Array(1))[0]!;
  lastEventId = Math.max(lastEventId + 1, eventIdAt(Date.now()) + start);
  return lastEventId;
}
