/** Whether the engine is healthy, and the turn the operator runs by hand. */

import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { tick } from "../../src/engine/tick.ts";
import { tickDeps } from "../../src/run.ts";
import { api, createKey, dayMs, iso, minuteMs, monday } from "../world.ts";
import {
  call,
  type Desk,
  mail,
  oneEnrolled,
  openDesk,
  openOnlyDesk,
  serviceToken,
  snapshot,
} from "./desk.ts";

let desk: Desk;
beforeEach(async () => {
  await env.DB.prepare("DELETE FROM dead_letters").run();
  desk = await openOnlyDesk();
});

const health = () => desk.client("health.get");
const operator = () => api(desk.app, serviceToken);

describe("health", () => {
  test("with nothing to do: ok, and all of it empty", async () => {
    expect(await health()).toEqual({
      status: "ok",
      mode: "live",
      now: iso(monday),
      lastTickAt: null,
      lastTickAgeMs: null,
      oldestDueAgeMs: null,
      oldestSendAgeMs: null,
      due: 0,
      queue: { queued: 0, claimed: 0, sending: 0, dead: 0 },
      mail: { waiting: 0, retrying: 0, failingSince: null, lastError: null },
      warnings: [{ code: "postal_address_missing", detail: expect.stringContaining("postalAddress") }],
      uncertain: 0,
      parked: 0,
      nextAt: null,
      sendingStoppedAt: null,
    });
  });

  test("says what is next due, what is due, when the last tick was", async () => {
    const sequenceId = await desk.published([mail()]);
    await desk.enroll(sequenceId, await desk.person());
    await desk.enroll(sequenceId, { contactId: await desk.person(), startAt: iso(monday + dayMs) });
    expect(await health()).toMatchObject({ status: "ok", due: 0, nextAt: iso(monday + minuteMs) });
    desk.system.clock.advance(2 * minuteMs);
    expect(await health()).toMatchObject({
      status: "ok",
      due: 1,
      oldestDueAgeMs: minuteMs,
      nextAt: iso(monday + minuteMs),
    });
    await desk.run();
    expect(await health()).toMatchObject({
      status: "ok",
      due: 0,
      oldestDueAgeMs: null,
      lastTickAt: iso(desk.system.clock.wallAt),
      nextAt: iso(monday + dayMs),
    });
  });

  test("is late when something has been due for more than five minutes, and ok again once it was done", async () => {
    await desk.enroll(await desk.published([mail()]), await desk.person());
    desk.system.clock.advance(6 * minuteMs);
    expect((await health()).status).toBe("ok");
    desk.system.clock.advance(1);
    expect(await health()).toMatchObject({ status: "late", oldestDueAgeMs: 5 * minuteMs + 1 });
    await desk.run();
    expect((await health()).status).toBe("ok");
  });

  test("is late when a mail waits to be delivered and nobody delivers", async () => {
    await oneEnrolled(desk, [mail()]);
    await tick(tickDeps(desk.system));
    expect(await health()).toMatchObject({ status: "ok", queue: { queued: 1 }, oldestSendAgeMs: 0 });
    desk.system.clock.advance(5 * minuteMs + 1);
    expect(await health()).toMatchObject({ status: "late", oldestSendAgeMs: 5 * minuteMs + 1 });
  });

  test("a mail server that takes nothing is seen at once, and the status is degraded until it does", async () => {
    const sequenceId = await desk.published([mail()]);
    for (let n = 0; n < 3; n++) await desk.enroll(sequenceId, await desk.person());
    desk.system.wire.answer = () => ({
      kind: "not_sent",
      permanent: false,
      scope: "mailbox",
      retryAfterMs: null,
      detail: "ECONNREFUSED",
    });
    await desk.pass(minuteMs);
    const since = iso(desk.system.clock.at);
    const said = { retrying: 3, failingSince: since, lastError: "ECONNREFUSED" };
    expect(await health()).toMatchObject({
      status: "ok",
      queue: { queued: 0 },
      mail: { waiting: 3, ...said },
    });
    for (let turn = 0; turn < 31; turn++) await desk.pass(minuteMs);
    expect(await health()).toMatchObject({ status: "degraded", mail: said });
    // What another workspace's server says is nobody else's business.
    const other = await openDesk(desk);
    expect((await other.client("health.get")).mail).toMatchObject({ retrying: 0, lastError: null });
    for (let n = 0; n < 7; n++) await desk.enroll(sequenceId, await desk.person());
    desk.system.wire.answer = () => ({ kind: "sent", providerMessageId: null, response: "250" });
    for (let turn = 0; turn < 60; turn++) await desk.pass(minuteMs);
    expect(await health()).toMatchObject({
      status: "ok",
      mail: { waiting: 0, retrying: 0, lastError: null },
    });
  });

  test("ten mails refused at once are no caution of one server: degraded in the first minute", async () => {
    const sequenceId = await desk.published([mail()]);
    for (let n = 0; n < 10; n++) await desk.enroll(sequenceId, await desk.person());
    const refused = { kind: "not_sent", permanent: false, scope: "mailbox", retryAfterMs: null } as const;
    desk.system.wire.answer = () => ({ ...refused, detail: "ECONNREFUSED" });
    await desk.pass(minuteMs);
    expect((await health()).status).toBe("degraded");
  });

  test("warns of a workspace without a postal address, and is quiet where there is one", async () => {
    expect((await health()).warnings).toMatchObject([{ code: "postal_address_missing" }]);
    await desk.client("workspace.update", { body: { postalAddress: "1 Main Street, Lisbon" } });
    expect((await health()).warnings).toEqual([]);
  });

  test("the last tick's age is by the clock it was noted by, wherever business time stands", async () => {
    desk.system.clock.at += 400 * dayMs;
    await desk.run();
    desk.system.clock.wallAt += 2_000;
    expect((await health()).lastTickAgeMs).toBe(2_000);
  });

  test("counts a mail on the wire, one nobody is sure of, who is parked and what the queue gave up on", async () => {
    await oneEnrolled(desk, [mail()]);
    let during: Awaited<ReturnType<typeof health>> | undefined;
    desk.system.wire.answer = async () => {
      during = await health();
      return { kind: "ambiguous", detail: "lost" };
    };
    await desk.run();
    expect(during!.queue).toEqual({ queued: 0, claimed: 0, sending: 1, dead: 0 });
    await oneEnrolled(desk, [mail({ subject: "Hi {{ contact.first_name }}" })], { firstName: "a\nb" });
    await desk.run();
    await env.DB.prepare("INSERT INTO dead_letters (body, failed_at) VALUES ('{}', 1)").run();
    expect(await health()).toMatchObject({
      status: "ok",
      uncertain: 1,
      parked: 1,
      queue: { queued: 0, claimed: 0, sending: 0, dead: 1 },
    });
    // Uncertain and parked are a workspace's own business.
    const other = await openDesk(desk);
    expect(await other.client("health.get")).toMatchObject({ uncertain: 0, parked: 0 });
  });

  test("is stopped under the operator's brake and under the workspace's own, with since when", async () => {
    await desk.client("workspace.stopSending");
    expect(await health()).toMatchObject({ status: "stopped", sendingStoppedAt: iso(monday) });
    const other = await openDesk(desk);
    expect((await other.client("health.get")).status).toBe("ok");
    await desk.client("workspace.resumeSending");
    expect(await health()).toMatchObject({ status: "ok", sendingStoppedAt: null });
    await operator().client("internal.stopSending");
    expect((await health()).status).toBe("stopped");
    expect((await other.client("health.get")).status).toBe("stopped");
    await operator().client("internal.resumeSending");
    expect((await health()).status).toBe("ok");
  });

  test("is for a key that may read", async () => {
    const reader = api(desk.app, await createKey(desk.system, desk.workspace.id, { scopes: ["read"] }));
    expect((await reader.call("GET", "/v1/health")).status).toBe(200);
    const inbound = api(desk.app, await createKey(desk.system, desk.workspace.id, { scopes: ["inbound"] }));
    expect((await inbound.call("GET", "/v1/health")).body.code).toBe("scope_missing");
    expect((await api(desk.app).call("GET", "/v1/health")).status).toBe(401);
  });
});

