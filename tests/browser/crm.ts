/**
 * A host's CRM for the browser tests of the panel: the API over SQLite in memory with a clock that can be stepped and a
 * wire that takes mail, the panel's built files, and pages of the host on an origin of its own.
 */
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type App, createApp } from "../../edge-api/src/app.ts";
import type { System } from "../../edge-api/src/domain/system.ts";
import type { OutgoingMessage } from "../../edge-api/src/domain/transport.ts";
import { runEngine } from "../../edge-api/src/run.ts";
import type { Client } from "../../shared/src/client.ts";
import { ensureBuilt } from "../../widget/build.ts";
import {
  builtPanel,
  clientFor,
  openSystem,
  type Registered,
  registerHostApp,
  serviceToken,
} from "../host-app.ts";

/** Monday 23 November 2026, 09:00 UTC. */
export const monday = Date.UTC(2026, 10, 23, 9);

export type Crm = {
  /** Cadenza's address and the host's: two origins. */
  cadenza: string;
  host: string;
  app: App;
  system: System;
  /** With everything a workspace's key may do. */
  client: Client;
  registered: Registered;
  /** Mail that left. */
  delivered: OutgoingMessage[];
  /** Serves `html` at this path of the host, with these headers. @returns its address. */
  page(path: string, html: string, headers?: Record<string, string>): string;
  /** What the host's server would sign for a user. */
  tokenFor(user: { name: string; email?: string }, heldS?: number): string;
  /** Moves business time on and lets the engine work. */
  pass(ms: number): Promise<void>;
  /** Answers requests for the API in its stead while it is set: an outage, a slow server. */
  outage: ((path: string) => Promise<Response | null> | Response | null) | null;
  /** Every request the API got: method and path. */
  asked: string[];
  close(): void;
};

export async function openCrm(): Promise<Crm> {
  await ensureBuilt();
  const servers: Server[] = [];
  const delivered: OutgoingMessage[] = [];
  const pages = new Map<string, { html: string; headers: Record<string, string> }>();
  const clock = { ahead: 0 };
  const startedAt = Date.now();
  let app: App | null = null;
  const asked: string[] = [];
  const crm = { outage: null } as Crm;

  const cadenza: string = `http://127.0.0.1:${await listen(servers, async (request) => {
    const { pathname } = new URL(request.url ?? "/", "http://x");
    asked.push(`${request.method} ${pathname}`);
    // Before anything else: whoever asks may be gone by then.
    const body = await bodyOf(request);
    const instead = await crm.outage?.(pathname);
    return instead ?? passOn(app!, cadenza, request, body);
  })}`;
  const system = openSystem(cadenza, {
    // Business time starts on a Monday morning and goes on as fast as ours.
    now: () => monday + (Date.now() - startedAt) + clock.ahead,
    openTransport: async () => ({
      class: "blind",
      deliver: async (message) => {
        delivered.push(message);
        return { kind: "sent", providerMessageId: null, response: "250 OK" };
      },
    }),
  });
  let lastEventId = Date.now();
  system.nextEventId = () => ++lastEventId;
  app = createApp([system], { serviceToken, assets: builtPanel });
  const host = `http://localhost:${await listen(servers, ({ url = "/" }) => {
    const page = pages.get(new URL(url, "http://x").pathname);
    if (!page) return new Response("Not here", { status: 404 });
    return new Response(page.html, {
      headers: { "content-type": "text/html; charset=utf-8", ...page.headers },
    });
  })}`;
  const registered = await registerHostApp(app, "Northwind", [host]);

  return Object.assign(crm, {
    cadenza,
    host,
    app,
    system,
    registered,
    delivered,
    asked,
    client: clientFor(app, registered.key),
    page(path: string, html: string, headers: Record<string, string> = {}) {
      pages.set(path, { html, headers });
      return host + path;
    },
    tokenFor: (user: { name: string; email?: string }, heldS = 600) =>
      hostToken(registered, cadenza, user, heldS),
    async pass(ms: number) {
      clock.ahead += ms;
      await runEngine(system);
    },
    close() {
      for (const server of servers) server.close();
    },
  });
}

export function hostToken(
  { id, kid, secret }: Registered,
  audience: string,
  { name, email = `${name.toLowerCase()}@northwind.example` }: { name: string; email?: string },
  heldS: number,
): string {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const now = Math.floor(Date.now() / 1_000);
  const claims = encode({ iss: id, aud: audience, sub: name, email, name, iat: now - 60, exp: now + heldS });
  const signed = `${encode({ alg: "HS256", kid })}.${claims}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

type Answer = (request: IncomingMessage) => Promise<Response> | Response;

async function listen(servers: Server[], answer: Answer): Promise<number> {
  const server = createServer(async (request, response) => {
    const given = await answer(request);
    response.writeHead(given.status, Object.fromEntries(given.headers));
    response.end(Buffer.from(await given.arrayBuffer()));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer> | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length ? Buffer.concat(chunks) : null;
}

async function passOn(
  app: App,
  base: string,
  request: IncomingMessage,
  body: Buffer<ArrayBuffer> | null,
): Promise<Response> {
  const headers = new Headers(
    Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return app.fetch(new Request(base + request.url, { method: request.method ?? "GET", headers, body }));
}
