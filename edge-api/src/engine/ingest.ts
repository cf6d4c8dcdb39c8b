/**
 * Mail that came in. Finds whom it is from and which mail it answers, and stops what must stop before anything else
 * can be sent. Called with a parsed mail by the API and by Email Routing; the same mail may come any number of times.
 *
 * Invariant: a mail is marked as consumed only after every stop it causes has landed.
 */
import type { ReplyClass } from "@cadenza/shared/vocabulary";
import { awayUntil } from "../domain/absence.ts";
import type { Decision } from "../domain/decision.ts";
import { cancel, complete, type Enrollment } from "../domain/enrollment.ts";
import type { ContactId, EnrollmentId, WorkspaceId } from "../domain/ids.ts";
import { bounceKind, classifyReply, type InboundMail } from "../domain/inbound.ts";
import type { AnsweredSend, ConsumedMail } from "../domain/reply.ts";

export interface IngestDeps {
  now(): number;
  isConsumed(workspaceId: WorkspaceId, messageId: string): Promise<boolean>;
  isOwnAddress(workspaceId: WorkspaceId, address: string): Promise<boolean>;
  /** Whom a mail to our unsubscribe address takes off, by the token in its subject. */
  findLeaving(workspaceId: WorkspaceId, subject: string): Promise<ContactId | null>;
  findAnswered(workspaceId: WorkspaceId, messageIds: string[]): Promise<AnsweredSend | null>;
  findPerson(workspaceId: WorkspaceId, address: string): Promise<ContactId | null>;
  /** Whose days and holidays are meant: the person's own, else the workspace's zone. */
  findPlace(
    workspaceId: WorkspaceId,
    contactId: ContactId,
  ): Promise<{ zone: string; country: string | null }>;
  /** Lengthens what holds the person already, and never shortens it. */
  holdAway(workspaceId: WorkspaceId, contactId: ContactId, untilAt: number): Promise<void>;
  listLive(contactId: ContactId): Promise<Enrollment[]>;
  commit(decisions: Decision[]): Promise<Set<EnrollmentId>>;
  suppress(
    workspaceId: WorkspaceId,
    contactId: ContactId,
    reason: "opted_out" | "bounced" | "complaint",
    /** Left out: every address the person has. */
    address?: string,
  ): Promise<void>;
  settleUncertain(answered: AnsweredSend): Promise<void>;
  consume(workspaceId: WorkspaceId, mail: ConsumedMail): Promise<void>;
}

export type IngestResult = {
  outcome: "stopped" | "recorded" | "ignored" | "duplicate";
  replyClass: ReplyClass;
  contactId: ContactId | null;
  stopped: EnrollmentId[];
  /** Why nothing was done, where nothing was. */
  why: "own_mail" | "unknown_sender" | null;
};

const stopTries = 20;

export async function ingest(
  deps: IngestDeps,
  workspaceId: WorkspaceId,
  mail: InboundMail,
  /** Names the mail where it has no Message-ID: a digest of its bytes. */
  digest: string,
): Promise<IngestResult> {
  const messageId = mail.messageId ?? digest;
  const leaving = await deps.findLeaving(workspaceId, mail.subject);
  const replyClass = leaving === null ? classifyReply(mail) : "unsubscribe_request";
  const result: IngestResult = { outcome: "ignored", replyClass, contactId: null, stopped: [], why: null };
  if (await deps.isConsumed(workspaceId, messageId)) return { ...result, outcome: "duplicate" };
  // Direction first: our own follow-up in a thread must never count as the person's answer.
  if (mail.from && (await deps.isOwnAddress(workspaceId, mail.from))) return { ...result, why: "own_mail" };

  const answered = leaving === null ? await deps.findAnswered(workspaceId, threadIds(mail)) : null;
  const contactId =
    leaving ?? answered?.contactId ?? (mail.from ? await deps.findPerson(workspaceId, mail.from) : null);
  if (contactId === null) return { ...result, why: "unknown_sender" };

  const stopped = await stopFor(deps, workspaceId, contactId, answered, mail, replyClass);
  // After the stops: settling sets a waiting enrollment going again.
  if (answered) await deps.settleUncertain(answered);
  await deps.consume(workspaceId, {
    messageId,
    replyClass,
    contactId,
    enrollmentId: answered?.enrollmentId ?? stopped[0] ?? null,
    stepId: answered?.stepId ?? null,
    data: { class: replyClass, subject: mail.subject.slice(0, 255), text: mail.text.slice(0, 2000) },
  });
  return { ...result, outcome: stopped.length ? "stopped" : "recorded", contactId, stopped };
}

/** What the mail says it answers, the nearest first; a bounce names the mail it could not deliver. */
export const threadIds = (mail: InboundMail): string[] =>
  [...mail.inReplyTo, ...mail.references.toReversed(), mail.report?.originalMessageId].filter(
    (id) => id != null,
  );

async function stopFor(
  deps: IngestDeps,
  workspaceId: WorkspaceId,
  contactId: ContactId,
  answered: AnsweredSend | null,
  mail: InboundMail,
  replyClass: ReplyClass,
): Promise<EnrollmentId[]> {
  switch (replyClass) {
    case "human":
    case "calendar":
      return stopAll(deps, contactId, (enrollment, by) => complete(enrollment, { reason: "replied" }, by));
    case "unsubscribe_request":
      await deps.suppress(workspaceId, contactId, "opted_out");
      return stopAll(deps, contactId, (enrollment, by) => cancel(enrollment, { reason: "opted_out" }, by));
    case "complaint":
      // Only a report about a mail of ours may silence a person: anybody can write a report.
      if (!answered) return [];
      await deps.suppress(workspaceId, contactId, "complaint");
      return stopAll(deps, contactId, (enrollment, by) => cancel(enrollment, { reason: "suppressed" }, by));
    case "bounce":
      if (!answered || bounceKind(mail) !== "hard") return [];
      await deps.suppress(workspaceId, contactId, "bounced", answered.to);
      return stopAll(deps, contactId, (enrollment, by) => cancel(enrollment, { reason: "bounced" }, by));
    case "out_of_office": {
      const place = await deps.findPlace(workspaceId, contactId);
      await deps.holdAway(workspaceId, contactId, awayUntil(mail, { now: deps.now(), ...place }));
      return [];
    }
    case "auto_reply":
      return [];
  }
}

/** Stops every live enrollment of the person, again and again until each stop has landed or the row has ended. */
export async function stopAll(
  deps: Pick<IngestDeps, "now" | "listLive" | "commit">,
  contactId: ContactId,
  stop: (enrollment: Enrollment, by: { actor: string; at: number }) => ReturnType<typeof complete>,
): Promise<EnrollmentId[]> {
  const stopped: EnrollmentId[] = [];
  for (let attempt = 0; attempt < stopTries; attempt++) {
    const live = await deps.listLive(contactId);
    const decisions = live.flatMap((enrollment) => {
      const change = stop(enrollment, { actor: "engine", at: deps.now() });
      return change.ok ? [change.decision] : [];
    });
    if (!decisions.length) return stopped;
    stopped.push(...(await deps.commit(decisions)));
  }
  throw new Error("the enrollment kept changing; the mail is not consumed and will be tried again");
}
