/** Mail that Email Routing hands over: it reaches the workspace it belongs to, and no other. */
import { beforeEach, expect, test } from "vitest";
import { onEmail } from "../../src/email.ts";
import { createMailbox, createWorkspace } from "../world.ts";
import { after, calm, delivered, email, enrollmentOf, stage, ticked } from "./stage.ts";

beforeEach(calm);

function arriving(to: string, headers: Record<string, string>) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const raw = [...lines, "", "Yes, let us talk.", ""].join("\r\n");
  const rejected: string[] = [];
  const message = {
    from: "dana@buyer.example",
    to,
    raw: new Blob([raw]).stream(),
    setReject: (why: string) => rejected.push(why),
  } as unknown as ForwardableEmailMessage;
  return { message, rejected };
}

test("an answer stops the person's sequence, whichever of our addresses it was sent to", async () => {
  const steps = [email(), email({ delay: after(1, "days"), subject: null })];
  const { system, ids } = await stage({ people: 1, steps });
  await ticked(system);
  await delivered(system);
  const [mail] = system.delivered;
  // Somebody else's workspace claims the very address our mail was sent from.
  const stranger = await createWorkspace(system);
  await createMailbox(system, stranger.id, { address: mail!.from });
  const { message, rejected } = arriving(mail!.from, {
    From: mail!.to,
    "Message-ID": "<answer-1@buyer.example>",
    "In-Reply-To": mail!.messageId,
    Subject: "Re: hello",
  });
  await onEmail(message, [system]);
  expect(rejected).toEqual([]);
  expect(await enrollmentOf(system, ids[0]!)).toMatchObject({ status: "completed", reason: "replied" });
  const { results } = await system.db
    .prepare(
      "SELECT workspace_id AS id FROM inbound_messages WHERE message_id LIKE '%answer-1@buyer.example%'",
    )
    .all<{ id: number }>();
  expect(results.map(({ id }) => id)).not.toContain(stranger.id);
  expect(results).toHaveLength(1);
});

test("mail to an address nobody here has is turned away", async () => {
  const { system } = await stage({ people: 1 });
  const { message, rejected } = arriving("nobody@elsewhere.example", {
    From: "dana@buyer.example",
    "Message-ID": "<lost-1@buyer.example>",
    Subject: "Hello",
  });
  await onEmail(message, [system]);
  expect(rejected).toEqual(["550 5.1.1 No such mailbox here"]);
});
