import { ProblemError } from "@cadenza/shared/client";
import type { ProblemCode } from "@cadenza/shared/problem";
import { beforeEach, describe, expect, it } from "vitest";
import { refused } from "../api/refusal.ts";
import { areaInMemory } from "../storage/area.ts";
import { createOutbox, type Parcel } from "./outbox.ts";

const enroll = {
  key: "k1",
  account: "mbr_robin",
  route: "enrollments.create",
  request: { params: { id: "seq_1" }, body: { contactId: "ctc_dana" } },
};
const problem = (status: number, code: ProblemCode, detail = "No.") =>
  new ProblemError({ type: "", title: "", detail, requestId: "", status, code });

/** The API: it does what comes under a new key, and gives the old answer under an old one. */
let done: Map<string, unknown>;
let clock: number;
let wakes: number[];
let sent: Parcel[];
let weather: ((parcel: Parcel) => Promise<void> | void) | null;
let area: ReturnType<typeof areaInMemory>;

/** What one life of the worker has. */
const start = (over: { send?: (parcel: Parcel) => Promise<unknown> } = {}) =>
  createOutbox({
    area,
    now: () => clock,
    random: () => 0,
    sleep: async (ms) => {
      clock += ms;
    },
    wakeAt: (at) => wakes.push(at),
    send: async (parcel) => {
      sent.push(parcel);
      await weather?.(parcel);
      if (!done.has(parcel.key)) done.set(parcel.key, { enrollmentId: `enr_${done.size + 1}` });
      return done.get(parcel.key);
    },
    ...over,
  });

beforeEach(() => {
  done = new Map();
  clock = 1_000_000;
  wakes = [];
  sent = [];
  weather = null;
  area = areaInMemory();
});

describe("the outbox", () => {
  it("keeps what was asked before it goes out, and forgets it once it was answered", async () => {
    weather = () => expect(Object.keys(area.kept)).toEqual(["outbox:k1"]);
    expect(await start().submit(enroll)).toEqual({ enrollmentId: "enr_1" });
    expect([sent.length, area.kept]).toEqual([1, {}]);
  });

  it("does once what is asked twice at the same time, and answers both", async () => {
    const outbox = start();
    const answers = await Promise.all([outbox.submit(enroll), outbox.submit(enroll)]);
    expect([answers, sent.length, done.size]).toEqual([
      [{ enrollmentId: "enr_1" }, { enrollmentId: "enr_1" }],
      1,
      1,
    ]);
  });

  it("does once what the worker died over, before and after the API had it", async () => {
    for (const reached of [false, true]) {
      done.clear();
      void start({
        send: (parcel) => {
          if (reached) done.set(parcel.key, { enrollmentId: "enr_1" });
          return new Promise(() => {});
        },
      }).submit(enroll);
      while (!("outbox:k1" in area.kept)) await Promise.resolve();
      const next = start();
      await next.resume("mbr_robin");
      expect([reached, done.size, await next.list()]).toEqual([reached, 1, []]);
      // Whoever asked the dead worker asks again.
      expect(await next.submit(enroll)).toEqual({ enrollmentId: "enr_1" });
      expect(done.size).toBe(1);
    }
  });

  it("tries again while somebody waits, then says that it is kept and asks to be woken", async () => {
    weather = () => {
      throw refused("unreachable");
    };
    const outbox = start();
    await expect(outbox.submit(enroll)).rejects.toMatchObject({ code: "kept_for_later" });
    expect(sent.length).toBeGreaterThan(3);
    expect(clock - 1_000_000).toBeLessThanOrEqual(12_000);
    expect(await outbox.list()).toMatchObject([{ key: "k1", tries: sent.length, refusal: null }]);
    expect(wakes).toEqual([(await outbox.list())[0]!.nextTryAt]);
    weather = null;
    clock = wakes[0]!;
    await outbox.resume("mbr_robin");
    expect([done.size, await outbox.list()]).toEqual([1, []]);
  });

  it("waits for its time: what is not due is not sent", async () => {
    weather = () => {
      throw problem(503, "mail_not_set_up");
    };
    const outbox = start();
    await outbox.submit(enroll).catch(() => {});
    const tries = sent.length;
    await outbox.resume("mbr_robin");
    expect(sent.length).toBe(tries);
  });

  it("goes out before its time when somebody says so", async () => {
    weather = () => {
      throw refused("unreachable");
    };
    const outbox = start();
    await outbox.submit(enroll).catch(() => {});
    weather = null;
    await outbox.hurry("mbr_robin");
    expect([done.size, await outbox.list()]).toEqual([1, []]);
  });

  it("passes a refusal on and keeps nothing of it", async () => {
    weather = () => {
      throw problem(409, "busy", "Dana is in it already.");
    };
    const outbox = start();
    await expect(outbox.submit(enroll)).rejects.toMatchObject({ code: "busy" });
    expect([sent.length, await outbox.list()]).toEqual([1, []]);
  });

  it("keeps a refusal that nobody was there to hear, until somebody drops it", async () => {
    weather = () => {
      throw refused("unreachable");
    };
    const outbox = start();
    await outbox.submit(enroll).catch(() => {});
    weather = () => {
      throw problem(409, "busy", "Dana is in it already.");
    };
    clock += 3_600_000;
    await outbox.resume("mbr_robin");
    const refusal = { code: "busy", detail: "Dana is in it already." };
    expect(await outbox.list()).toMatchObject([{ key: "k1", refusal }]);
    const tries = sent.length;
    await outbox.resume("mbr_robin");
    expect(sent.length).toBe(tries);
    expect([await outbox.drop("k1"), await outbox.list()]).toEqual([true, []]);
  });

  it("never does in one person's name what another asked", async () => {
    weather = () => {
      throw refused("sign_in_expired");
    };
    const outbox = start();
    await expect(outbox.submit(enroll)).rejects.toMatchObject({ code: "sign_in_expired" });
    weather = null;
    clock += 3_600_000;
    await outbox.resume("mbr_mia");
    expect([done.size, (await outbox.list()).length]).toEqual([0, 1]);
    await outbox.resume("mbr_robin");
    expect([done.size, await outbox.list()]).toEqual([1, []]);
  });

  it("does not send what the API no longer knows the key of", async () => {
    weather = () => {
      throw refused("unreachable");
    };
    const outbox = start();
    await outbox.submit(enroll).catch(() => {});
    weather = null;
    clock += 24 * 3_600_000;
    await outbox.resume("mbr_robin");
    expect(done.size).toBe(0);
    expect(await outbox.list()).toMatchObject([{ refusal: { code: "too_old" } }]);
  });

  it("drops nothing that is on its way, and reads past what it cannot read", async () => {
    let answer = (_: unknown) => {};
    const outbox = start({
      send: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const asked = outbox.submit(enroll);
    while (!("outbox:k1" in area.kept)) await Promise.resolve();
    expect(await outbox.drop("k1")).toBe(false);
    await area.set("outbox:old", { shape: "of another version" });
    expect((await outbox.list()).map(({ key }) => key)).toEqual(["k1"]);
    answer({});
    await asked;
  });
});
