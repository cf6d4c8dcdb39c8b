/** Host apps: where their pages run, and the secrets their servers sign with, shown once and sealed at rest. */
import type { HostNewMemberRole } from "@cadenza/shared/vocabulary";
import {
  type EmbedApp,
  insertEmbedApp,
  insertSecret,
  loadEmbedApp,
  revokeSecret as revokeRow,
  updateEmbedApp,
} from "../db/embed-apps.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { EmbedAppId } from "../domain/ids.ts";
import { checkOrigin } from "../domain/origin.ts";
import type { System } from "../domain/system.ts";
import { newSecret } from "./api-keys.ts";
import { edit } from "./edit.ts";

/** The one in use, and the one that takes over. */
const secretsMax = 2;
const kidLength = 16;

export async function createEmbedApp(
  { db, now, publicUrl }: System,
  { workspaceId }: Actor,
  asked: { name: string; origins: string[]; newMemberRole: HostNewMemberRole | null },
): Promise<EmbedApp> {
  const origins = checkedOrigins(asked.origins, publicUrl);
  const at = now();
  const row = { ...asked, origins, workspaceId, rev: 1, createdAt: at, updatedAt: at };
  return loadEmbedApp(db, workspaceId, await insertEmbedApp(db, row));
}

export async function changeEmbedApp(
  { db, now, publicUrl }: System,
  { workspaceId }: Actor,
  id: EmbedAppId,
  asked: {
    name?: string | undefined;
    origins?: string[] | undefined;
    newMemberRole?: HostNewMemberRole | null | undefined;
  },
  ifRev: number | null,
): Promise<EmbedApp> {
  const { origins, ...rest } = asked;
  const changes = { ...rest, ...(origins && { origins: checkedOrigins(origins, publicUrl) }) };
  return edit(
    ifRev,
    () => loadEmbedApp(db, workspaceId, id),
    (app) => updateEmbedApp(db, app, changes, now()),
  );
}

/** Disabled a second time, it keeps its first instant. */
export const disableEmbedApp = (
  { db, now }: System,
  { workspaceId }: Actor,
  id: EmbedAppId,
): Promise<EmbedApp> =>
  edit(
    null,
    () => loadEmbedApp(db, workspaceId, id),
    (app) => updateEmbedApp(db, app, { disabledAt: app.disabledAt ?? now() }, now()),
  );

export const enableEmbedApp = (
  { db, now }: System,
  { workspaceId }: Actor,
  id: EmbedAppId,
): Promise<EmbedApp> =>
  edit(
    null,
    () => loadEmbedApp(db, workspaceId, id),
    (app) => updateEmbedApp(db, app, { disabledAt: null }, now()),
  );

/** @returns the secret, whole for the only time. */
export async function createEmbedSecret(
  { db, wallNow, seal }: System,
  { workspaceId }: Actor,
  id: EmbedAppId,
): Promise<{ kid: string; secret: string; createdAt: number }> {
  const { id: appId } = await loadEmbedApp(db, workspaceId, id);
  // The prefix is for those who scan repositories for secrets.
  const secret = `cdz_host_${newSecret()}`;
  const kid = newSecret().slice(0, kidLength);
  const createdAt = wallNow();
  const row = { kid, appId, sealedSecret: await seal(secret), createdAt };
  if (!(await insertSecret(db, row, secretsMax))) {
    throw new AppError("embed_secret_limit", "Revoke one of its two secrets first.");
  }
  return { kid, secret, createdAt };
}

export async function revokeEmbedSecret(
  { db, wallNow }: System,
  { workspaceId }: Actor,
  id: EmbedAppId,
  kid: string,
): Promise<EmbedApp> {
  const app = await loadEmbedApp(db, workspaceId, id);
  if (!(await revokeRow(db, app.id, kid, wallNow()))) {
    throw new AppError("embed_secret_not_found", "This host app has no such secret.");
  }
  return loadEmbedApp(db, workspaceId, id);
}

/** As browsers spell them, each once. */
function checkedOrigins(origins: string[], publicUrl: string): string[] {
  const own = new URL(publicUrl).origin;
  const checked = origins.map((text) => checkOrigin(text, own));
  const problems = checked.flatMap((found, i) =>
    found.ok ? [] : [{ pointer: `/origins/${i}`, detail: found.problem }],
  );
  if (problems.length) {
    throw new AppError("invalid_request", "These are not all origins of pages.", undefined, problems);
  }
  return [...new Set(checked.flatMap((found) => (found.ok ? [found.origin] : [])))];
}
