/** What each question holds, checked where it arrives, and what it is answered with. */
import * as z from "zod";
import { apiRoutes } from "../api/relayed-routes.ts";
import { type Settings, settings } from "../storage/settings.ts";
import { type Subject, subject } from "../storage/subjects.ts";
import type { Verb } from "./verbs.ts";

const nothing = z.strictObject({});
const tabId = z.number().int().nonnegative();
const key = z.string().min(1).max(255);

export const questions = {
  "account.read": nothing,
  "account.signIn": nothing,
  "account.signOut": nothing,
  "account.pair": nothing,
  "account.pollPairing": nothing,
  "settings.read": nothing,
  "settings.choose": settings.partial(),
  /** A route by its name, never an address: where it is sent and as whom is the background's to know. */
  "api.ask": z.strictObject({
    route: z.enum(apiRoutes),
    params: z.record(z.string(), z.string().max(300)).optional(),
    query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    body: z.unknown().optional(),
    idempotencyKey: key.optional(),
    ifMatch: z.number().int().optional(),
  }),
  "outbox.list": nothing,
  "outbox.send": nothing,
  "outbox.drop": z.strictObject({ key }),
  "subject.read": z.strictObject({ tabId }),
  "subject.choose": z.strictObject({ tabId, subject: subject.nullable() }),
  "update.read": nothing,
  "update.apply": nothing,
} as const satisfies Record<Verb, z.ZodType>;

export type Question<Name extends Verb> = z.infer<(typeof questions)[Name]>;

export type Account =
  | { standing: "no_address" | "signed_out" | "sign_in_expired" | "no_permission" | "unreachable" }
  | {
      standing: "signed_in";
      memberId: string;
      name: string;
      email: string;
      workspace: string;
      role: string;
      mayWork: boolean;
    };

/** What waits to go out, or came back with a no. */
export type Waiting = { key: string; route: string; addedAt: number; refusal: { detail: string } | null };

export type Answers = {
  "account.read": Account;
  "account.signIn": Account;
  "account.signOut": null;
  "account.pair": { code: string; url: string; expiresInS: number; intervalS: number };
  "account.pollPairing": { isDone: boolean };
  "settings.read": Settings;
  "settings.choose": Settings;
  "api.ask": unknown;
  "outbox.list": Waiting[];
  "outbox.send": Waiting[];
  "outbox.drop": Waiting[];
  "subject.read": Subject | null;
  "subject.choose": null;
  "update.read": { isReady: boolean };
  "update.apply": null;
};
