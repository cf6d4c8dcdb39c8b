/** The engine itself: its health, mail that comes in, holds, and the turn the operator runs by hand. */
import * as z from "zod";
import { holdKinds, modes, replyClasses } from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import { exampleIds, instant, line, page, pageQuery, publicId } from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";
const count = () => z.number().int();

export const hold = z
  .strictObject({
    contactId: publicId("ctc"),
    kind: z.enum(holdKinds),
    untilAt: instant(),
    note: z.string().nullable(),
    createdAt: instant(),
  })
  .meta({ id: "Hold" });
const exampleHold = {
  contactId: exampleIds.ctc,
  kind: "requested",
  untilAt: "2027-03-01T09:00:00.000Z",
  note: "In March",
  createdAt: at,
};
const contactId = z.strictObject({ id: publicId("ctc") });

const runReport = z
  .strictObject({
    shard: count(),
    tick: z.strictObject({
      claimed: count(),
      sends: count(),
      tasks: count(),
      waits: count(),
      finished: count(),
      paused: count(),
      overtaken: count(),
      drained: z.boolean(),
    }),
    deliver: z.strictObject({
      sent: count(),
      deferred: count(),
      canceled: count(),
      failed: count(),
      uncertain: count(),
      unresolved: count(),
      drained: z.boolean(),
    }),
    recover: z.strictObject({ released: count(), resolved: count(), open: count() }),
  })
  .meta({ id: "RunReport" });

export const engineContracts = {
  "health.get": {
    summary: "Ask whether the engine is healthy",
    description: "Ages in milliseconds; counts stop at 10,000. The runbook says what each means.",
    access: "read",
    response: z.strictObject({
      status: z.enum(["ok", "degraded", "late", "stopped"]).meta({
        description:
          "`degraded`: mails are tried in vain, ten at once or one for half an hour; `late`: something due was not looked at for five minutes; `stopped`: the brake is pulled.",
      }),
      mode: z.enum(modes).meta({ description: "`test`: no mail of this workspace leaves." }),
      now: instant().meta({ description: "Business time." }),
      lastTickAt: instant()
        .nullable()
        .meta({ description: "Real time, also where business time is stepped." }),
      lastTickAgeMs: count().nullable(),
      oldestDueAgeMs: count()
        .nullable()
        .meta({ description: "How long the oldest due enrollment has waited." }),
      oldestSendAgeMs: count().nullable(),
      due: count(),
      queue: z
        .strictObject({ queued: count(), claimed: count(), sending: count(), dead: count() })
        .meta({ description: "Of the whole shard, as far as it is due." }),
      mail: z
        .strictObject({
          waiting: count().meta({ description: "Mails that are made and have not left, due or not." }),
          retrying: count().meta({ description: "Those a server did not take; they are tried again." }),
          failingSince: instant().nullable().meta({ description: "The first try of the oldest of them." }),
          lastError: z.string().nullable().meta({ description: "What the latest try was told." }),
        })
        .meta({ description: "Of this workspace, as far as you see it." }),
      warnings: z
        .array(z.strictObject({ code: z.enum(["postal_address_missing"]), detail: z.string() }))
        .meta({ description: "What should be put right before mail goes out." }),
      uncertain: count().meta({ description: "Mails a person must settle, as far as you see them." }),
      parked: count().meta({ description: "Enrollments the engine could not read, as far as you see them." }),
      nextAt: instant().nullable().meta({ description: "When something is next due." }),
      sendingStoppedAt: instant().nullable(),
    }),
    example: {
      response: {
        status: "ok",
        mode: "live",
        now: at,
        lastTickAt: at,
        lastTickAgeMs: 12_000,
        oldestDueAgeMs: null,
        oldestSendAgeMs: null,
        due: 0,
        queue: { queued: 0, claimed: 0, sending: 0, dead: 0 },
        mail: { waiting: 0, retrying: 0, failingSince: null, lastError: null },
        warnings: [],
        uncertain: 0,
        parked: 0,
        nextAt: at,
        sendingStoppedAt: null,
      },
    },
  },
  "holds.get": {
    summary: "Read a person's hold",
    description: "404 where there is none.",
    access: "read",
    params: contactId,
    response: hold,
    problems: ["hold_not_found"],
    example: { response: exampleHold },
  },
  "holds.place": {
    summary: "Put a person on hold",
    description:
      "Everything they are enrolled in stands still until then, timers too, and goes on by itself.",
    access: "work",
    params: contactId,
    body: z.strictObject({
      kind: z.enum(holdKinds).default("manual"),
      untilAt: instant(),
      note: line(500).nullable().default(null),
    }),
    response: hold,
    problems: ["contact_not_found"],
    example: { body: { kind: "requested", untilAt: "2027-03-01T09:00:00Z" }, response: exampleHold },
  },
  "holds.release": {
    summary: "Release a hold",
    description: "Everything goes on with the wait that was left.",
    access: "work",
    params: contactId,
    problems: ["contact_not_found", "hold_not_found"],
  },
  "inbound.ingest": {
    summary: "Hand in a mail that arrived",
    description:
      "The raw mail as the body (`message/rfc822`, at most 25 MiB). A reply stops the person's sequences before anything else is sent; each Message-ID counts once.",
    access: "inbound",
    raw: { type: "message/rfc822", bytesMax: 25 * 1_048_576 },
    response: z.strictObject({
      outcome: z.enum(["stopped", "recorded", "ignored", "duplicate"]),
      replyClass: z.enum(replyClasses),
      contactId: publicId("ctc").nullable(),
      stopped: z.array(publicId("enr")),
      why: z.enum(["own_mail", "unknown_sender"]).nullable(),
    }),
    problems: ["mail_unreadable"],
    example: {
      response: {
        outcome: "stopped",
        replyClass: "human",
        contactId: exampleIds.ctc,
        stopped: [exampleIds.enr],
        why: null,
      },
    },
  },
  "internal.deadLetters": {
    summary: "List parked wake-ups",
    description:
      "Queue messages that failed every retry, newest first. The rows they were about are found by the cron all the same.",
    access: "service",
    query: z.strictObject(pageQuery),
    response: page(z.strictObject({ shard: count(), body: z.string(), failedAt: instant() })),
    example: {
      response: { items: [{ shard: 0, body: '{"kind":"tick","shard":0}', failedAt: at }], nextCursor: null },
    },
  },
  "internal.run": {
    summary: "Run one turn of the engine",
    description: "What the cron does: recover, tick, deliver, on every shard; and what came of it.",
    access: "service",
    response: z.strictObject({ shards: z.array(runReport) }),
    example: {
      response: {
        shards: [
          {
            shard: 0,
            tick: {
              claimed: 3,
              sends: 2,
              tasks: 1,
              waits: 0,
              finished: 0,
              paused: 0,
              overtaken: 0,
              drained: true,
            },
            deliver: {
              sent: 2,
              deferred: 0,
              canceled: 0,
              failed: 0,
              uncertain: 0,
              unresolved: 0,
              drained: true,
            },
            recover: { released: 0, resolved: 0, open: 0 },
          },
        ],
      },
    },
  },
} as const satisfies Record<string, Contract>;
