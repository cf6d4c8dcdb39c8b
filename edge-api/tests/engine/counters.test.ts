/** What a step costs in rows, exactly as D1 bills it, and the query plans that keep it so. */
import { expect, test, vi } from "vitest";
import { env } from "cloudflare:workers";
import { claimDue } from "../../src/db/claims.ts";
import { runEngine } from "../../src/run.ts";
import { dayMs, hourMs, minuteMs } from "../world.ts";
import { explain, metered, type Meter, recorded } from "./d1.ts";
import { after, delivered, email, runUntil, stage, statesOf, ticked } from "./stage.ts";

vi.setConfig({ testTimeout: 120_000 });

const many = 500;
const twoMails = [email(), email({ delay: after(2, "days"), subject: null, body: "Did you see it?" })];

function say(title: string, meter: Meter, steps: number) {
  const each = (rows: number) => (rows / steps).toFixed(2);
  console.log(
    `${title}: ${each(meter.written)} written, ${each(meter.read)} read a step; ${meter.calls} round trips\n${[...meter.statements]
      .map(([sql, { times, read, written }]) => `  ${each(written).padStart(7)}w ${each(read).padStart(8)}r ×${times}  ${sql}`)
      .join("\n")}`,
  );
}

test("an email step costs no more than its rows: ticked, delivered, recorded and scheduled on", async () => {
  const { system, ids } = await stage({ steps: twoMails, people: many, mailbox: { dailyCap: 10_000 } });
  await delivered(system); // Warms the caches.
  const tick = metered(system);
  expect(await ticked(tick.system)).toMatchObject({ claimed: many, sends: many });
  say(`tick of ${many}`, tick.meter, many);
  const delivery = metered(system);
  expect(await delivered(delivery.system)).toMatchObject({ sent: many });
  say(`delivery of ${many}`, delivery.meter, many);
  expect(await statesOf(system, ids)).toEqual({ sent: many });

  expect.soft(tick.meter.written / many).toBeLessThanOrEqual(7);
  expect.soft(tick.meter.read / many).toBeLessThanOrEqual(20);
  expect.soft(tick.meter.calls).toBeLessThanOrEqual(6);
  expect.soft((tick.meter.written + delivery.meter.written) / many).toBeLessThanOrEqual(14);
  expect.soft((tick.meter.read + delivery.meter.read) / many).toBeLessThanOrEqual(45);
});
