/** API keys on a page. What its forms do, and what is refused, is what the API's routes of the same names do. */
import { contracts } from "@cadenza/shared/contract/all";
import { day } from "@cadenza/shared/contract/fields";
import { createApiKey, revokeApiKey, rotateApiKey } from "../commands/api-keys.ts";
import { type ApiKey, listApiKeys } from "../db/api-keys.ts";
import { findNames } from "../db/names.ts";
import { loadWorkspace } from "../db/workspaces.ts";
import { instantsOfDay } from "../domain/day.ts";
import { AppError } from "../domain/errors.ts";
import { tokenPrefix } from "../http/api-token.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import type { Router } from "../http/endpoint.ts";
import { attempt, submit } from "../http/form.ts";
import { type DoneOnce, doOnce, newOnce } from "../http/form-once.ts";
import { page } from "../http/page.ts";
import { hallOf, keyIn, type MemberVisit, redirect, servePage } from "../http/serve-page.ts";
import {
  type ApiKeys,
  apiKeysPage,
  type KeyLine,
  keyNames,
  overlaps,
  type Standing,
} from "../pages/api-keys.ts";
import { keySeenPage, type NewKey, newKeyPage } from "../pages/new-key.ts";
import { nothingEntered } from "../pages/parts.ts";
import { withToken } from "./api-keys.ts";
import { nameKey, rowOfActor } from "./named-rows.ts";

const keysShown = 50;
/** As the API takes it, but that people choose a day and not an instant. */
const askedKey = contracts["apiKeys.create"].body
  .omit({ expiresAt: true })
  .extend({ expiresOn: day().optional() });

export function apiKeyPages(app: Router): void {
  servePage(app, "app.apiKeys", async (visit) => showKeys(visit, 200, {}));

  servePage(app, "apiKeys.create", async (visit) => {
    const { form, system, actor } = visit;
    const created = await submit(
      form,
      keyNames,
      askedKey,
      async ({ expiresOn, ...asked }) => {
        const expiresAt = expiresOn === undefined ? null : await endOf(visit, expiresOn);
        return doOnce(visit, async () =>
          newKey(visit, await createApiKey(system, actor, { ...asked, expiresAt }, null)),
        );
      },
      ["scopes"],
    );
    if (!created.ok) return showKeys(visit, created.status, { entered: created.entered });
    return showToken(visit, created.result);
  });

  servePage(app, "apiKeys.rotate", async (visit) => {
    const { form, system, actor } = visit;
    const id = keyIn(visit, "key");
    const hours = Number(form.get("oldExpiresInHours") ?? Number.NaN);
    const rotated = await attempt(() => {
      if (!Object.hasOwn(overlaps, String(hours))) {
        throw new AppError("invalid_request", "Choose how long the old key goes on.");
      }
      return doOnce(visit, async () => newKey(visit, await rotateApiKey(system, actor, id, hours, null)));
    });
    if (!rotated.ok) return showKeys(visit, rotated.status, { refused: rotated.detail });
    return showToken(visit, rotated.result);
  });

  servePage(app, "apiKeys.revoke", async (visit) => {
    await revokeApiKey(visit.system, visit.actor, keyIn(visit, "key"));
    return redirect("/app/api-keys?done=revoked");
  });
}

async function endOf({ system, actor }: MemberVisit, day: string): Promise<number> {
  const { timeZone } = await loadWorkspace(system.db, actor.workspaceId);
  const { to } = instantsOfDay(day, timeZone);
  if (to > system.wallNow()) return to;
  throw new AppError("invalid_request", "This day is over: the key would never work.", "/expiresOn");
}

function newKey(visit: MemberVisit, made: { apiKey: ApiKey; secret: string }): NewKey {
  const { apiKey, token } = withToken(visit.system, made);
  visit.made(visit.publicId("key", apiKey.id));
  const { name, scopes, mode, expiresAt } = apiKey;
  return { name, scopes, isTest: mode === "test", expiresAt, token };
}

async function showToken(visit: MemberVisit, made: DoneOnce<NewKey>): Promise<Response> {
  const hall = await hallOf(visit, "apiKeys");
  if (!made.result) return page(200, keySeenPage(hall));
  return page(made.again ? 200 : 201, newKeyPage(hall, made.result, visit.first.publicUrl));
}

async function showKeys(
  visit: MemberVisit,
  status: number,
  said: Partial<Pick<ApiKeys, "refused" | "entered">>,
): Promise<Response> {
  const { system, actor, url } = visit;
  const cursor = decodeCursor(url.searchParams.get("after") ?? "") ?? undefined;
  const found = await listApiKeys(system.db, actor.workspaceId, { limit: keysShown, cursor });
  const makers = found.items.map(({ createdBy }) => (createdBy === null ? null : rowOfActor(createdBy)));
  const names = await findNames(
    system.db,
    actor.workspaceId,
    makers.filter((row) => row !== null),
  );
  const nameOf = (row: (typeof makers)[number]) => row && (names.get(nameKey(row)) ?? null);
  const shown: ApiKeys = {
    keys: found.items.map((key, at) => lineOf(visit, key, nameOf(makers[at] ?? null))),
    more:
      found.nextCursor && `/app/api-keys?${new URLSearchParams({ after: encodeCursor(found.nextCursor) })}`,
    isFirstPage: cursor === undefined,
    done: url.searchParams.get("done"),
    refused: said.refused ?? null,
    entered: said.entered ?? nothingEntered,
    once: newOnce(),
  };
  return page(status, apiKeysPage(await hallOf(visit, "apiKeys"), shown));
}

function lineOf({ system, publicId }: MemberVisit, key: ApiKey, madeBy: string | null): KeyLine {
  const { id, name, scopes, mode, createdAt, lastUsedAt, expiresAt, revokedAt } = key;
  return {
    ...{ id: publicId("key", id), prefix: tokenPrefix(system.shard, id, mode), name, scopes, madeBy },
    ...{ createdAt, lastUsedAt, expiresAt, revokedAt },
    isTest: mode === "test",
    standing: standingOf(key, system.wallNow()),
  };
}

function standingOf({ revokedAt, expiresAt, replacedBy }: ApiKey, now: number): Standing {
  if (revokedAt !== null) return "revoked";
  if (expiresAt !== null && expiresAt <= now) return "expired";
  return replacedBy === null ? "works" : "replaced";
}
