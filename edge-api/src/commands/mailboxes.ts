/** Sending identities. A password comes in, is sealed at once, and no answer, event or log ever holds it. */
import {
  insertMailbox,
  loadMailboxView,
  type MailboxView,
  replanDeferred,
  type SmtpRow,
  updateMailbox,
} from "../db/mailboxes.ts";
import { checkOwned } from "../db/owned.ts";
import { listUnavailable } from "../db/unavailable.ts";
import { loadWorkspace } from "../db/workspaces.ts";
import type { Actor } from "../domain/actor.ts";
import { resume } from "../domain/enrollment.ts";
import { AppError } from "../domain/errors.ts";
import type { MailboxId, MemberId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { edit } from "./edit.ts";
import { checkedEmail, checkTimeZone } from "./fields.ts";
import { ownerOfNew, requireGivable, requireOwnMailbox } from "./ownership.ts";
import { commitDecisions } from "./ports.ts";

type ServerChange = {
  [Field in keyof SmtpRow | "password"]?: (SmtpRow & { password: string | null })[Field] | undefined;
};
type Identity = {
  name?: string | null | undefined;
  ownerId?: MemberId | null | undefined;
  timeZone?: string | null | undefined;
  signature?: string | null | undefined;
};

export async function createMailbox(
  system: System,
  actor: Actor,
  asked: Identity & {
    address: string;
    smtp: SmtpRow & { password: string | null };
    receives?: boolean | undefined;
    dailyCap: number;
    gapSeconds: number;
  },
): Promise<MailboxView> {
  const { db, now } = system;
  const { workspaceId } = actor;
  const address = checkedEmail(asked.address, "/address");
  const ownerId = ownerOfNew(actor, asked.ownerId);
  await checkIdentity(system, workspaceId, asked);
  const { password, ...settings } = asked.smtp;
  checkServer(settings);
  const { mode } = await loadWorkspace(db, workspaceId);
  const wire =
    mode === "test"
      ? { transport: mode, settings: {}, sealedSecret: null }
      : {
          ...{ transport: "smtp" as const, settings },
          sealedSecret: password ? await system.seal(password) : null,
        };
  const at = now();
  const id = await insertMailbox(db, {
    workspaceId,
    address,
    name: asked.name || null,
    ownerId,
    ...wire,
    timeZone: asked.timeZone || null,
    signature: asked.signature || null,
    receives: asked.receives ?? false,
    dailyCap: asked.dailyCap,
    gapMs: asked.gapSeconds * 1_000,
    nextFreeAt: 0,
    slotAt: 0,
    rev: 1,
    createdAt: at,
    updatedAt: at,
  });
  if (id === null) throw new AppError("mailbox_exists", "There is a mailbox with this address.", "/address");
  return loadMailboxView(db, actor, id, at);
}

export async function changeMailbox(
  system: System,
  actor: Actor,
  id: MailboxId,
  asked: Identity & {
    smtp?: ServerChange | undefined;
    receives?: boolean | undefined;
    dailyCap?: number | undefined;
    gapSeconds?: number | undefined;
  },
  ifRev: number | null,
): Promise<MailboxView> {
  const { db, now } = system;
  await checkIdentity(system, actor.workspaceId, asked);
  const { smtp, gapSeconds, ...rest } = asked;
  const changed = await edit(
    ifRev,
    () => loadMailboxView(db, actor, id, now()),
    async (row) => {
      requireOwnMailbox(actor, row.ownerId);
      requireGivable(actor, asked.ownerId, row.ownerId);
      const changes = {
        ...rest,
        ...(smtp && (await changedServer(system, row.smtp, smtp))),
        ...(gapSeconds !== undefined && { gapMs: gapSeconds * 1_000 }),
      };
      return updateMailbox(db, row, changes, now());
    },
  );
  if (asked.dailyCap !== undefined || gapSeconds !== undefined) await replanDeferred(db, changed, now());
  return changed;
}

/** Disabled a second time, it keeps its first instant and takes the newer reason. */
export const disableMailbox = (
  { db, now }: System,
  actor: Actor,
  id: MailboxId,
  reason: string | null,
): Promise<MailboxView> =>
  edit(
    null,
    () => loadMailboxView(db, actor, id, now()),
    (row) => {
      requireOwnMailbox(actor, row.ownerId);
      const disabled = { disabledAt: row.disabledAt ?? now(), disabledReason: reason ?? row.disabledReason };
      return updateMailbox(db, row, disabled, now());
    },
  );

/** Whoever was paused for want of this mailbox goes on; its cap and gap spread them. */
export async function enableMailbox(system: System, actor: Actor, id: MailboxId): Promise<MailboxView> {
  const { db, now } = system;
  const enabled = await edit(
    null,
    () => loadMailboxView(db, actor, id, now()),
    (row) => {
      requireOwnMailbox(actor, row.ownerId);
      return updateMailbox(db, row, { disabledAt: null, disabledReason: null }, now());
    },
  );
  await resumeUnavailable(system, actor, id);
  return enabled;
}

/** Asked again, an enabling that was cut short goes on here. */
async function resumeUnavailable(system: System, actor: Actor, id: MailboxId): Promise<void> {
  for (let round = 0; round < resumeRounds; round++) {
    const paused = await listUnavailable(system.db, id, resumeChunk);
    const decisions = paused.flatMap((enrollment) => {
      const change = resume(enrollment, null, { actor: actor.name, at: system.now() });
      return change.ok ? [change.decision] : [];
    });
    if (!decisions.length) return;
    await commitDecisions(system, decisions);
  }
}

const resumeChunk = 500;
/** Far more than one mailbox writes to within a month, and well within a request's time. */
const resumeRounds = 60;

/** @param before null where nothing is kept of a server: then nothing of this one is, either. */
async function changedServer(
  { seal }: System,
  before: MailboxView["smtp"],
  { password, ...change }: ServerChange,
): Promise<{ settings?: SmtpRow; sealedSecret?: string | null }> {
  const { hasPassword, ...server } = before ?? { ...blankServer, hasPassword: false };
  const settings = { ...server, ...change } as SmtpRow;
  checkServer(settings);
  if (!before) return {};
  if (password !== undefined) return { settings, sealedSecret: password ? await seal(password) : null };
  if (hasPassword && isOtherServer(server, change)) throw passwordAgain();
  return { settings };
}

const blankServer: SmtpRow = { host: "", port: 465, security: "tls", user: null };

/** A password we keep goes to the server it was given for, and to no other that somebody names later. */
const isOtherServer = (before: SmtpRow, change: { [Field in keyof SmtpRow]?: SmtpRow[Field] | undefined }) =>
  (["host", "port", "security", "user"] as const).some(
    (field) => change[field] !== undefined && change[field] !== before[field],
  );

const passwordAgain = () =>
  new AppError(
    "invalid_request",
    "Give the password again: it was kept for the server as it was.",
    "/smtp/password",
  );

function checkServer({ host, security, user }: SmtpRow): void {
  if (security === "none" && user && !/^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host)) {
    throw new AppError(
      "invalid_request",
      "A password is never sent unencrypted: tls or starttls.",
      "/smtp/security",
    );
  }
}

async function checkIdentity(
  { db }: System,
  workspaceId: Actor["workspaceId"],
  { ownerId, timeZone }: Identity,
): Promise<void> {
  checkTimeZone(timeZone);
  await checkOwned(db, workspaceId, { ownerId });
}
