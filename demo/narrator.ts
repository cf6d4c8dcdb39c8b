/** One line per thing that happened, read from the API: whoever changed gets the new part of their timeline told. */
import { everyPage } from "@cadenza/edge-api/scripts/load-sequence";
import type { AnswerOf } from "@cadenza/shared/client";
import { eventText, line, nextText, type TimelineEvent, type Touch, when } from "./lines.ts";
import { learnPeople, type Office, officeZone, type Person } from "./office.ts";
import { paint, say } from "./screen.ts";

export type Enrollment = AnswerOf<"enrollments.list">["items"][number];

/** What says where a person goes next; the other events end something or only prepare it. */
const tellsNext = new Set([
  "send.sent",
  "send.settled",
  "task.done",
  "task.skipped",
  "enrollment.resumed",
  "enrollment.step_skipped",
  "hold.placed",
]);
/** A reply at a later moment than the stop it caused would read backwards. */
const first = new Set(["reply.received", "suppression.added", "send.settled"]);

/** @returns tells what is new; `about` names people whose enrollment may not show that something happened. */
export function narrator(office: Office, now: () => number, paceMs: number) {
  const states = new Map<string, string>();
  const told = new Map<string, number>();
  const deferred = new Set<string>();
  const { client } = office;

  async function tellPerson(person: Person, enrollments: Enrollment[]): Promise<void> {
    const events = await everyPage((cursor) =>
      client("contacts.timeline", { params: { id: person.id }, query: { limit: 200, cursor } }),
    );
    const fresh = events.slice(0, events.length - (told.get(person.id) ?? 0)).reverse();
    told.set(person.id, events.length);
    fresh.sort((a, b) => Number(first.has(b.type)) - Number(first.has(a.type)));
    const lastStep = fresh.findLastIndex(({ type }) => tellsNext.has(type));
    for (const [index, event] of fresh.entries()) {
      await tellEvent(person, event, index === lastStep, enrollments);
    }
  }

  async function tellEvent(
    person: Person,
    event: TimelineEvent,
    withNext: boolean,
    enrollments: Enrollment[],
  ) {
    const own = enrollments.filter(({ contactId }) => contactId === person.id);
    const enrollment =
      own.find(({ id }) => id === event.enrollmentId) ?? own.find(({ status }) => status === "active");
    const steps = [...office.sequences.values()].find(({ id }) => id === enrollment?.sequenceId)?.steps ?? [];
    const happened = eventText(event, { person: person.name, steps });
    if (!happened) return;
    const at = Date.parse(event.at);
    const next =
      withNext && enrollment?.status === "active"
        ? nextText(await nextTouch(enrollment), at, person.zone, steps)
        : "";
    say(
      paint(line(at, person.zone, happened.text), happened.tone) + (next ? paint(` · ${next}`, "dim") : ""),
      at,
      officeZone,
    );
    if (paceMs) await new Promise((done) => setTimeout(done, paceMs));
  }

  async function nextTouch({ id }: Enrollment): Promise<Touch | undefined> {
    return (await client("enrollments.plan", { params: { id } })).touches[0];
  }

  /** Mail that waits for its mailbox has no event: nothing happened yet. */
  async function tellDeferred(enrollments: Enrollment[]): Promise<void> {
    const { items } = await client("sends.list", { query: { state: "queued", limit: 200 } });
    for (const send of items) {
      const known = `${send.id} ${send.waitReason}`;
      if (!send.dueAt || !send.waitReason || deferred.has(known)) continue;
      deferred.add(known);
      const person = office.people.get(send.contactId)!;
      const enrollment = enrollments.find(({ id }) => id === send.enrollmentId);
      const { sentence } = await client("enrollments.explain", { params: { id: enrollment!.id } });
      const text = `the mail to ${person.name} leaves ${when(Date.parse(send.dueAt), person.zone, now())}`;
      say(paint(line(now(), person.zone, text), "odd") + paint(` · ${sentence}`, "dim"), now(), officeZone);
    }
  }

  return async (about: string[]): Promise<Enrollment[]> => {
    const enrollments = await everyPage((cursor) =>
      client("enrollments.list", { query: { limit: 200, cursor } }),
    );
    const changed = new Set(about);
    for (const { id, contactId, status, reason, stepId, waitReason, wakeAt } of enrollments) {
      const state = JSON.stringify([status, reason, stepId, waitReason, wakeAt]);
      if (states.get(id) !== state) changed.add(contactId);
      states.set(id, state);
    }
    for (const id of changed) {
      if (!office.people.has(id)) await learnPeople(office);
      const person = office.people.get(id);
      if (person) await tellPerson(person, enrollments);
    }
    // Only somebody whose mail is made and not sent can be waiting for a mailbox.
    if (
      enrollments.some(({ status, waitReason }) => status === "active" && waitReason === "send_in_flight")
    ) {
      await tellDeferred(enrollments);
    }
    return enrollments;
  };
}
