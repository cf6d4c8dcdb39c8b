/** Host apps on pages. What their forms do, and what is refused, is what the API's routes of the same names do. */
import { contracts } from "@cadenza/shared/contract/all";
import {
  changeEmbedApp,
  createEmbedApp,
  createEmbedSecret,
  disableEmbedApp,
  enableEmbedApp,
  revokeEmbedSecret,
} from "../commands/embed-apps.ts";
import { listEmbedApps, loadEmbedApp } from "../db/embed-apps.ts";
import { AppError } from "../domain/errors.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import type { Router } from "../http/endpoint.ts";
import { attempt, submit } from "../http/form.ts";
import { doOnce, newOnce } from "../http/form-once.ts";
import { page } from "../http/page.ts";
import { hallOf, keyIn, type MemberVisit, redirect, servePage } from "../http/serve-page.ts";
import { hostAppPage, hostSecretPage, hostSecretSeenPage, type ShownHostApp } from "../pages/embed-app.ts";
import { hostAppLists, hostAppNames, hostAppsPage } from "../pages/embed-apps.ts";
import { type Entered, nothingEntered } from "../pages/parts.ts";

const appsShown = 50;

export function embedAppPages(app: Router): void {
  servePage(app, "app.embedApps", async (visit) => showApps(visit, 200, nothingEntered));

  servePage(app, "embedApps.create", async (visit) => {
    const { form, system, actor } = visit;
    const create = (asked: Parameters<typeof createEmbedApp>[2]) =>
      doOnce(visit, async () => {
        const id = visit.publicId("app", (await createEmbedApp(system, actor, asked)).id);
        visit.made(id);
        return { id };
      });
    const { body } = contracts["embedApps.create"];
    const created = await submit(form, hostAppNames, body, create, hostAppLists);
    if (!created.ok) return showApps(visit, created.status, created.entered);
    const made = created.result;
    return redirect(made.result ? `${pathOf(made.result.id)}?done=added` : "/app/host-apps");
  });

  servePage(app, "app.embedApp", async (visit) => showApp(visit, 200, {}));

  servePage(app, "embedApps.update", async (visit) => {
    const { form, system, actor } = visit;
    const id = keyIn(visit, "app");
    // Whoever else changed it since the form was shown would be written over.
    const seen = Number(form.get("rev"));
    const rev = Number.isSafeInteger(seen) && seen > 0 ? seen : null;
    const { body } = contracts["embedApps.update"];
    const change = ({ newMemberRole = null, ...asked }: Parameters<typeof changeEmbedApp>[3]) =>
      changeEmbedApp(system, actor, id, { ...asked, newMemberRole }, rev).catch(changedMeanwhile);
    const changed = await submit(form, hostAppNames, body.required({ name: true }), change, hostAppLists);
    return changed.ok ? done(visit, "changed") : showApp(visit, changed.status, { entered: changed.entered });
  });

  servePage(app, "embedApps.disable", async (visit) => {
    await disableEmbedApp(visit.system, visit.actor, keyIn(visit, "app"));
    return done(visit, "disabled");
  });

  servePage(app, "embedApps.enable", async (visit) => {
    await enableEmbedApp(visit.system, visit.actor, keyIn(visit, "app"));
    return done(visit, "enabled");
  });

  servePage(app, "embedApps.createSecret", async (visit) => {
    const { system, actor, first } = visit;
    const id = keyIn(visit, "app");
    const { name } = await loadEmbedApp(system.db, actor.workspaceId, id);
    const made = await attempt(() => doOnce(visit, () => createEmbedSecret(system, actor, id)));
    if (!made.ok) return showApp(visit, made.status, { refused: made.detail });
    const { again, result } = made.result;
    const hall = await hallOf(visit, "hostApps");
    const at = { id: visit.param("id"), name };
    if (!result) return page(200, hostSecretSeenPage(hall, at));
    return page(again ? 200 : 201, hostSecretPage(hall, at, result, first.publicUrl));
  });

  servePage(app, "embedApps.revokeSecret", async (visit) => {
    await revokeEmbedSecret(visit.system, visit.actor, keyIn(visit, "app"), visit.param("kid"));
    return done(visit, "revoked");
  });
}

function changedMeanwhile(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== "revision_conflict") throw error;
  const detail =
    "Somebody changed it while this page was open. What you typed is still below: saved again, it takes the place of theirs.";
  throw new AppError(error.code, detail);
}

const pathOf = (id: string): string => `/app/host-apps/${id}`;
const done = (visit: MemberVisit, code: string): Response =>
  redirect(`${pathOf(visit.param("id"))}?done=${code}`);

async function showApps(visit: MemberVisit, status: number, entered: Entered): Promise<Response> {
  const { system, actor, url, publicId } = visit;
  const cursor = decodeCursor(url.searchParams.get("after") ?? "") ?? undefined;
  const found = await listEmbedApps(system.db, actor.workspaceId, { limit: appsShown, cursor });
  const apps = found.items.map(({ id, name, origins, secrets, disabledAt }) => ({
    ...{ id: publicId("app", id), name, origins },
    ...{ secrets: secrets.length, isDisabled: disabledAt !== null },
  }));
  const more =
    found.nextCursor && `/app/host-apps?${new URLSearchParams({ after: encodeCursor(found.nextCursor) })}`;
  const shown = { apps, more, entered, once: newOnce() };
  return page(status, hostAppsPage(await hallOf(visit, "hostApps"), shown));
}

async function showApp(
  visit: MemberVisit,
  status: number,
  said: Partial<Pick<ShownHostApp, "refused" | "entered">>,
): Promise<Response> {
  const { system, actor, url, first } = visit;
  const app = await loadEmbedApp(system.db, actor.workspaceId, keyIn(visit, "app"));
  const shown: ShownHostApp = {
    app: { ...app, id: visit.param("id") },
    publicUrl: first.publicUrl,
    done: url.searchParams.get("done"),
    refused: said.refused ?? null,
    entered: said.entered ?? nothingEntered,
    once: newOnce(),
  };
  return page(status, hostAppPage(await hallOf(visit, "hostApps"), shown));
}
