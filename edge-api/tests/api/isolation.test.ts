import { env } from "cloudflare:workers";
import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { type IdPrefix, marks } from "@cadenza/shared/contract/fields";
import { problems } from "@cadenza/shared/problem";
import { type RouteName, routes } from "@cadenza/shared/routes";
import { getTableColumns, getTableName, is } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import * as schema from "../../src/db/schema.ts";
import { encodeId } from "../../src/http/public-id.ts";
import {
  api,
  type Caller,
  createWorkspace,
  dayMs,
  type TestWorkspace,
  testSystem,
  unique,
} from "../world.ts";

const system = testSystem();
const serviceToken = "test-service-token";
const app = createApp([system], { serviceToken });
const names = Object.keys(routes) as RouteName[];
let theirs: TestWorkspace;
let owner: Caller;
let stranger: Caller;
/** One row of every noun, in a workspace that is not the stranger's. */
const ids = {} as Record<IdPrefix, string>;

beforeAll(async () => {
  theirs = await createWorkspace(system);
  owner = api(app, theirs.token);
  stranger = api(app, (await createWorkspace(system)).token);
  const { client } = owner;
  ids.wsp = encodeId("wsp", 0, theirs.id);
  ids.mbr = encodeId("mbr", 0, theirs.adminId);
  ids.key = (await client("apiKeys.list", {})).items[0]!.id;
  const smtp = { host: "127.0.0.1", port: 2525, security: "none" as const };
  ids.mbx = (await client("mailboxes.create", { body: { address: "robin@seller.example", smtp } })).id;
  const windows = [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }];
  ids.sch = (await client("schedules.create", { body: { name: "Always", windows } })).id;
  ids.cmp = (await client("companies.create", { body: { name: "Acme" } })).id;
  const email = `${unique("dana")}@acme.example`;
  ids.ctc = (await client("contacts.create", { body: { email, firstName: "Dana" } })).contact.id;
  const references = [{ system: "crm", type: "deal", id: "1" }];
  ids.dea = (await client("deals.create", { body: { name: "Deal", contactId: ids.ctc, references } })).id;
  const hostApp = { name: "CRM", origins: ["https://crm.example"] };
  ids.app = (await client("embedApps.create", { body: hostApp })).id;
  ids.sup = (await client("suppressions.create", { body: { kind: "domain", value: "never.example" } })).id;
  const now = { amount: 0, unit: "minutes" as const };
  const sequence = await client("sequences.create", {
    body: {
      name: "Intro",
      mailboxId: ids.mbx,
      scheduleId: ids.sch,
      steps: [
        {
          name: "Mail",
          type: "email_auto",
          delay: now,
          subject: "Hello",
          body: "Hi {{ contact.first_name }}",
        },
        { name: "Call", type: "call", delay: now, title: "Call", script: "" },
        { name: "Wait", type: "call", delay: { amount: 9, unit: "days" }, title: "Call", script: "" },
      ],
    },
  });
  ids.seq = sequence.id;
  const published = await client("sequences.publish", { params: { id: ids.seq }, ifMatch: sequence.rev });
  ids.ver = published.version.id;
  ids.enr = (
    await client("enrollments.create", { params: { id: ids.seq }, body: { contactId: ids.ctc } })
  ).id;
  for (let turn = 0; turn < 3; turn++) {
    system.clock.advance(dayMs);
    await api(app, serviceToken).client("internal.run");
  }
  ids.snd = (await client("enrollments.sends", { params: { id: ids.enr } })).items[0]!.id;
  ids.tsk = (await client("tasks.list", {})).items[0]!.id;
});

/** Every table that says whose its rows are. */
const owned = Object.values(schema)
  .filter((table) => is(table, SQLiteTable) && "workspaceId" in getTableColumns(table))
  .map((table) => getTableName(table as SQLiteTable));

/** Everything the other workspace holds. */
async function snapshot(): Promise<string> {
  const rows = await env.DB.batch(
    owned.map((name) => env.DB.prepare(`SELECT * FROM "${name}" WHERE workspace_id = ?1`).bind(theirs.id)),
  );
  return JSON.stringify(rows.map(({ results }) => results));
}

const prefixIn = (name: RouteName): IdPrefix | null => {
  const field = (contracts[name] as Contract).params?.shape.id;
  const mark = field && marks.get(field);
  return mark?.kind === "id" ? mark.prefix : null;
};
/** What is about a person is asked by one: tests/access looks at other people's. */
const withId = names.filter(
  (name) => prefixIn(name) && !["service", "self"].includes((contracts[name] as Contract).access),
);

/** A right body, so that only the id is wrong; an instant has to be still to come. */
const bodyFor = (name: RouteName): unknown => {
  const { body, example }: Contract = contracts[name];
  if (name === "tasks.snooze") return { untilAt: new Date(system.now() + dayMs).toISOString() };
  return body && (example?.body ?? {});
};

