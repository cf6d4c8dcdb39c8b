/**
 * The workspace the demo plays in, as the driver sees it: who is who, and the API's client. Everything here was made
 * through the API, the people by the same loader as `pnpm load`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type LoadedContacts, loadContacts } from "@cadenza/edge-api/scripts/load-contacts";
import { everyPage, loadSequence, parseSequenceFile } from "@cadenza/edge-api/scripts/load-sequence";
import { type AnswerOf, type Client, createClient } from "@cadenza/shared/client";
import { nameOf, type Step } from "./lines.ts";
import { mailPassword } from "./mail-server.ts";

export const officeZone = "Europe/Lisbon";
export const serviceToken = "demo-service-token";
export const adminEmail = "robin@northwind.example";

export type Person = { id: string; name: string; email: string; zone: string };
export type Sequence = { id: string; name: string; steps: Step[] };

export type Office = {
  url: string;
  token: string;
  /** Hands in mail that arrived, and may do nothing else. */
  inboundToken: string;
  client: Client;
  service: Client;
  loaded: LoadedContacts;
  people: Map<string, Person>;
  sequences: Map<string, Sequence>;
  /** Hands in a mail that arrived, with that key. */
  receive(raw: string): Promise<AnswerOf<"inbound.ingest">>;
};

export async function setClock(url: string, now: number): Promise<void> {
  const headers = { authorization: `Bearer ${serviceToken}`, "content-type": "application/json" };
  const answer = await fetch(`${url}/demo/clock`, { method: "PUT", headers, body: JSON.stringify({ now }) });
  if (!answer.ok) throw new Error(`the clock was not set: ${answer.status}`);
}

export async function openOffice(url: string, smtpPort: number): Promise<Office> {
  const service = createClient({ baseUrl: url, token: serviceToken });
  const { token, member } = await service("internal.createWorkspace", {
    body: {
      name: "Northwind",
      timeZone: officeZone,
      postalAddress: "Northwind Lda, Rua do Ouro 1, 1100-060 Lisboa",
      admin: { email: adminEmail, name: "Robin Reis" },
    },
  });
  const client = createClient({ baseUrl: url, token, fetch: sendAgain });
  const mira = await client("members.create", {
    body: { email: "mira@northwind.example", name: "Mira Costa" },
  });
  const smtp = (user: string) => ({
    host: "127.0.0.1",
    port: smtpPort,
    security: "none" as const,
    user,
    password: mailPassword,
  });
  await client("mailboxes.create", {
    body: {
      address: "robin@northwind.example",
      name: "Robin Reis",
      ownerId: member.id,
      smtp: smtp("robin@northwind.example"),
      signature: "Robin Reis\nNorthwind",
      dailyCap: 60,
      gapSeconds: 0,
    },
  });
  await client("mailboxes.create", {
    body: {
      address: "mira@northwind.example",
      name: "Mira Costa",
      ownerId: mira.id,
      smtp: smtp("mira@northwind.example"),
      signature: "Mira Costa\nNorthwind",
      dailyCap: 6,
      gapSeconds: 120,
    },
  });
  const weekdays = [1, 2, 3, 4, 5];
  const schedules = [
    { name: "Mornings", windows: [{ days: weekdays, from: "09:00", to: "11:30" }], jitterMinutes: 0 },
    {
      name: "Office hours",
      windows: [
        { days: weekdays, from: "09:00", to: "12:30" },
        { days: weekdays, from: "14:00", to: "17:00" },
      ],
      jitterMinutes: 3,
    },
    {
      name: "US business days",
      windows: [{ days: weekdays, from: "09:00", to: "17:00" }],
      country: "US",
      jitterMinutes: 0,
    },
  ];
  for (const body of schedules) await client("schedules.create", { body });

  const data = (name: string) => readFileSync(join(import.meta.dirname, "data", name));
  const loaded = await loadContacts(client, data("contacts.csv"), {
    reference: { system: "hubspot", type: "contact" },
  });
  const sequences = new Map<string, Sequence>();
  for (const file of ["new-lead", "event-follow-up", "renewal"]) {
    const { id } = await loadSequence(client, parseSequenceFile(data(`sequences/${file}.json`).toString()), {
      publish: true,
      update: false,
    });
    const { name, steps } = await client("sequences.get", { params: { id } });
    sequences.set(name, { id, name, steps });
  }
  const inbound = await client("apiKeys.create", { body: { name: "Inbound mail", scopes: ["inbound"] } });
  const office: Office = {
    url,
    token,
    inboundToken: inbound.token,
    client,
    service,
    loaded,
    people: new Map(),
    sequences,
    receive: async (raw) => {
      const headers = { authorization: `Bearer ${inbound.token}`, "content-type": "message/rfc822" };
      const answer = await fetch(`${url}/v1/inbound`, { method: "POST", headers, body: raw });
      if (!answer.ok) throw new Error(`the mail was not taken: ${await answer.text()}`);
      return (await answer.json()) as AnswerOf<"inbound.ingest">;
    },
  };
  await learnPeople(office);
  return office;
}

export async function learnPeople({ client, people }: Office): Promise<void> {
  const all = await everyPage((cursor) => client("contacts.list", { query: { limit: 200, cursor } }));
  for (const one of all) {
    const { id, email, timeZone } = one;
    people.set(id, { id, name: nameOf(one), email: email ?? "", zone: timeZone ?? officeZone });
  }
}

export function personNamed({ people }: Office, name: string): Person {
  const found = [...people.values()].find((person) => person.name === name);
  if (!found) throw new Error(`there is nobody called ${name}`);
  return found;
}

export function sequenceNamed({ sequences }: Office, name: string): Sequence {
  const found = sequences.get(name);
  if (!found) throw new Error(`there is no sequence "${name}"`);
  return found;
}

/** A connection kept open may be closed under a request; one that only reads is simply made again. */
async function sendAgain(request: Request): Promise<Response> {
  if (request.method !== "GET") return fetch(request);
  return fetch(request.clone()).catch(() => fetch(request));
}
