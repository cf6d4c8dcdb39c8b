/**
 * The engine's loops over a System: what the cron, the queue, the run endpoint, the demo and the simulation all call.
 * Here, and nowhere else, a loop's Deps are filled in.
 */

import { commitDecisions, erasedKeys, factsPort } from "./commands/ports.ts";
import { settleSend } from "./commands/sends.ts";
import {
  authorise,
  claimDue,
  claimSends,
  giveBack,
  hasDueSends,
  listSeniors,
  listStaleSending,
  listUsage,
  noteLook,
  pullForward,
  readBack,
  reauthorise,
  releaseStaleClaims,
  reserveSlots,
} from "./db/claims.ts";
import { listEnrollmentsById } from "./db/enrollment-rows.ts";
import { loadFacts } from "./db/facts.ts";
import { placeHold, releaseExpired } from "./db/holds.ts";
import {
  consume,
  findAnswered,
  findLeaving,
  findPerson,
  findPlace,
  isConsumed,
  isOwnAddress,
  listLive,
} from "./db/inbound.ts";
import { loadMailbox } from "./db/mailbox-wire.ts";
import { giveNoticesBack, listDueMembers, takeDue } from "./db/notices.ts";
import { forget } from "./db/retention.ts";
import { loadSend } from "./db/sends.ts";
import { suppressContact } from "./db/suppress.ts";
import { tidy } from "./db/tidy.ts";
import { tidySignIns } from "./db/tidy-sign-ins.ts";
import { engineActor } from "./domain/actor.ts";
import { cancel } from "./domain/enrollment.ts";
import { AppError } from "./domain/errors.ts";
import type { Facts } from "./domain/facts.ts";
import type { ContactId, EnrollmentId, MailboxId, SendKey, WorkspaceId } from "./domain/ids.ts";
import type { System } from "./domain/system.ts";
import type { Transport } from "./domain/transport.ts";
import {
  type DeliverDeps,
  type DeliverLimits,
  type DeliverReport,
  deliver,
  deliverLimits,
} from "./engine/deliver.ts";
import { type IngestDeps, stopAll } from "./engine/ingest.ts";
import { notify } from "./engine/notify.ts";
import {
  type RecoverDeps,
  type RecoverLimits,
  type RecoverReport,
  recover,
  recoverLimits,
} from "./engine/recover.ts";
import { type TickDeps, type TickLimits, type TickReport, tick, tickLimits } from "./engine/tick.ts";
import { noticeMail } from "./mail/notice-mail.ts";
import { prepareMail } from "./mail/prepare.ts";

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
  await releaseExpired(rowsPort(system));
  const ticked = await tick({ ...tickDeps(system), wakeDelivery: async () => {} }, limits.tick);
  await noteTick(system);
  const delivered = await deliver(deliverDeps(system), limits.deliver);
  await runNotify(system);
  return { tick: ticked, deliver: delivered, recover: recovered };
}

/** The cron's and queue's turn: delivery rides its own message, and is woken whenever anything is due. */
export async function runTick(system: System, limits: EngineLimits = engineLimits): Promise<void> {
  await recover(recoverDeps(system), limits.recover);
  await releaseExpired(rowsPort(system));
  const report = await tick(tickDeps(system), limits.tick);
  await noteTick(system);
  await runNotify(system);
  if (!report.drained) await system.wake({ kind: "tick", shard: system.shard });
  if (!report.sends && (await hasDueSends(system.db, system.now()))) {
    await system.wake({ kind: "deliver", shard: system.shard });
  }
}

export async function runDelivery(system: System, limits: EngineLimits = engineLimits): Promise<void> {
  const report = await deliver(deliverDeps(system), limits.deliver);
  if (!report.drained) await system.wake({ kind: "deliver", shard: system.shard });
}

/** Once a day; woken again as long as there is more to forget than one run may. */
export async function runTidy(system: System): Promise<void> {
  const at = { now: system.now(), wallNow: system.wallNow() };
  await tidy(system.db, at);
  if (system.shard === 0) await tidySignIns(system.db, at.wallNow);
  if (!(await forget(system.db, at))) await system.wake({ kind: "tidy", shard: system.shard });
}