describe("another workspace's id", () => {
  test("is there: every noun has a row, and its owner finds it as the contract says", async () => {
    for (const name of withId.filter((name) => routes[name][0] === "GET" && name !== "holds.get")) {
      const { status, body } = await owner.call("GET", routes[name][1].replace(":id", ids[prefixIn(name)!]));
      expect([name, status]).toEqual([name, 200]);
      expect([name, (contracts[name] as Contract).response!.safeParse(body).error?.issues]).toEqual([
        name,
        undefined,
      ]);
    }
  });

  test.each(withId)("is not found by %s, and nothing changes", async (name) => {
    const contract: Contract = contracts[name];
    const [method, path] = routes[name];
    const before = await snapshot();
    const body = bodyFor(name);
    const headers: Record<string, string> = contract.ifMatch ? { "if-match": '"1"' } : {};
    const reply = await stranger.call(method, path.replace(":id", ids[prefixIn(name)!]), body, headers);
    expect([reply.status, reply.body?.code]).toEqual([404, expect.stringMatching(/_not_found$/)]);
    expect(await snapshot()).toBe(before);
  });

  test.each(withId)(
    "is not found by %s where it has the wrong prefix, form or shard, or is unknown",
    async (name) => {
      const [method, path] = routes[name];
      const prefix = prefixIn(name)!;
      const other = prefix === "ctc" ? "dea" : "ctc";
      const key = (prefix === "snd" ? { enrollmentId: 1, stepId: 1, cycle: 1 } : 1) as never;
      const wrong = [
        ids[other],
        encodeId(prefix, 7, key),
        `${ids[prefix]}x`,
        ids[prefix].toUpperCase(),
        `${prefix}_`,
        "1",
        "..%2f..",
        "%00",
        "x".repeat(500),
      ];
      const contract: Contract = contracts[name];
      const body = bodyFor(name);
      for (const id of wrong) {
        const headers: Record<string, string> = contract.ifMatch ? { "if-match": '"1"' } : {};
        const reply = await owner.call(method, path.replace(":id", id), body, headers);
        expect([id, reply.status]).toEqual([id, 404]);
      }
    },
  );

  test.each<[RouteName, (id: typeof ids) => { body?: unknown; query?: string; own?: IdPrefix }]>([
    ["workspace.update", ({ sch }) => ({ body: { defaultScheduleId: sch } })],
    [
      "mailboxes.create",
      ({ mbr }) => ({
        body: {
          address: "a@b.example",
          smtp: { host: "h.example", port: 465, security: "tls" },
          ownerId: mbr,
        },
      }),
    ],
    ["contacts.create", ({ mbr }) => ({ body: { firstName: "A", ownerId: mbr } })],
    ["deals.create", ({ ctc }) => ({ body: { name: "D", contactId: ctc } })],
    ["deals.create", ({ cmp }) => ({ body: { name: "D", companyId: cmp } })],
    ["deals.create", ({ mbr }) => ({ body: { name: "D", ownerId: mbr } })],
    ["sequences.create", ({ sch }) => ({ body: { name: "S", steps: [], scheduleId: sch } })],
    ["sequences.create", ({ mbx }) => ({ body: { name: "S", steps: [], mailboxId: mbx } })],
    ["lookup.get", () => ({ query: "?system=crm&type=deal&id=1" })],
    ["record.get", () => ({ query: "?entity=deal&id=1" })],
    ["record.get", () => ({ query: "?entity=deal&id=1&system=crm" })],
    ["record.get", ({ ctc }) => ({ query: `?contactId=${ctc}` })],
    ["templates.check", ({ ctc }) => ({ body: { body: "{{ contact.name }}", contactId: ctc } })],
  ])("is not found where %s points at it", async (name, point) => {
    const { body, query = "" } = point(ids);
    const [method, path] = routes[name];
    const before = await snapshot();
    const reply = await stranger.call(method, path + query, body);
    expect([reply.status, reply.body.code]).toEqual([404, expect.stringMatching(/_not_found$/)]);
    if (body) expect(reply.body.errors[0].pointer).toMatch(/^\/\w+Id$/);
    expect(await snapshot()).toBe(before);
  });

  test("cannot be put on what is one's own", async () => {
    const mine = await stranger.client("contacts.create", { body: { firstName: "Mine" } });
    const owned = await stranger.call("PATCH", `/v1/contacts/${mine.contact.id}`, { ownerId: ids.mbr });
    expect([owned.status, owned.body.code]).toEqual([404, "member_not_found"]);
    const deal = await stranger.client("deals.create", { body: { name: "Mine" } });
    const pointed = await stranger.call("PATCH", `/v1/deals/${deal.id}`, { contactId: ids.ctc });
    expect([pointed.status, pointed.body.code]).toEqual([404, "contact_not_found"]);
  });

  test("never shows up in a list", async () => {
    for (const name of names.filter((name) => routes[name][0] === "GET" && !routes[name][1].includes(":"))) {
      const contract: Contract = contracts[name];
      if (contract.access === "service" || name === "lookup.get" || name === "record.get") continue;
      const { status, text } = await stranger.call("GET", routes[name][1]);
      // What is about the person who asks is not a key's.
      expect([name, status]).toEqual([name, contract.access === "self" ? 403 : 200]);
      for (const id of Object.values(ids)) expect(text).not.toContain(id);
    }
  });

  test("is the same person's address here and there, and they stay apart", async () => {
    const email = `${unique("both")}@acme.example`;
    const here = await owner.client("contacts.create", { body: { email, firstName: "Here" } });
    const there = await stranger.client("contacts.create", { body: { email, firstName: "There" } });
    expect(there.outcome).toBe("created");
    expect(there.contact.id).not.toBe(here.contact.id);
    await stranger.client("suppressions.create", { body: { kind: "address", value: email } });
    expect((await owner.client("suppressions.list", { query: { value: email } })).items).toEqual([]);
  });
});

test("a refusal's 404 code is one of the table's", () => {
  for (const name of withId) {
    const contract: Contract = contracts[name];
    const absent = (contract.problems ?? []).filter((code) => problems[code].status === 404);
    expect([name, absent.length > 0]).toEqual([name, true]);
  }
});