describe("a turn by hand", () => {
  const run = (token?: string) => api(desk.app, token).call("POST", "/internal/sequences/run");

  test("does what the cron does, and answers what it did", async () => {
    const sequenceId = await desk.published([mail(), call()]);
    for (let n = 0; n < 3; n++) await desk.enroll(sequenceId, await desk.person());
    const missing = await desk.published([mail({ body: "{{ contact.title }}" })]);
    await desk.enroll(missing, await desk.person());
    const nothing = {
      claimed: 0,
      sends: 0,
      tasks: 0,
      waits: 0,
      finished: 0,
      paused: 0,
      overtaken: 0,
      drained: true,
    };
    const noMail = {
      sent: 0,
      deferred: 0,
      canceled: 0,
      failed: 0,
      uncertain: 0,
      unresolved: 0,
      drained: true,
    };
    const idle = { released: 0, resolved: 0, open: 0 };
    const early = await run(serviceToken);
    expect([early.status, early.body]).toEqual([
      200,
      { shards: [{ shard: 0, tick: nothing, deliver: noMail, recover: idle }] },
    ]);
    desk.system.clock.advance(minuteMs);
    expect((await run(serviceToken)).body).toEqual({
      shards: [
        {
          shard: 0,
          tick: { ...nothing, claimed: 4, sends: 3, paused: 1 },
          deliver: { ...noMail, sent: 3 },
          recover: idle,
        },
      ],
    });
    expect(desk.system.delivered).toHaveLength(3);
    expect((await run(serviceToken)).body.shards[0].tick).toEqual({ ...nothing, claimed: 3, tasks: 3 });
    expect((await run(serviceToken)).body.shards[0].tick).toEqual(nothing);
  });

  test("five at once send each mail once", async () => {
    const sequenceId = await desk.published([mail()]);
    for (let n = 0; n < 6; n++) await desk.enroll(sequenceId, await desk.person());
    desk.system.clock.advance(minuteMs);
    const replies = await Promise.all(Array.from({ length: 5 }, () => run(serviceToken)));
    await run(serviceToken);
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    expect(new Set(desk.system.delivered.map(({ messageId }) => messageId)).size).toBe(6);
    expect(desk.system.delivered).toHaveLength(6);
  });

  test("is for the service token alone: no API key, nobody, no near miss", async () => {
    await oneEnrolled(desk, [mail()]);
    const before = await snapshot();
    for (const token of [
      undefined,
      desk.workspace.token,
      `${serviceToken}x`,
      serviceToken.slice(0, -1),
      serviceToken.toUpperCase(),
      "",
    ]) {
      const { status, body } = await run(token);
      expect([token, status, body.code]).toEqual([token, 401, "unauthenticated"]);
    }
    expect((await operator().call("GET", "/v1/health")).status).toBe(401);
    expect(await snapshot()).toEqual(before);
    expect(desk.system.delivered).toEqual([]);
  });
});
