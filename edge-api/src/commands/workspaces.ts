/** Making a workspace, changing it, and the brake: a workspace's own, and the operator's over a shard. */
import { type ApiKey, findApiKey } from "../db/api-keys.ts";
import { enter, renameOrganization } from "../db/directory.ts";
import { type MemberRow, syncMember } from "../db/members.ts";
import { checkOwned } from "../db/owned.ts";
import {
  insertWorkspace,
  loadWorkspace,
  resumeShard,
  resumeWorkspace,
  stopShard,
  stopWorkspace,
  updateWorkspace,
  type Workspace,
} from "../db/workspaces.ts";
import type { Actor } from "../domain/actor.ts";
import type { ScheduleId, WorkspaceId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { hashSecret, newSecret } from "./api-keys.ts";
import { checkedEmail, checkTimeZone } from "./fields.ts";
import type { Home } from "./members.ts";

/** The directory keeps a copy of the name; both are written each time, so that asking again heals half a renaming. */
export async function changeWorkspace(
  { db, now }: System,
  { workspaceId }: Actor,
  { directory, organizationId }: Home,
  changes: {
    name?: string | undefined;
    timeZone?: string | undefined;
    country?: string | null | undefined;
    postalAddress?: string | null | undefined;
    defaultScheduleId?: ScheduleId | null | undefined;
    eventsKeptDays?: number | null | undefined;
  },
): Promise<Workspace> {
  checkTimeZone(changes.timeZone);
  await checkOwned(db, workspaceId, { defaultScheduleId: changes.defaultScheduleId });
  await updateWorkspace(db, workspaceId, changes, now());
  if (changes.name !== undefined) await renameOrganization(directory, organizationId, changes.name);
  return loadWorkspace(db, workspaceId);
}

export async function stopSending({ db, now }: System, { workspaceId }: Actor): Promise<Workspace> {
  await stopWorkspace(db, workspaceId, now());
  return loadWorkspace(db, workspaceId);
}

export async function resumeSending(system: System, { workspaceId }: Actor): Promise<Workspace> {
  await resumeWorkspace(system.db, workspaceId, system.now());
  await wakeEngine(system);
  return loadWorkspace(system.db, workspaceId);
}

/** @returns since when the longest-stopped shard stands. */
export async function stopAllSending(systems: System[]): Promise<number> {
  return Math.min(...(await Promise.all(systems.map(({ db, now }) => stopShard(db, now())))));
}

export async function resumeAllSending(systems: System[]): Promise<void> {
  await Promise.all(
    systems.map(async (system) => {
      await resumeShard(system.db, system.now());
      await wakeEngine(system);
    }),
  );
}

/**
 * The shard's rows first, for their key is part of the workspace's name in the directory; then the directory, all or
 * nothing. What dies in between leaves a workspace that nobody has a key to and nobody can enter: asked again, a whole
 * one is made.
 */
export async function createWorkspace(
  { db, shard, now, wallNow, newToken }: System,
  { directory, publicIdOf }: { directory: D1Database; publicIdOf(id: WorkspaceId): string },
  asked: {
    name: string;
    timeZone: string;
    country?: string | null | undefined;
    postalAddress?: string | null | undefined;
    admin: { email: string; name: string };
  },
): Promise<{ workspace: Workspace; member: MemberRow; apiKey: ApiKey; secret: string }> {
  checkTimeZone(asked.timeZone);
  const email = checkedEmail(asked.admin.email, "/admin/email");
  const secret = newSecret();
  const at = now();
  const made = await insertWorkspace(
    db,
    {
      name: asked.name,
      timeZone: asked.timeZone,
      country: asked.country ?? null,
      postalAddress: asked.postalAddress ?? null,
      defaultScheduleId: null,
      sendingStoppedAt: null,
      testOf: null,
      eventsKeptDays: null,
      createdAt: at,
      updatedAt: at,
    },
    { email, name: asked.admin.name },
    {
      name: "First key",
      scopes: ["read", "write", "admin"],
      secretHash: hashSecret(secret),
      createdAt: wallNow(),
    },
  );
  const { userId, role } = await enter(
    directory,
    { id: publicIdOf(made.id), name: asked.name, shard, workspaceId: made.id },
    { id: newToken(), membershipId: newToken(), email, name: asked.admin.name, role: "admin" },
    wallNow(),
  );
  const member = await syncMember(db, made.id, { userId, email, name: asked.admin.name, role, at });
  const workspace = await loadWorkspace(db, made.id);
  return { workspace, member, apiKey: (await findApiKey(db, made.apiKeyId))!, secret };
}

const wakeEngine = async ({ wake, shard }: System): Promise<void> => {
  await wake({ kind: "tick", shard });
  await wake({ kind: "deliver", shard });
};
