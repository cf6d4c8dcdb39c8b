/** The audit log on a page: the API's list in words, with names for who and what; its files come from the API itself. */
import { contracts } from "@cadenza/shared/contract/all";
import { day } from "@cadenza/shared/contract/fields";
import { type ProblemCode, problems } from "@cadenza/shared/problem";
import { type RouteName, routes } from "@cadenza/shared/routes";
import { listApiKeys } from "../db/api-keys.ts";
import { type AuditEntry, type AuditFilter, listAuditEntries } from "../db/audit.ts";
import { listMembers } from "../db/members.ts";
import { findNames } from "../db/names.ts";
import type { Page } from "../db/page.ts";
import { loadWorkspace } from "../db/workspaces.ts";
import { instantsOfDay } from "../domain/day.ts";
import { actionGroups, actionText } from "../http/audited.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import type { Router } from "../http/endpoint.ts";
import { submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { decodeId } from "../http/public-id.ts";
import { hallOf, type MemberVisit, servePage } from "../http/serve-page.ts";
import { actorToWire } from "../http/wire.ts";
import { type AuditLine, auditLogPage, auditNames } from "../pages/audit-log.ts";
import { browserName } from "../pages/browser-name.ts";
import { nameKey, rowOfActor, rowOfId } from "./named-rows.ts";

const entriesShown = 50;
/** Who can be chosen in the filter; everybody else is reached from an entry of theirs. */
const peopleShown = 100;

/** As the API takes it, but that people choose days and not instants. */
const askedLog = contracts["audit.export"].query.omit({ format: true }).extend({
  ...{ from: day().optional(), to: day().optional() },
});

export function auditPages(app: Router): void {
  servePage(app, "app.audit", async (visit) => {
    const { system, actor, url } = visit;
    const asked = url.searchParams;
    const { timeZone } = await loadWorkspace(system.db, actor.workspaceId);
    const cursor = decodeCursor(asked.get("after") ?? "") ?? undefined;
    const found = await submit(asked, auditNames, askedLog, async ({ from, to, ...rest }) => {
      const filter: AuditFilter = {
        ...rest,
        ...(from !== undefined && { from: instantsOfDay(from, timeZone).from }),
        ...(to !== undefined && { to: instantsOfDay(to, timeZone).to }),
      };
      const inside = { ...filter, actor: filter.actor && actorInside(visit, filter.actor) };
      const list = await listAuditEntries(system.db, actor.workspaceId, inside, {
        limit: entriesShown,
        cursor,
      });
      return { filter, list };
    });
    const values = Object.fromEntries(auditNames.map((name) => [name, asked.get(name)?.trim() ?? ""]));
    const isFiltered = Object.values(values).some(Boolean);
    const people = await peopleGroups(visit, values.actor ?? "");
    const shown = {
      ...{ isFiltered, people, actions: [anything, ...actionGroups(values.action ?? "")] },
      entered: found.ok ? { values, errors: {} } : found.entered,
      lines: found.ok ? await linesOf(visit, found.result.list) : [],
      more: found.ok ? moreAt(values, found.result.list) : null,
      exports: found.ok ? exportsOf(found.result.filter) : null,
    };
    return page(found.ok ? 200 : found.status, auditLogPage(await hallOf(visit, "audit"), shown));
  });
}

const anything = { options: [{ value: "", text: "anything" }] };

/** An id that is none of ours is looked for as it stands, and found nowhere. */
function actorInside({ system }: MemberVisit, actor: string): string {
  const member = decodeId("mbr", system.shard, actor);
  if (member !== null) return `member:${member}`;
  const key = decodeId("key", system.shard, actor);
  return key === null ? actor : `key:${key}`;
}

async function peopleGroups({ system, actor, publicId }: MemberVisit, chosen: string) {
  const limit = peopleShown;
  const [members, keys] = await Promise.all([
    listMembers(system.db, actor.workspaceId, { limit, removed: false }),
    listApiKeys(system.db, actor.workspaceId, { limit }),
  ]);
  const people = members.items.map(({ id, name }) => ({ value: publicId("mbr", id), text: name }));
  const machines = keys.items.map(({ id, name }) => ({ value: publicId("key", id), text: name }));
  const isListed = [...people, ...machines].some(({ value }) => value === chosen);
  const other = chosen && !isListed ? [{ value: chosen, text: chosen }] : [];
  const groups = [
    { heading: "Members", options: people },
    { heading: "API keys", options: machines },
  ];
  return [
    { options: [{ value: "", text: "anybody" }, ...other] },
    ...groups.filter(({ options }) => options.length),
  ];
}

async function linesOf({ system, actor }: MemberVisit, { items }: Page<AuditEntry>): Promise<AuditLine[]> {
  const { shard } = system;
  const rows = items.map((entry) => ({
    who: rowOfActor(entry.actor),
    record: entry.record === null ? null : rowOfId(shard, entry.record),
  }));
  const named = rows.flatMap(({ who, record }) => [who, record]).filter((row) => row !== null);
  const names = await findNames(system.db, actor.workspaceId, named);
  return items.map((entry, at): AuditLine => {
    const { who, record } = rows[at]!;
    const filter = actorToWire(entry.actor, shard);
    return {
      ...{ at: entry.at, what: actionText(entry.action), action: entry.action },
      who: { filter, name: (who && names.get(nameKey(who))) ?? filter },
      from: [viaText(entry.via), entry.ip, programOf(entry)].filter((part): part is string => Boolean(part)),
      record:
        entry.record === null
          ? null
          : {
              filter: entry.record,
              name: (record && names.get(nameKey(record))) ?? entry.record,
            },
      refused: entry.outcome === "done" ? null : refusalText(entry.outcome),
    };
  });
}

/** A browser in two words; a program as it calls itself. */
const programOf = ({ via, userAgent }: AuditEntry): string | null =>
  userAgent && (via === "session" ? browserName(userAgent) : userAgent.slice(0, 60));

const refusalText = (code: string): string =>
  Object.hasOwn(problems, code) ? problems[code as ProblemCode].title : code;

/** How they got in; a session needs no word, for then the browser says it. */
function viaText(via: string): string | null {
  if (via === "session") return null;
  if (via.startsWith("embed:")) return `in the host app ${via.slice("embed:".length)}`;
  if (via.startsWith("oauth:")) return "through a connected app";
  return via === "key" ? "with an API key" : via;
}

function moreAt(values: Record<string, string>, { nextCursor }: Page<AuditEntry>): string | null {
  if (!nextCursor) return null;
  const chosen = Object.entries(values).filter(([, value]) => value);
  return `/app/audit-log?${new URLSearchParams([...chosen, ["after", encodeCursor(nextCursor)]])}`;
}

/** The API's own addresses: a session opens them, and what is taken along is in the log. */
function exportsOf({ from, to, ...rest }: AuditFilter): { csv: string; jsonLines: string } {
  const [, path] = routes["audit.export" satisfies RouteName];
  const instants = { from, to };
  const chosen = [
    ...Object.entries(rest).filter(([, value]) => value !== undefined),
    ...Object.entries(instants).flatMap(([name, at]) =>
      at === undefined ? [] : [[name, new Date(at).toISOString()]],
    ),
  ] as [string, string][];
  const as = (format: string) => `${path}?${new URLSearchParams([...chosen, ["format", format]])}`;
  return { csv: as("csv"), jsonLines: as("jsonl") };
}
