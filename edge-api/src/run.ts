/**
 * The engine's loops over a System: what the cron, the queue, the run endpoint, the demo and the simulation all call.
 * Here, and nowhere else, a loop's Deps are filled in.
 */

import { commitDecisions, factsPort } from "./commands/ports.ts";
import { settleSend } from "./commands/sends.ts";
import {
  authorise,
  claimDue,
  claimSends,
  giveBack,
  hasDueSends,
  listStaleSending,
  listUsage,
  noteLook,
  readBack,
  reauthorise,
  releaseStaleClaims,
  reserveSlots,
} from "./db/claims.ts";
import { listEnrollmentsById } from "./db/enrollment-rows.ts";
import { loadFacts } from "./db/facts.ts";
import { consume, findAnswered, findPerson, isConsumed, isOwnAddress, listLive } from "./db/inbound.ts";
import { loadMailbox } from "./db/mailbox-wire.ts";
import { loadSend } from "./db/sends.ts";
import { suppressContact } from "./db/suppress.ts";
import { tidy } from "./db/tidy.ts";
import { engineActor } from "./domain/actor.ts";
import type { ClaimedSend } from "./domain/delivery.ts";
import { cancel } from "./domain/enrollment.ts";
import type { Facts } from "./domain/facts.ts";
import type { ContactId, EnrollmentId, MailboxId, WorkspaceId } from "./domain/ids.ts";
import { domainOf, draftTemplate, messageIdOf, renderMessage } from "./domain/message.ts";
import type { AnsweredSend } from "./domain/reply.ts";
import { stepAt } from "./domain/sequence.ts";
import type { System } from "./domain/system.ts";
import type { Transport } from "./domain/transport.ts";
import {
  type DeliverDeps,
  type DeliverLimits,
  type DeliverReport,
  deliver,
  deliverLimits,
  type Prepared,
} from "./engine/deliver.ts";
import { type IngestDeps, stopAll } from "./engine/ingest.ts";
import {
  type RecoverDeps,
  type RecoverLimits,
  type RecoverReport,
  recover,
  recoverLimits,
} from "./engine/recover.ts";
import { type TickDeps, type TickLimits, type TickReport, tick, tickLimits } from "./engine/tick.ts";
import { buildMime } from "./mail/mime.ts";

export type EngineLimits = { tick: TickLimits; deliver: DeliverLimits; recover: RecoverLimits };
export const engineLimits: EngineLimits = {
  tick: tickLimits,
  deliver: deliverLimits,
  recover: recoverLimits,
};

export type RunReport = { tick: TickReport; deliver: DeliverReport; recover: RecoverReport };

/** One whole turn, as `POST /internal/sequences/run` and the demo do it. */
export async function runEngine(system: System, limits: EngineLimits = engineLimits): Promise<RunReport> {
  const recovered = await recover(recoverDeps(system), limits.recover);
  const ticked = await tick({ ...tickDeps(system), wakeDelivery: async () => {} }, limits.tick);
  await noteTick(system);
  const delivered = await deliver(deliverDeps(system), limits.deliver);
  return { tick: ticked, deliver: delivered, recover: recovered };
}

/** The cron's and queue's turn: delivery rides its own message, and is woken whenever anything is due. */
export async function runTick(system: System, limits: EngineLimits = engineLimits): Promise<void> {
  await recover(recoverDeps(system), limits.recover);
  const report = await tick(tickDeps(system), limits.tick);
  await noteTick(system);
  if (!report.drained) await system.wake({ kind: "tick", shard: system.shard });
  if (!report.sends && (await hasDueSends(system.db, system.now()))) {
    await system.wake({ kind: "deliver", shard: system.shard });
  }
}

export async function runDelivery(system: System, limits: EngineLimits = engineLimits): Promise<void> {
  const report = await deliver(deliverDeps(system), limits.deliver);
  if (!report.drained) await system.wake({ kind: "deliver", shard: system.shard });
}

export const runTidy = (system: System): Promise<void> =>
  tidy(system.db, { now: system.now(), wallNow: system.wallNow() });

async function noteTick(system: System): Promise<void> {
  await system.db
    .prepare(`INSERT INTO shard_state (id, last_tick_at) VALUES (1, ?1)
              ON CONFLICT (id) DO UPDATE SET last_tick_at = excluded.last_tick_at`)
    .bind(system.wallNow())
    .run();
}

export const tickDeps = (system: System): TickDeps => ({
  now: system.now,
  wallNow: system.wallNow,
  newToken: system.newToken,
  claimDue: (claim) => claimDue(system.db, claim),
  loadFacts: (rows) => loadFacts(factsPort(system), rows),
  commit: (decisions) => commitDecisions(system, decisions),
  wakeDelivery: () => system.wake({ kind: "deliver", shard: system.shard }),
  logError: system.logError,
});

async function loadFactsOf(system: System, ids: EnrollmentId[]): Promise<Map<EnrollmentId, Facts>> {
  return (await loadFacts(factsPort(system), await listEnrollmentsById(system.db, ids))).facts;
}

