/** Instants for people: as they are where the workspace is, with the machine's own spelling beside it. */
import { html } from "hono/html";
import type { Html } from "./document.ts";

/** An instant for people, as it is in this zone: "Tue 1 Dec 2026, 10:00 Lisbon". */
export const instant = (at: number, zone = "UTC"): Html =>
  timeTag(at, `${dayIn(at, zone)}, ${clockIn(at, zone)} ${placeOf(zone)}`);

/** Its day alone, where the hour says nothing. */
export const day = (at: number, zone: string): Html => timeTag(at, dayIn(at, zone));

/** When something ends: people who chose a day are told that day again, not the midnight after it. */
export const until = (at: number, zone: string): Html =>
  dayIn(at - 1, zone) !== dayIn(at, zone)
    ? timeTag(at, `the end of ${dayIn(at - 1, zone)}, ${placeOf(zone)}`)
    : instant(at, zone);

/** Its time of day alone, where the day stands above: "10:00". */
export const clock = (at: number, zone: string): Html => timeTag(at, clockIn(at, zone));

/** "Tue 1 Dec 2026" */
export const dayIn = (at: number, zone: string): string =>
  format(at, zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" });

/** "Lisbon" */
export const placeOf = (zone: string): string => zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");

const clockIn = (at: number, zone: string): string =>
  format(at, zone, { hour: "2-digit", minute: "2-digit" });

const timeTag = (at: number, text: string): Html =>
  html`<time datetime="${new Date(at).toISOString()}">${text}</time>`;

const format = (at: number, timeZone: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone, ...options }).format(at).replace(",", "");
