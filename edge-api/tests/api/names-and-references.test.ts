/** What a host names a thing by names one thing: a sequence by its name, a lead or a party by its reference. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { unique } from "../world.ts";
import { type Desk, openDesk, openOnlyDesk, pointersOf } from "./desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openOnlyDesk();
});

describe("a sequence's name", () => {
  const create = (name: string, of = desk) => of.call("POST", "/v1/sequences", { name });

  test("is refused while a live sequence of the workspace has it", async () => {
    const { body } = await create("New lead");
    const again = await create(" New lead ");
    expect([again.status, again.body.code, pointersOf(again)]).toEqual([409, "sequence_exists", ["/name"]]);
    expect((await create("New lead", await openDesk(desk))).status).toBe(201);
    await desk.client("sequences.archive", { params: { id: body.id } });
    expect((await create("New lead")).status).toBe(201);
  });

  test("cannot be taken by renaming, and may be kept", async () => {
    const { id } = (await create("One")).body;
    await create("Two");
    const rename = (name: string) => desk.call("PATCH", `/v1/sequences/${id}`, { name });
    const taken = await rename("Two");
    expect([taken.status, taken.body.code, pointersOf(taken)]).toEqual([409, "sequence_exists", ["/name"]]);
    expect((await rename("One")).status).toBe(200);
  });

  test("shared from before it had to be one's own stays with the oldest", async () => {
    const migration = env.TEST_MIGRATIONS.find(({ name }) => name.startsWith("0002_"))!;
    const [rename, index] = migration.queries.filter((query) => /`sequences`/.test(query));
    await env.DB.prepare("DROP INDEX sequences_name").run();
    const ids: number[] = [];
    for (const status of ["archived", "draft", "active", "paused"]) {
      const row = await env.DB.prepare(
        `INSERT INTO sequences (workspace_id, name, status, draft, next_step_id, rev, created_at, updated_at)
         VALUES (?1, 'Twins', ?2, '[]', 1, 1, 1, 1) RETURNING id`,
      )
        .bind(desk.workspace.id, status)
        .first<{ id: number }>();
      ids.push(row!.id);
    }
    await env.DB.batch([env.DB.prepare(rename!), env.DB.prepare(index!)]);
    const { results } = await env.DB.prepare("SELECT name FROM sequences WHERE workspace_id = ?1 ORDER BY id")
      .bind(desk.workspace.id)
      .all<{ name: string }>();
    expect(results.map(({ name }) => name)).toEqual([
      "Twins",
      "Twins",
      `Twins (${ids[2]})`,
      `Twins (${ids[3]})`,
    ]);
  });

  test("of two at the same moment one is made", async () => {
    const made = await Promise.all([create("At once"), create("At once")]);
    expect(made.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});

describe("a reference", () => {
  test("says lead or party, and each finds its own", async () => {
    const sequenceId = await desk.published();
    const id = unique("4711-");
    const made: Record<string, string> = {};
    for (const kind of ["lead", "party"] as const) {
      const references = [{ system: "crm", type: kind, id }];
      const { contact } = await desk.client("contacts.create", {
        body: { kind, email: `${unique(kind)}@buyer.example`, references },
      });
      made[kind] = contact.id;
    }
    const ask = (type: string, entity: string) =>
      desk.call("POST", `/v1/sequences/${sequenceId}/enrollments`, {
        reference: { system: "crm", type, id, entity },
      });
    for (const [type, entity] of [
      ["lead", "party"],
      ["party", "lead"],
      ["party", "deal"],
    ] as const) {
      const wrong = await ask(type, entity);
      expect([wrong.status, wrong.body.code]).toEqual([404, "reference_not_found"]);
      expect(wrong.body.detail).toBe(`This reference names a ${type}, not a ${entity}.`);
    }
    expect((await ask("lead", "lead")).body.contactId).toBe(made.lead);
    expect((await ask("party", "party")).body.contactId).toBe(made.party);
  });
});