/** One transport a mailbox and run: opening one reads and unseals its password. */
function transportsOf(system: System): (mailboxId: MailboxId) => Promise<Transport> {
  const open = new Map<MailboxId, Promise<Transport>>();
  return (mailboxId) => {
    const known = open.get(mailboxId);
    if (known) return known;
    const opening = loadMailbox(system.db, mailboxId).then(system.openTransport);
    open.set(mailboxId, opening);
    // A failure is not kept: the next mail tries again.
    opening.catch(() => open.delete(mailboxId));
    return opening;
  };
}

export const deliverDeps = (system: System): DeliverDeps => ({
  now: system.now,
  wallNow: system.wallNow,
  newToken: system.newToken,
  sleep: system.sleep,
  claimSends: (claim) => claimSends(system.db, claim),
  loadFactsOf: (ids) => loadFactsOf(system, ids),
  prepare: (send, facts, at) => prepare(system, send, facts, at),
  authorise: (group, claim, at) => authorise(system.db, group, claim, at),
  readBack: (group, claim) => readBack(system.db, group, claim),
  giveBack: (group, claim) => giveBack(system.db, group, claim),
  listUsage: (mailboxId, now) => listUsage(system.db, mailboxId, now),
  reserveSlots: (mailboxId, slots) => reserveSlots(system.db, mailboxId, slots),
  transportOf: transportsOf(system),
  commit: (decisions) => commitDecisions(system, decisions),
  logError: system.logError,
});

export const recoverDeps = (system: System): RecoverDeps => ({
  now: system.now,
  wallNow: system.wallNow,
  releaseStaleClaims: (at) => releaseStaleClaims(system.db, at),
  listStaleSending: (at) => listStaleSending(system.db, at),
  loadFactsOf: (ids) => loadFactsOf(system, ids),
  prepare: (send, facts, at) => prepare(system, send, facts, at),
  transportOf: transportsOf(system),
  noteLook: (send, look) => noteLook(system.db, send, look),
  reauthorise: (send, at) => reauthorise(system.db, send, at),
  commit: (decisions) => commitDecisions(system, decisions),
  logError: system.logError,
});

export const ingestDeps = (system: System): IngestDeps => ({
  now: system.now,
  isConsumed: (workspaceId, messageId) => isConsumed(system.db, workspaceId, messageId),
  isOwnAddress: (workspaceId, address) => isOwnAddress(system.db, workspaceId, address),
  findAnswered: (workspaceId, ids) => findAnswered(system.db, workspaceId, ids, system),
  findPerson: (workspaceId, address) => findPerson(system.db, workspaceId, address),
  listLive: (contactId) => listLive(system.db, contactId),
  commit: (decisions) => commitDecisions(system, decisions),
  suppress: (workspaceId, contactId, reason, address) =>
    suppressContact(
      { db: system.db, now: system.now(), nextEventId: system.nextEventId },
      workspaceId,
      contactId,
      reason,
      "person",
      address,
    ),
  settleUncertain: (answered) => settleUncertain(system, answered),
  consume: (workspaceId, mail) =>
    consume({ db: system.db, now: system.now(), nextEventId: system.nextEventId }, workspaceId, mail),
});

/** An answer to a mail nobody was sure of proves that it arrived. The open question about it is closed. */
async function settleUncertain(system: System, answered: AnsweredSend): Promise<void> {
  const { state } = await loadSend(system.db, answered.workspaceId, answered);
  if (state === "uncertain") await settleSend(system, engineActor(answered.workspaceId), answered, true);
}

/** Renders the mail again from what was fixed. What does not come out the same is not sent. */
async function prepare(system: System, send: ClaimedSend, facts: Facts, at: number): Promise<Prepared> {
  const step = stepAt(facts.version, send.stepId);
  const template = "draft" in send.snapshot.values ? draftTemplate : step;
  if (!template || !("body" in template))
    return { ok: false, detail: "The step this mail was made for is gone." };
  const rendered = renderMessage(template, send.snapshot);
  if (!rendered.ok) {
    return { ok: false, detail: "missing" in rendered ? `${rendered.missing} is missing` : rendered.error };
  }
  if (rendered.hash !== send.contentHash) {
    return { ok: false, detail: "The mail no longer renders as it was fixed. Resume to make it anew." };
  }
  const messageId = messageIdOf(
    { ...send, shard: system.shard },
    domainOf(send.snapshot.from),
    system.secret,
  );
  return {
    ok: true,
    subject: rendered.content.subject,
    message: {
      from: send.snapshot.from,
      to: send.snapshot.to,
      mime: await buildMime({ content: rendered.content, snapshot: send.snapshot, messageId, date: at }),
      messageId,
      idempotencyKey: `${system.shard}.${send.enrollmentId}.${send.stepId}.${send.cycle}`,
    },
  };
}

/** A person's own word: their address is never mailed again, and everything they are in ends with that reason. */
export async function optOut(system: System, workspaceId: WorkspaceId, contactId: ContactId): Promise<void> {
  const deps = ingestDeps(system);
  await deps.suppress(workspaceId, contactId, "opted_out");
  await stopAll(deps, contactId, (enrollment, by) =>
    cancel(enrollment, { reason: "opted_out" }, { ...by, actor: "person" }),
  );
}
