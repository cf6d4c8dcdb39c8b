/** What belongs to no one feature: code in every text field of every route, in the three languages it could run in. */
import { env } from "cloudflare:workers";
import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { type RouteName, routes } from "@cadenza/shared/routes";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { api, type Caller, createWorkspace, type TestWorkspace, testSystem, unique } from "../world.ts";

const system = testSystem({ wallAt: Date.now() });
const app = createApp([system], { serviceToken: "test-service-token" });
let own: TestWorkspace;
let other: TestWorkspace;
let caller: Caller;

beforeAll(async () => {
  own = await createWorkspace(system);
  other = await createWorkspace(system);
  caller = api(app, own.token);
  await api(app, other.token).client("contacts.create", { body: { firstName: "Theirs" } });
});

const payloads = [
  "x'; DROP TABLE contacts; --",
  `x" OR 1=1 --`,
  "x'||(SELECT secret_hash FROM api_keys)||'",
  "{{ contact.email }}{% assign x = workspace %}{{ x | json }}",
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  "__proto__",
];

/** Every copy of a body in which one text was replaced. */
function* poisoned(value: unknown, payload: string): Generator<unknown> {
  if (typeof value === "string") yield payload;
  else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) {
      for (const changed of poisoned(item, payload)) yield value.with(at, changed);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      for (const changed of poisoned(item, payload)) yield { ...value, [key]: changed };
      if (typeof item === "string") yield { ...value, [payload]: item };
    }
  }
}

const names = (Object.keys(routes) as RouteName[]).filter((name) => {
  const { access, example } = contracts[name] as Contract;
  return access !== "service" && example?.body !== undefined;
});

/** What there is of the other workspace, and which tables there are. */
async function around(): Promise<string> {
  const rows = await env.DB.batch([
    env.DB.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"),
    env.DB.prepare("SELECT * FROM contacts WHERE workspace_id = ?1").bind(other.id),
    env.DB.prepare("SELECT * FROM workspaces WHERE id = ?1").bind(other.id),
    env.DB.prepare("SELECT * FROM api_keys WHERE workspace_id = ?1").bind(other.id),
  ]);
  return JSON.stringify(rows.map(({ results }) => results));
}

describe.each(names)("code in a text of %s", (name) => {
  test("is text: it is kept or refused, and nothing else happens", async () => {
    const { example }: Contract = contracts[name];
    const [method, path] = routes[name];
    const hash = await env.DB.prepare("SELECT secret_hash AS hash FROM api_keys WHERE workspace_id = ?1")
      .bind(own.id)
      .first<{ hash: string }>();
    const before = await around();
    for (const payload of payloads) {
      for (const body of poisoned(example!.body, payload)) {
        const address = path.replace(/:\w+/g, encodeURIComponent(payload));
        const reply = await caller.call(method, address, body, { "if-match": '"1"' });
        expect([
          payload,
          body,
          reply.status,
          reply.status < 500 || reply.body?.code === "mail_not_set_up",
        ]).toEqual([payload, body, reply.status, true]);
        expect(reply.text).not.toContain(hash!.hash);
      }
    }
    expect(await around()).toBe(before);
    expect(system.errors).toEqual([]);
  });
});

test("code in a list's query finds nothing and breaks nothing", async () => {
  for (const name of (Object.keys(routes) as RouteName[]).filter((name) => routes[name][0] === "GET")) {
    const { query, access }: Contract = contracts[name];
    if (!query || access === "service" || access === "self") continue;
    for (const field of Object.keys(query.shape)) {
      for (const payload of payloads) {
        const address = `${routes[name][1].replace(/:\w+/g, "x")}?${new URLSearchParams({ [field]: payload })}`;
        const { status, text } = await caller.call("GET", address);
        expect([name, field, payload, status < 500]).toEqual([name, field, payload, true]);
        expect(text).not.toContain("Theirs");
      }
    }
  }
});

test("another list's cursor, or a made-up one, opens nothing and breaks nothing", async () => {
  const cursors = [[1], ["x"], [1, "x"], [null], ["x", "y", "z", 1], [1e308, -1], { length: 1 }, "x"];
  for (const name of (Object.keys(routes) as RouteName[]).filter((name) => routes[name][0] === "GET")) {
    const { query, access }: Contract = contracts[name];
    if (!query?.shape.cursor || access === "service" || access === "self") continue;
    const { contact } = await caller.client("contacts.create", { body: { firstName: unique("Own") } });
    for (const cursor of cursors) {
      const path = routes[name][1].replace(/:\w+/g, name.startsWith("contacts.") ? contact.id : "x");
      const { status, text } = await caller.call("GET", `${path}?cursor=${btoa(JSON.stringify(cursor))}`);
      expect([name, cursor, status < 500]).toEqual([name, cursor, true]);
      expect(text).not.toContain("Theirs");
    }
  }
  expect(system.errors).toEqual([]);
});

test("Liquid in a person's own fields is shown as it is, and never run", async () => {
  const { client } = caller;
  const firstName = "{{ workspace.name }}{% assign x = 1 %}";
  const email = `${unique("liquid")}@buyer.example`;
  const { contact } = await client("contacts.create", { body: { email, firstName } });
  const smtp = { host: "127.0.0.1", port: 2525, security: "none" as const };
  const mailbox = await client("mailboxes.create", { body: { address: "liquid@seller.example", smtp } });
  const sequence = await client("sequences.create", {
    body: {
      name: unique("Liquid"),
      mailboxId: mailbox.id,
      steps: [
        {
          name: "Mail",
          type: "email_auto",
          delay: { amount: 0, unit: "minutes" },
          subject: "Hi {{ contact.first_name }}",
          body: "Hi {{ contact.first_name }}",
        },
      ],
    },
  });
  const preview = await client("sequences.preview", {
    params: { id: sequence.id },
    body: { contactId: contact.id },
  });
  expect(JSON.stringify(preview)).toContain(`Hi ${firstName}`);
});
