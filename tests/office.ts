/** A workspace of its own for every test that wants one: a mailbox on a real mail server, and a schedule never closed. */
import { mailPassword } from "../demo/mail-server.ts";
import { type Client, createClient, type RequestOf } from "../shared/src/client.ts";

export const address = "robin@northwind.example";

export type Office = { client: Client; token: string; mailboxId: string; scheduleId: string };

export async function openOffice(service: Client, baseUrl: string, smtpPort: number): Promise<Office> {
  const admin = { email: address, name: "Robin" };
  const { token } = await service("internal.createWorkspace", {
    body: { name: "Northwind", timeZone: "Europe/Lisbon", admin },
  });
  const client = createClient({ baseUrl, token });
  const smtp = { host: "127.0.0.1", port: smtpPort, security: "none", user: address } as const;
  const mailbox = await client("mailboxes.create", {
    body: { address, smtp: { ...smtp, password: mailPassword }, gapSeconds: 0, dailyCap: 1_000 },
  });
  const schedule = await client("schedules.create", {
    body: { name: "Always", windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }] },
  });
  return { client, token, mailboxId: mailbox.id, scheduleId: schedule.id };
}

type Steps = RequestOf<"sequences.create">["body"]["steps"];

/** @returns the sequence's id. */
export async function publish(office: Office, steps: Steps): Promise<string> {
  const { client, mailboxId, scheduleId } = office;
  const { id } = await client("sequences.create", {
    body: { name: "Outreach", mailboxId, scheduleId, steps },
  });
  await client("sequences.publish", { params: { id } });
  return id;
}
