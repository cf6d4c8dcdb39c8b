/** Whom each tab is about, as far as somebody said so: until the tab or the browser closes. */
import * as z from "zod";
import { type Area, readFrom } from "./area.ts";

const text = (max: number) => z.string().trim().max(max).optional();

/** What is known of a person: fields as the panel and the API name them. */
export const knownPerson = z.strictObject({
  email: text(254),
  firstName: text(120),
  lastName: text(120),
  companyName: text(200),
  title: text(200),
});
export type KnownPerson = z.infer<typeof knownPerson>;

export const subject = z.strictObject({
  contactId: z.string().max(64).optional(),
  person: knownPerson,
  /** The person was looked over and is to be shown; else they are only proposed, in the form. */
  isConfirmed: z.boolean(),
});
export type Subject = z.infer<typeof subject>;

const keyOf = (tabId: number) => `subject:${tabId}`;

export const findSubject = (area: Area, tabId: number): Promise<Subject | null> =>
  readFrom(area, keyOf(tabId), subject);

export const keepSubject = (area: Area, tabId: number, about: Subject | null): Promise<void> =>
  about ? area.set(keyOf(tabId), about) : area.remove(keyOf(tabId));
