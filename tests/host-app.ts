/**
 * The API over SQLite in memory, and a host app registered in it: for tests that need Node (programs, a browser) more
 * than they need workerd.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { d1Of, Shard } from "../edge-api/sim/sqlite-d1.ts";
import { type App, createApp } from "../edge-api/src/app.ts";
import type { System } from "../edge-api/src/domain/system.ts";
import { seal, unseal } from "../edge-api/src/mail/seal.ts";
import { type Client, createClient } from "../shared/src/client.ts";

export type Registered = { workspace: string; key: string; id: string; kid: string; secret: string };
export const serviceToken = "host-app-service-token";

export function openApi(publicUrl: string): App {
  return createApp([openSystem(publicUrl)], { serviceToken, assets: builtPanel });
}

const panel = join(import.meta.dirname, "../widget/dist");

/** What the panel's build left. */
export const builtPanel = {
  fetch: async (request: Request): Promise<Response> => {
    const file = join(panel, new URL(request.url).pathname);
    return existsSync(file) ? new Response(readFileSync(file)) : new Response(null, { status: 404 });
  },
};

/** @param over say a clock that can be stepped, a wire that takes mail. */
export function openSystem(publicUrl: string, over: Partial<System> = {}): System {
  const secret = "host-secret-host-secret-host-secret!";
  return {
    db: d1Of(new Shard(), async (_queries, effect) => effect()),
    shard: 0,
    now: () => Date.now(),
    wallNow: () => Date.now(),
    newToken: () => crypto.randomUUID(),
    nextEventId: () => Date.now(),
    sleep: async () => {},
    secret,
    publicUrl,
    seal: (text) => seal(text, secret),
    unseal: (sealed) => unseal(sealed, secret),
    openTransport: () => Promise.reject(new Error("nothing is mailed here")),
    sendSystemMail: null,
    wake: async () => {},
    logError: (message, error) => console.error(message, error),
    ...over,
  };
}

export const clientFor = (app: App, token: string): Client =>
  createClient({ baseUrl: "https://cadenza.test", token, fetch: (request) => app.fetch(request) });

/** A workspace of this name, with one host app that has one secret. */
export async function registerHostApp(app: App, workspace: string, origins: string[]): Promise<Registered> {
  const admin = { email: "ada@northwind.example", name: "Ada" };
  const { token: key } = await clientFor(app, serviceToken)("internal.createWorkspace", {
    body: { name: workspace, timeZone: "Europe/Lisbon", admin },
  });
  const client = clientFor(app, key);
  const { id } = await client("embedApps.create", { body: { name: "CRM", origins, newMemberRole: "rep" } });
  const { kid, secret } = await client("embedApps.createSecret", { params: { id } });
  return { workspace, key, id, kid, secret };
}

/** The code block below `<!-- run: … -->` on docs/embed.md. */
export function exampleOn(page: string, name: string): string {
  const found = new RegExp(`<!-- run: ${name} -->\\s+\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(page);
  if (!found) throw new Error(`docs/embed.md has no example to run for ${name}`);
  return found[1]!;
}
