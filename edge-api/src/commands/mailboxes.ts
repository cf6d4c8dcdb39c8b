/** Sending identities. A password comes in, is sealed at once, and no answer, event or log ever holds it. */
import {
  insertMailbox,
  loadMailboxView,
  type MailboxView,
  type SmtpRow,
  updateMailbox,
} from "../db/mailboxes.ts";
import { checkOwned } from "../db/owned.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { MailboxId, MemberId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { edit } from "./edit.ts";
import { checkedEmail, checkTimeZone } from "./fields.ts";

type Identity = {
  name?: string | null | undefined;
  ownerId?: MemberId | null | undefined;
  timeZone?: string | null | undefined;
  signature?: string | null | undefined;
};

export async function createMailbox(
  system: System,
  { workspaceId }: Actor,
  asked: Identity & {
    address: string;
    smtp: SmtpRow & { password: string | null };
    dailyCap: number;
    gapSeconds: number;
  },
): Promise<MailboxView> {
  const { db, now } = system;
  const address = checkedEmail(asked.address, "/address");
  await checkIdentity(system, workspaceId, asked);
  const { password, ...settings } = asked.smtp;
  checkServer(settings);
  const at = now();
  const id = await insertMailbox(db, {
    workspaceId,
    address,
    name: asked.name || null,
    ownerId: asked.ownerId ?? null,
    transport: "smtp",
    settings,
    sealedSecret: password ? await system.seal(password) : null,
    timeZone: asked.timeZone || null,
    signature: asked.signature || null,
    dailyCap: asked.dailyCap,
    gapMs: asked.gapSeconds * 1_000,
    nextFreeAt: 0,
    slotAt: 0,
    rev: 1,
    createdAt: at,
    updatedAt: at,
  });
  if (id === null) throw new AppError("mailbox_exists", "There is a mailbox with this address.", "/address");
  return loadMailboxView(db, workspaceId, id, at);
}

export async function changeMailbox(
  system: System,
  { workspaceId }: Actor,
  id: MailboxId,
  asked: Identity & {
    smtp?:
      | { [Field in keyof SmtpRow | "password"]?: (SmtpRow & { password: string | null })[Field] | undefined }
      | undefined;
    dailyCap?: number | undefined;
    gapSeconds?: number | undefined;
  },
  ifRev: number | null,
): Promise<MailboxView> {
  const { db, now } = system;
  await checkIdentity(system, workspaceId, asked);
  const { smtp: { password, ...settings } = {}, gapSeconds, ...rest } = asked;
  const sealedSecret =
    password === undefined ? {} : { sealedSecret: password ? await system.seal(password) : null };
  return edit(
    ifRev,
    () => loadMailboxView(db, workspaceId, id, now()),
    (row) => {
      const { hasPassword, ...before } = row.smtp;
      checkServer({ ...before, ...settings });
      if (hasPassword && password === undefined && isOtherServer(before, settings)) throw passwordAgain();
      const changes = {
        ...rest,
        ...sealedSecret,
        ...(asked.smtp && { settings: { ...before, ...settings } }),
        ...(gapSeconds !== undefined && { gapMs: gapSeconds * 1_000 }),
      };
      return updateMailbox(db, row, changes, now());
    },
  );
}

/** Disabled a second time, it keeps its first instant and takes the newer reason. */
export const disableMailbox = (
  { db, now }: System,
  { workspaceId }: Actor,
  id: MailboxId,
  reason: string | null,
): Promise<MailboxView> =>
  edit(
    null,
    () => loadMailboxView(db, workspaceId, id, now()),
    (row) =>
      updateMailbox(
        db,
        row,
        { disabledAt: row.disabledAt ?? now(), disabledReason: reason ?? row.disabledReason },
        now(),
      ),
  );

export const enableMailbox = (
  { db, now }: System,
  { workspaceId }: Actor,
  id: MailboxId,
): Promise<MailboxView> =>
  edit(
    null,
    () => loadMailboxView(db, workspaceId, id, now()),
    (row) => updateMailbox(db, row, { disabledAt: null, disabledReason: null }, now()),
  );

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
