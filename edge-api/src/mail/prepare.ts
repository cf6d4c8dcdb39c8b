/** A claimed send → the bytes that go on the wire, or why there are none. Called before a mail is authorised. */
import type { ClaimedSend } from "../domain/delivery.ts";
import type { Facts } from "../domain/facts.ts";
import { domainOf, draftTemplate, messageIdOf, renderMessage } from "../domain/message.ts";
import { mailTemplate, stepAt } from "../domain/sequence.ts";
import type { OutgoingMessage } from "../domain/transport.ts";
import { buildMime } from "./mime.ts";

/** Renders the mail again from what was fixed. What does not come out the same is not sent. */
export async function prepareMail(
  send: ClaimedSend,
  facts: Facts,
  at: number,
  { shard, secret }: { shard: number; secret: string },
): Promise<{ ok: true; message: OutgoingMessage; subject: string } | { ok: false; detail: string }> {
  const step = stepAt(facts.version, send.stepId);
  if (!step || !("body" in step)) return { ok: false, detail: "The step this mail was made for is gone." };
  const { snapshot } = send;
  const template =
    "draft" in snapshot.values ? draftTemplate : mailTemplate(facts.version, step, snapshot.thread !== null);
  const rendered = renderMessage(template, snapshot);
  if (!rendered.ok) {
    return { ok: false, detail: "missing" in rendered ? `${rendered.missing} is missing` : rendered.error };
  }
  if (rendered.hash !== send.contentHash) {
    return { ok: false, detail: "The mail no longer renders as it was fixed. Resume to make it anew." };
  }
  const messageId = messageIdOf({ ...send, shard }, domainOf(send.snapshot.from), secret);
  return {
    ok: true,
    subject: rendered.content.subject,
    message: {
      from: send.snapshot.from,
      to: send.snapshot.to,
      mime: await buildMime({ content: rendered.content, snapshot: send.snapshot, messageId, date: at }),
      messageId,
      idempotencyKey: `${shard}.${send.enrollmentId}.${send.stepId}.${send.cycle}`,
    },
  };
}
