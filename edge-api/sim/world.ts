/** The seeded world: one workspace with mailboxes, schedules, sequences and people in several zones. */
import type { DeliveryWindow } from "../src/domain/schedule.ts";
import type { Step } from "../src/domain/sequence.ts";
import type { ProviderKind } from "./provider.ts";
import { type Random, randomOf } from "./random.ts";
import type { Shard } from "./sqlite-d1.ts";
import { stepsOf, withHours } from "./steps.ts";

export type WorldShape = {
  contacts: [number, number];
  mailboxes: [number, number];
  sequences: [number, number];
  /** Only steps nothing but time decides about, no caps or gaps that bite, no person without a name. */
  uncontended: boolean;
};

export const usualShape: WorldShape = {
  contacts: [3, 10],
  mailboxes: [1, 3],
  sequences: [1, 3],
  uncontended: false,
};
/** One seed in twenty-five: a crowd in one sequence at small caps, more at once than travel as values (few-rows.ts). */
export const crowdedShape: WorldShape = {
  contacts: [45, 55],
  mailboxes: [1, 2],
  sequences: [1, 1],
  uncontended: false,
};
export const uncontendedShape: WorldShape = { ...usualShape, uncontended: true };

export type World = {
  workspaceId: number;
  mailboxes: { id: number; address: string; kind: ProviderKind }[];
  sequences: { id: number; steps: Step[] }[];
  contacts: { id: number; email: string }[];
};

export const zones = [
  "Europe/Lisbon",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "America/Sao_Paulo",
  "Pacific/Apia",
  "UTC",
  null,
];

const weekdays = [1, 2, 3, 4, 5];
const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** Office hours, a lunch break, no end, over midnight, the hour that daylight saving skips and repeats. */
const windowSets: DeliveryWindow[][] = [
  [{ days: weekdays, from: "09:00", to: "17:00" }],
  [
    { days: weekdays, from: "08:30", to: "12:00" },
    { days: weekdays, from: "13:00", to: "18:00" },
  ],
  [{ days: everyDay, from: "00:00", to: "24:00" }],
  [{ days: everyDay, from: "22:00", to: "02:00" }],
  [{ days: everyDay, from: "01:15", to: "03:15" }],
  [{ days: weekdays, from: "10:00", to: "10:20" }],
];

/** Daylight saving begins and ends (north and south), leap day, new year, and plain days. */
const starts = [
  "2026-03-27T06:00:00Z",
  "2026-10-23T12:00:00Z",
  "2026-11-01T04:00:00Z",
  "2026-04-03T10:00:00Z",
  "2028-02-28T20:00:00Z",
  "2026-12-31T15:00:00Z",
  "2026-06-10T09:00:00Z",
  "2027-09-06T00:00:00Z",
];

export const startOf = (random: Random): number =>
  Date.parse(random.pick(starts)) + random.int(0, 4 * 1440) * 60_000 + random.int(0, 59_999);

export function seedWorld(shard: Shard, random: Random, shape: WorldShape, now: number): World {
  const insert = (table: string, row: Record<string, unknown>): number => {
    const names = Object.keys(row);
    const made = shard.all<{ id: number }>(
      `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map((_, i) => `?${i + 1}`).join(", ")}) RETURNING *`,
      ...names.map((name) =>
        row[name] !== null && typeof row[name] === "object" ? JSON.stringify(row[name]) : row[name],
      ),
    );
    return made[0]!.id;
  };
  const stamps = { created_at: now, updated_at: now };
  const workspaceId = insert("workspaces", {
    name: "Simulated Ltd",
    time_zone: random.pick(zones.filter((zone) => zone !== null)),
    country: null,
    postal_address: "1 Main Street",
    ...stamps,
  });
  const owner = insert("members", {
    workspace_id: workspaceId,
    email: "rep@sim.test",
    name: "Rep",
    role: "rep",
    created_at: now,
  });

  const mailboxes = Array.from({ length: random.int(...shape.mailboxes) }, (_, i) => {
    const kind: ProviderKind = {
      class: random.pick(["key", "lookup", "blind"]),
      keyLifeMs: random.pick([15, 60, 1440]) * 60_000,
      indexLagMs: random.pick([0, 60_000, 45 * 60_000]),
    };
    const address = `box${i + 1}@sim.test`;
    const id = insert("mailboxes", {
      workspace_id: workspaceId,
      owner_id: owner,
      address,
      name: "Rep",
      transport: "smtp",
      settings: {},
      time_zone: random.pick([null, "Europe/Lisbon"]),
      signature: null,
      daily_cap: shape.uncontended ? 5_000 : random.pick([1, 2, 3, 5, 10, 20, 50]),
      gap_ms: shape.uncontended ? 0 : random.pick([0, 0, 5_000, 90_000, 600_000]),
      next_free_at: 0,
      slot_at: 0,
      rev: 1,
      ...stamps,
    });
    return { id, address, kind };
  });

  const schedules = Array.from({ length: 2 }, (_, i) => {
    const windows = random.pick(windowSets);
    const id = insert("schedules", {
      workspace_id: workspaceId,
      name: `Schedule ${i}`,
      windows,
      country: null,
      region: null,
      holidays: random.chance(0.3) ? [new Date(now + 86_400_000).toISOString().slice(0, 10)] : [],
      jitter_minutes: random.pick([0, 0, 7, 30]),
      rev: 1,
      ...stamps,
    });
    return { id, windows };
  });

  // Drawn apart, so that the rest of the world is what its seed always made of it.
  const randomHours = randomOf(now);
  const sequences = Array.from({ length: random.int(...shape.sequences) }, (_, i) => {
    const plain = stepsOf(random, shape);
    const schedule = random.pick(schedules);
    const steps = plain.map((step) => withHours(step, schedule.windows, randomHours));
    const id = insert("sequences", {
      workspace_id: workspaceId,
      name: `Sequence ${i}`,
      status: "active",
      owner_id: owner,
      schedule_id: schedule.id,
      mailbox_id: random.pick(mailboxes).id,
      draft: steps,
      next_step_id: steps.length + 1,
      rev: 1,
      ...stamps,
    });
    const version = insert("sequence_versions", {
      workspace_id: workspaceId,
      sequence_id: id,
      number: 1,
      name: `Sequence ${i}`,
      steps,
      published_at: now,
    });
    shard.all("UPDATE sequences SET version_id = ?1 WHERE id = ?2", version, id);
    return { id, steps };
  });

  const companyId = insert("companies", {
    workspace_id: workspaceId,
    name: "Acme",
    domain: "acme.test",
    custom: { tier: "gold" },
    ...stamps,
  });
  const contacts = Array.from({ length: random.int(...shape.contacts) }, (_, i) => {
    const email = `person${i + 1}@example${i % 3}.test`;
    const id = insert("contacts", {
      workspace_id: workspaceId,
      kind: "lead",
      email,
      first_name: !shape.uncontended && random.chance(0.05) ? null : `Person ${i + 1}`,
      company_id: random.chance(0.3) ? companyId : null,
      owner_id: owner,
      time_zone: random.pick(zones),
      custom: {},
      rev: 1,
      ...stamps,
    });
    shard.all(
      "INSERT INTO contact_addresses (workspace_id, email, contact_id) VALUES (?1, ?2, ?3)",
      workspaceId,
      email,
      id,
    );
    return { id, email };
  });
  return { workspaceId, mailboxes, sequences, contacts };
}
