/** The CRM in the demo: registered as a host app through the API, and looked at the way a rep's browser would. */
import { createClient } from "@cadenza/shared/client";
import { type Office, personNamed } from "../office.ts";
import { paint, say } from "../screen.ts";
import type { Verdict } from "../verdict.ts";
import { type Crm, startCrm } from "./server.ts";

/** Dana Reyes, who answered the first mail. */
const leadId = "50101";

export async function openCrm({ client, url }: Office, port: number): Promise<Crm> {
  const origins = [`http://127.0.0.1:${port}`];
  const { id } = await client("embedApps.create", {
    body: { name: "Northwind CRM", origins, newMemberRole: "rep" },
  });
  const { kid, secret } = await client("embedApps.createSecret", { params: { id } });
  return startCrm(port, { cadenza: url, app: id, kid, secret });
}

export async function visitCrm(crm: Crm, office: Office, verdict: Verdict): Promise<void> {
  const page = await fetch(`${crm.url}/leads/${leadId}`);
  const text = await page.text();
  const attribute = (name: string) => new RegExp(`<cadenza-panel[^>]* ${name}="([^"]+)"`).exec(text)?.[1];
  const [, script = ""] = /<script type="module" src="(http[^"]+)"/.exec(text) ?? [];
  const served = await fetch(script);
  verdict.same(
    "the CRM's page of a lead holds the panel, and the panel's script is served",
    [200, "lead", leadId, `${office.url}/widget@1.js`, 200, "text/javascript; charset=utf-8"],
    [
      ...[page.status, attribute("entity-type"), attribute("entity-id")],
      ...[script, served.status, served.headers.get("content-type")],
    ],
  );

  const fromPage = (request: Request) => {
    request.headers.set("origin", crm.url);
    return fetch(request);
  };
  const visitor = createClient({ baseUrl: office.url, fetch: fromPage });
  const session = await visitor("embed.session", { body: { token: attribute("token") ?? "" } });
  verdict.same(
    "the token the CRM signed is exchanged for a session of whoever is signed in there",
    ["Robin Reis", "manager", "Northwind"],
    [session.member.name, session.member.role, session.workspace.name],
  );
  const panel = createClient({ baseUrl: office.url, token: session.accessToken, fetch: fromPage });
  const { contact, enrollments } = await panel("record.get", { query: { entity: "lead", id: leadId } });
  const dana = personNamed(office, "Dana Reyes");
  verdict.same(
    "the panel is told who the lead is, and that their answer stopped the sequence",
    [dana.id, "New lead", "completed", "replied"],
    [contact.id, enrollments[0]?.sequenceName, enrollments[0]?.status, enrollments[0]?.reason],
  );
  say(
    `the CRM's page of ${dana.name} shows the panel: ${paint("answered, so nothing more goes out", "good")}`,
  );
}
