/**
 * "Northwind CRM": a product of somebody else's, on an origin of its own, with Cadenza's panel on the page of a lead. It
 * shows how little that takes: a token signed by its server, a script tag, an element, and three lines of policy.
 */
import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { readLeads } from "./leads.ts";
import { renderLead, renderLeads, renderNothing } from "./pages.ts";
import { cadenzaToken, type Registered, type User } from "./token.ts";

export type Crm = { url: string; close(): Promise<void> };

/** Whoever opens the demo is this person; a CRM would ask its own session. */
const signedIn: User = { id: "user-1", email: "robin@northwind.example", name: "Robin Reis" };

const files: Record<string, string> = {
  "/crm.css": "text/css",
  "/crm.js": "text/javascript",
  "/crm.svg": "image/svg+xml",
};

export async function startCrm(port: number, registered: Registered): Promise<Crm> {
  const { cadenza } = registered;
  const leads = readLeads();
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${cadenza}`,
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${cadenza}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://crm");
    const type = files[pathname];
    if (type) return send(response, 200, readFileSync(join(import.meta.dirname, pathname)), type);
    if (pathname === "/") return send(response, 302, "", "text/plain", { location: "/leads" });
    if (pathname === "/cadenza-token") {
      return send(response, 200, cadenzaToken(registered, signedIn), "text/plain");
    }
    const html = (status: number, page: string) =>
      send(response, status, page, "text/html", { "content-security-policy": policy });
    if (pathname === "/leads") return html(200, renderLeads(leads, signedIn));
    const lead = leads.find(({ id }) => pathname === `/leads/${id}`);
    if (!lead) return html(404, renderNothing(signedIn));
    const embed = { cadenza, app: registered.app, token: cadenzaToken(registered, signedIn) };
    html(200, renderLead(lead, leads, signedIn, embed));
  });
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", done);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  type: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  });
  response.end(body);
}