/** What members should hear of by mail; nothing where no mail server is set up: then it waits in their lists. */
export async function runNotify(system: System): Promise<number> {
  const { db, sendSystemMail, publicUrl } = system;
  if (!sendSystemMail) return 0;
  return notify({
    now: system.now,
    listDueMembers: (now, limit) => listDueMembers(db, now, limit),
    takeDue: (memberId, now, choice) => takeDue(db, memberId, now, choice),
    giveBack: (ids, dueAt) => giveNoticesBack(db, ids, dueAt),
    mail: (to, subject, lines) => sendSystemMail(noticeMail(publicUrl, to, subject, lines)),
    logError: system.logError,
  });
}

const rowsPort = ({ db, now, nextEventId }: System) => ({ db, now: now(), nextEventId });

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
  prepare: (send, facts, at) => prepareMail(send, facts, at, system),
  authorise: (group, claim, at) => authorise(system.db, group, claim, at, erasedKeys(system)),
  readBack: (group, claim) => readBack(system.db, group, claim),
  giveBack: (group, claim) => giveBack(system.db, group, claim),
  listUsage: (mailboxId, now) => listUsage(system.db, mailboxId, now),
  listSeniors: (send, at) => listSeniors(system.db, send, at),
  pullForward: (keys, now) => pullForward(system.db, keys, now),
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
  prepare: (send, facts, at) => prepareMail(send, facts, at, system),
  transportOf: transportsOf(system),
  noteLook: (send, look) => noteLook(system.db, send, look),
  reauthorise: (send, at) => reauthorise(system.db, send, at, erasedKeys(system)),
  commit: (decisions) => commitDecisions(system, decisions),
  settleUncertain: (send) => settleUncertain(system, send),
  logError: system.logError,
});

export const ingestDeps = (system: System): IngestDeps => ({
  now: system.now,
  isConsumed: (workspaceId, messageId) => isConsumed(system.db, workspaceId, messageId),
  isOwnAddress: (workspaceId, address) => isOwnAddress(system.db, workspaceId, address),
  findLeaving: (workspaceId, subject) => findLeaving(system.db, workspaceId, subject, system),
  findAnswered: (workspaceId, ids) => findAnswered(system.db, workspaceId, ids, system),
  findPerson: (workspaceId, address) => findPerson(system.db, workspaceId, address),
  findPlace: (workspaceId, contactId) => findPlace(system.db, workspaceId, contactId),
  holdAway: async (workspaceId, contactId, untilAt) => {
    const hold = { workspaceId, contactId, kind: "out_of_office" as const, untilAt, note: null };
    await placeHold(rowsPort(system), { ...hold, onlyLonger: true }, "engine");
  },
  listLive: (contactId) => listLive(system.db, contactId),
  commit: (decisions) => commitDecisions(system, decisions),
  suppress: (workspaceId, contactId, reason, address) =>
    suppressContact(rowsPort(system), workspaceId, contactId, reason, "person", address),
  settleUncertain: (answered) => settleUncertain(system, answered),
  consume: (workspaceId, mail) => consume(rowsPort(system), workspaceId, mail),
});

/** A mail nobody was sure of has proved to have arrived. The open question about it is closed. */
async function settleUncertain(system: System, send: SendKey & { workspaceId: WorkspaceId }): Promise<void> {
  const { state } = await loadSend(system.db, engineActor(send.workspaceId), send);
  if (state !== "uncertain") return;
  await settleSend(system, engineActor(send.workspaceId), send, true).catch((error: unknown) => {
    // Somebody else said at this very moment what became of it: their word stands.
    if (!(error instanceof AppError && error.code === "send_not_uncertain")) throw error;
  });
}

/** A person's own word: their address is never mailed again, and everything they are in ends with that reason. */
export async function optOut(system: System, workspaceId: WorkspaceId, contactId: ContactId): Promise<void> {
  const deps = ingestDeps(system);
  await deps.suppress(workspaceId, contactId, "opted_out");
  await stopAll(deps, contactId, (enrollment, by) =>
    cancel(enrollment, { reason: "opted_out" }, { ...by, actor: "person" }),
  );
}
