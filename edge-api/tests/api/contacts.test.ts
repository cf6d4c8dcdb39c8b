import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import {
  api,
  type Caller,
  createWorkspace,
  everyPage,
  type TestWorkspace,
  testSystem,
  unique,
} from "../world.ts";

const system = testSystem();
const app = createApp([system], { serviceToken: "test-service-token" });
let workspace: TestWorkspace;
let caller: Caller;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  caller = api(app, workspace.token);
});

const address = () => `${unique("dana")}@acme.example`;
const create = (person: Record<string, unknown>) => caller.call("POST", "/v1/contacts", person);

describe("creating or merging a person", () => {
  test("makes one, normalised, and finds it again by any of its addresses", async () => {
    const email = address();
    const other = address();
    const { status, body } = await create({
      email: ` ${email.toUpperCase()} `,
      otherEmails: [other],
      firstName: " Dana ",
      companyName: unique("Acme"),
      timeZone: "Europe/Lisbon",
      custom: { plan: "pro", seats: 12, vip: true },
      references: [{ system: "hubspot", type: "lead", id: email }],
    });
    expect(status).toBe(200);
    expect(body.outcome).toBe("created");
    expect(body.contact).toMatchObject({
      kind: "lead",
      email,
      otherEmails: [other],
      firstName: "Dana",
      custom: { plan: "pro", seats: 12, vip: true },
      references: [{ system: "hubspot", type: "lead", id: email }],
      rev: 1,
    });
    expect(body.contact.company.name).toMatch(/^Acme/);
    for (const known of [email, other, email.toUpperCase()]) {
      const found = await caller.client("contacts.list", { query: { email: known } });
      expect(found.items.map(({ id }) => id)).toEqual([body.contact.id]);
    }
    const lookup = await caller.client("lookup.get", {
      query: { system: "hubspot", type: "lead", id: email },
    });
    expect(lookup).toEqual({ entity: "contact", contactId: body.contact.id, companyId: null, dealId: null });
  });

  test("merges what is new, blanks nothing, and says unchanged when there is nothing new", async () => {
    const email = address();
    const first = (
      await create({ email, firstName: "Dana", title: "COO", custom: { plan: "pro", seats: 3 } })
    ).body;
    const merged = (
      await create({
        email,
        firstName: "",
        title: null,
        lastName: "Silva",
        custom: { plan: "", seats: null, region: "EU" },
      })
    ).body;
    expect(merged.outcome).toBe("merged");
    expect(merged.contact).toMatchObject({
      id: first.contact.id,
      firstName: "Dana",
      lastName: "Silva",
      title: "COO",
      custom: { plan: "pro", seats: 3, region: "EU" },
      rev: 2,
    });
    const again = (await create({ email, lastName: "Silva", custom: { region: "EU" } })).body;
    expect([again.outcome, again.contact.rev]).toEqual(["unchanged", 2]);
  });

  test("a false and a zero say something, and are kept", async () => {
    const email = address();
    await create({ email, custom: { vip: true, seats: 3 } });
    const { body } = await create({ email, custom: { vip: false, seats: 0 } });
    expect(body.contact.custom).toEqual({ vip: false, seats: 0 });
  });

  test("a second address of a known person is added, and the first stays the one that is written to", async () => {
    const [work, home] = [address(), address()];
    const first = (await create({ email: work })).body.contact;
    const { body } = await create({ email: home, otherEmails: [work] });
    expect(body).toMatchObject({
      outcome: "merged",
      contact: { id: first.id, email: work, otherEmails: [home] },
    });
  });

  test("refuses addresses of two different people, and changes neither", async () => {
    const [one, two] = [address(), address()];
    await create({ email: one });
    await create({ email: two });
    const { status, body } = await create({ email: one, otherEmails: [two], firstName: "Both" });
    expect([status, body.code]).toEqual([409, "contact_ambiguous"]);
    const found = await caller.client("contacts.list", { query: { email: one } });
    expect(found.items[0]).toMatchObject({ firstName: null, rev: 1 });
  });

  test("an external reference is enough to know somebody, and a deal's is not a person's", async () => {
    const reference = { system: "crm", type: "lead", id: unique("lead") };
    const first = (await create({ firstName: "Ada", references: [reference] })).body;
    const again = (await create({ email: address(), references: [reference] })).body;
    expect([again.outcome, again.contact.id]).toEqual(["merged", first.contact.id]);
    const dealReference = { ...reference, type: "deal" };
    await caller.client("deals.create", { body: { name: "Deal", references: [dealReference] } });
    const { body } = await create({ email: address(), references: [dealReference] });
    expect([body.code, body.errors[0].pointer]).toEqual(["reference_taken", "/references/0"]);
  });

  test("ten at once for one new address make one person", async () => {
    const email = address();
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, i) => create({ email, custom: { [`k${i}`]: i } })),
    );
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(replies.filter(({ body }) => body.outcome === "created")).toHaveLength(1);
    expect(new Set(replies.map(({ body }) => body.contact.id)).size).toBe(1);
    const [person] = (await caller.client("contacts.list", { query: { email } })).items;
    expect(Object.keys(person!.custom)).toHaveLength(10);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["a line break in a name", { firstName: "Dana\r\nBcc: all@buyer.example" }, "/firstName"],
    ["a lone line feed at the end", { lastName: "Silva\n" }, "/lastName"],
    ["a NUL", { title: "CO\u0000O" }, "/title"],
    ["a control character", { phone: "1\u001b[31m" }, "/phone"],
    ["a C1 control", { firstName: "a\u0085b" }, "/firstName"],
    ["a line separator", { companyName: "Acme\u2028Inc" }, "/companyName"],
    ["half a character", { firstName: "\ud800" }, "/firstName"],
    ["a line break in an address", { email: "dana@acme.example\nbcc:x@y.example" }, "/email"],
    ["no address at all", { email: "nobody" }, "/email"],
    ["an address nothing can be sent to", { email: "dana@@acme" }, "/email"],
    ["a quoted local part", { email: '"a b"@acme.example' }, "/email"],
    [
      "a bad second address",
      { email: "ok@acme.example", otherEmails: ["fine@acme.example", "x@y"] },
      "/otherEmails/1",
    ],
    ["a zone that is none", { firstName: "A", timeZone: "Mars/Olympus" }, "/timeZone"],
    ["an offset for a zone", { firstName: "A", timeZone: "+02:00" }, "/timeZone"],
    ["a country in small letters", { firstName: "A", country: "pt" }, "/country"],
    ["a link that is a script", { linkedinUrl: "javascript:alert(1)" }, "/linkedinUrl"],
    ["an unknown field", { firstName: "A", fristName: "B" }, "/fristName"],
    ["a pointer that needs escaping", { firstName: "A", "a/b~c": 1 }, "/a~1b~0c"],
    [
      "a custom key of the prototype",
      JSON.parse('{"firstName":"A","custom":{"__proto__":"x"}}'),
      "/custom/__proto__",
    ],
    ["a custom key with capitals", { firstName: "A", custom: { Plan: 1 } }, "/custom/Plan"],
    [
      "a custom key that is too long",
      { firstName: "A", custom: { ["k".repeat(65)]: 1 } },
      `/custom/${"k".repeat(65)}`,
    ],
    ["a custom value that is an object", { firstName: "A", custom: { plan: { a: 1 } } }, "/custom/plan"],
    [
      "a custom value that is too long",
      { firstName: "A", custom: { plan: "x".repeat(2_001) } },
      "/custom/plan",
    ],
    ["nothing that says who", { title: "COO" }, ""],
    ["a number for a name", { firstName: 7 }, "/firstName"],
    ["a reference without its id", { references: [{ system: "a", type: "b" }] }, "/references/0/id"],
  ])("refuses %s, and says where", async (_, person, pointer) => {
    const { status, body } = await create(person);
    expect([status, body.code]).toEqual([422, "invalid_request"]);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect(body.errors[0]).toMatchObject({ in: "body", detail: expect.stringMatching(/\w/) });
  });

  test("takes 100 custom fields, and not one more by merging", async () => {
    const email = address();
    const fields = (from: number) =>
      Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${from + i}`, i]));
    expect((await create({ email, custom: fields(0) })).status).toBe(200);
    expect((await create({ email, custom: { k5: "new" } })).status).toBe(200);
    const { status, body } = await create({ email, custom: { one_more: 1 } });
    expect([status, body.errors[0].pointer]).toEqual([422, "/custom"]);
    expect((await create({ email: address(), custom: { ...fields(0), more: 1 } })).status).toBe(422);
  });
});

describe("a batch of people", () => {
  test("answers each by itself, in order, and loses none", async () => {
    const [one, two, known] = [address(), address(), address()];
    await create({ email: known, firstName: "Known" });
    const { status, body } = await caller.call("POST", "/v1/contacts/batch", {
      items: [
        { email: one, firstName: "One" },
        { email: "nobody" },
        { email: known, firstName: "Known" },
        { email: one, title: "again" },
        7,
        { email: two, ownerId: "mbr_NrfcW713" },
        { email: known, lastName: "New" },
        { email: two, firstName: "Two\r\n" },
        { email: two, surname: "?" },
      ],
    });
    expect(status).toBe(200);
    expect(body.items.map((item: { outcome: string }) => item.outcome)).toEqual([
      "created",
      "refused",
      "unchanged",
      "merged",
      "refused",
      "refused",
      "merged",
      "refused",
      "refused",
    ]);
    expect(body.items[3].id).toBe(body.items[0].id);
    const pointers = body.items.flatMap((item: { errors: { pointer: string }[] }) =>
      item.errors.map((e) => e.pointer),
    );
    expect(pointers).toEqual([
      "/items/1/email",
      "/items/4",
      "/items/5/ownerId",
      "/items/7/firstName",
      "/items/8/surname",
    ]);
    const made = (await caller.client("contacts.list", { query: { email: one } })).items[0]!;
    expect(made).toMatchObject({ firstName: "One", title: "again", rev: 1 });
  });

  test("makes 500 at once, each with its own addresses, references and event", async () => {
    const domain = `${unique("bulk")}.example`;
    const contacts = Array.from({ length: 500 }, (_, i) => ({
      email: `p${i}@${domain}`,
      otherEmails: [`q${i}@${domain}`],
      firstName: `P${i}`,
      companyName: `${domain} ${i % 7}`,
      references: [{ system: domain, type: "lead", id: String(i) }],
    }));
    const { items } = await caller.client("contacts.createBatch", { body: { items: contacts } });
    expect(items.filter(({ outcome }) => outcome === "created")).toHaveLength(500);
    expect(new Set(items.map(({ id }) => id)).size).toBe(500);
    for (const i of [0, 99, 100, 499]) {
      const person = await caller.client("contacts.get", { params: { id: items[i]!.id! } });
      expect(person).toMatchObject({
        email: `p${i}@${domain}`,
        otherEmails: [`q${i}@${domain}`],
        firstName: `P${i}`,
        company: { name: `${domain} ${i % 7}` },
        references: [{ system: domain, type: "lead", id: String(i) }],
      });
      const { items: happened } = await caller.client("contacts.timeline", { params: { id: person.id } });
      expect(happened.map(({ type }) => type)).toEqual(["contact.created"]);
    }
    const { results } = await env.DB.prepare("SELECT count(*) AS n FROM companies WHERE name LIKE ?1")
      .bind(`${domain} %`)
      .all();
    expect(results).toEqual([{ n: 7 }]);
    const again = await caller.client("contacts.createBatch", { body: { items: contacts } });
    expect(again.items.filter(({ outcome }) => outcome === "unchanged")).toHaveLength(500);
  });

  test("refuses more than 500", async () => {
    const contacts = Array.from({ length: 501 }, () => ({ email: "a@b.example" }));
    expect(
      (await caller.call("POST", "/v1/contacts/batch", { items: contacts })).body.errors[0].pointer,
    ).toBe("/items");
  });
});

describe("changing a person", () => {
  const person = async (fields: Record<string, unknown> = {}) =>
    (await create({ email: address(), firstName: "Dana", ...fields })).body.contact;
  const change = (id: string, body: unknown, headers = {}) =>
    caller.call("PATCH", `/v1/contacts/${id}`, body, headers);

  test("sets what is named, blanks null, leaves the rest, and gives the new revision as ETag", async () => {
    const before = await person({ title: "COO", custom: { plan: "pro", seats: 3 } });
    const { status, body, headers } = await change(before.id, {
      title: null,
      lastName: "Silva",
      custom: { plan: null, vip: true },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      firstName: "Dana",
      lastName: "Silva",
      title: null,
      custom: { seats: 3, vip: true },
      rev: 2,
    });
    expect(Object.keys(body.custom)).toEqual(["seats", "vip"]);
    expect(headers.get("etag")).toBe('"2"');
  });

  test("with If-Match, the slower of two editors is told", async () => {
    const { id } = await person();
    expect((await change(id, { title: "first" }, { "if-match": '"1"' })).status).toBe(200);
    const late = await change(id, { title: "second" }, { "if-match": '"1"' });
    expect([late.status, late.body.code]).toEqual([412, "revision_conflict"]);
    expect((await caller.client("contacts.get", { params: { id } })).title).toBe("first");
    expect((await change(id, { title: "x" }, { "if-match": "1" })).body.errors[0]).toMatchObject({
      in: "header",
    });
  });

  test("five editors of five fields at once lose nothing", async () => {
    const { id } = await person();
    const replies = await Promise.all(
      Array.from({ length: 5 }, (_, i) => change(id, { custom: { [`k${i}`]: i } })),
    );
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    const after = await caller.client("contacts.get", { params: { id } });
    expect(after.custom).toEqual({ k0: 0, k1: 1, k2: 2, k3: 3, k4: 4 });
    expect(after.rev).toBe(6);
  });

  test("a new address keeps the old one beside it, and a list of others replaces them", async () => {
    const before = await person();
    const next = address();
    const moved = (await change(before.id, { email: next })).body;
    expect(moved).toMatchObject({ email: next, otherEmails: [before.email] });
    const cleaned = (await change(before.id, { otherEmails: [] })).body;
    expect(cleaned).toMatchObject({ email: next, otherEmails: [] });
    expect((await create({ email: before.email })).body.outcome).toBe("created");
  });

  test("somebody else's address or reference is refused, and nothing is half changed", async () => {
    const other = await person({ references: [{ system: "crm", type: "lead", id: unique() }] });
    const before = await person();
    const address = await change(before.id, { email: other.email, title: "COO" });
    expect([address.status, address.body.code]).toEqual([409, "address_taken"]);
    const reference = await change(before.id, { references: other.references, title: "COO" });
    expect([reference.status, reference.body.code]).toEqual([409, "reference_taken"]);
    expect(await caller.client("contacts.get", { params: { id: before.id } })).toEqual(before);
  });

  test("nothing new is no change: no revision, no event", async () => {
    const before = await person({ custom: { plan: "pro" } });
    const { body } = await change(before.id, { firstName: "Dana", custom: { plan: "pro" }, otherEmails: [] });
    expect(body).toEqual(before);
    const { items } = await caller.client("contacts.timeline", { params: { id: before.id } });
    expect(items).toHaveLength(1);
  });

  test("the timeline tells it newest first, by whom, without the values, page by page", async () => {
    const { id } = await person();
    for (const title of ["a", "b", "c"]) {
      system.clock.advance(1_000);
      await change(id, { title });
    }
    const events = await everyPage((cursor) =>
      caller.client("contacts.timeline", { params: { id }, query: { limit: 2, ...cursor } }),
    );
    for (const { actor, data } of events) {
      expect(actor).toMatch(/^key_/);
      expect(JSON.stringify(data)).not.toMatch(/dana/i);
    }
    expect(events.map(({ type }) => type)).toEqual([
      "contact.updated",
      "contact.updated",
      "contact.updated",
      "contact.created",
    ]);
  });
});

describe("finding people", () => {
  test("by the beginning of a name or an address, whatever the case", async () => {
    const word = unique("Zoe").replace("-", "");
    const { contact } = (
      await create({ firstName: word, lastName: "O'Hara%", email: `${word}@find.example` })
    ).body;
    for (const q of [word, word.toLowerCase(), `${word} O'H`, "O'Hara%", `${word.toUpperCase()}@FIND`]) {
      const { items } = await caller.client("contacts.list", { query: { q } });
      expect(items.map(({ id }) => id)).toContain(contact.id);
    }
    for (const q of ["%", `${word}%`, "_", "find.example"]) {
      const { items } = await caller.client("contacts.list", { query: { q } });
      expect(items.map(({ id }) => id)).not.toContain(contact.id);
    }
  });

  test("pages neither double nor skip, also while people come in", async () => {
    const mine = await createWorkspace(system);
    const other = api(app, mine.token);
    for (let i = 0; i < 7; i++) await other.client("contacts.create", { body: { firstName: `N${i}` } });
    const listed = await everyPage(async (cursor) => {
      const page = await other.client("contacts.list", { query: { limit: 3, ...cursor } });
      await other.client("contacts.create", { body: { firstName: "Late" } });
      return page;
    });
    expect(listed.map(({ firstName }) => firstName)).toEqual(["N6", "N5", "N4", "N3", "N2", "N1", "N0"]);
  });
});
