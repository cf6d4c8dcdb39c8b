/**
 * Every state the panel's first screen can be in, made of one real record by changing what differs: for the tests that
 * look at all of them, and for pictures. A state is asked for by its name in place of the host's own id of a lead.
 */
import type { Page } from "playwright-core";
import type { AnswerOf } from "../../shared/src/client.ts";
import type { Problem } from "../../shared/src/problem.ts";
import { type Crm, monday } from "./crm.ts";

type Shown = AnswerOf<"record.get">;
type Enrolled = Shown["enrollments"][number];
type State = (
  record: Shown,
) => Shown | { problem: Partial<Problem> & { status: number } } | "unreachable" | "never";

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
const at = (ms: number) => new Date(monday + ms).toISOString();

const enrolled =
  (...changes: Partial<Enrolled>[]): State =>
  (record) => ({
    ...record,
    enrollments: changes.map((change, index) => ({
      ...record.enrollments[0]!,
      id: `${record.enrollments[0]!.id.slice(0, -1)}${index}`,
      ...change,
    })),
  });
const waits = (rule: Enrolled["rule"]) => enrolled({ rule });
const paused = (reason: Enrolled["reason"], detail: string | null = null) =>
  enrolled({ status: "paused", reason, detail });
const ended = (status: "completed" | "canceled", reason: Enrolled["reason"]) =>
  enrolled({ status, reason, endedAt: at(0), rule: null, next: null });
const refused =
  (status: number, code: Problem["code"], detail: string): State =>
  () => ({
    problem: { type: `/errors/${code}`, title: detail, status, code, detail, requestId: "req_1" },
  });
const long = { firstName: "Maximiliana-Alexandrina", lastName: "von Hohenstaufen-Löwenstein-Wertheim" };

export const states: Record<string, State> = {
  running: (record) => record,
  "due-now": enrolled({ rule: "due" }),
  "on-its-way": waits("send_in_flight"),
  "waits-holiday": waits("holiday"),
  "waits-cap": waits("cap"),
  "waits-ramp": waits("ramp"),
  "waits-gap": waits("gap"),
  "waits-delay": waits("delay"),
  "waits-hold": waits("hold"),
  "waits-reply": waits("reply_wait"),
  "waits-task": waits("task_open"),
  "waits-approval": waits("approval"),
  "waits-sequence": waits("sequence_paused"),
  "waits-stopped": waits("sending_stopped"),
  "paused-manual": paused("manual"),
  "paused-word": paused("missing_variable", "contact.city"),
  "paused-mailbox": paused("mailbox_unavailable"),
  "paused-uncertain": paused("uncertain_send"),
  "paused-refused": paused("send_refused", "550 5.1.1 No such user here"),
  "paused-parked": paused("parked", "The step is of a kind this version does not know."),
  "paused-restore": paused("restore"),
  "ended-done": ended("completed", "all_steps_done"),
  "ended-replied": ended("completed", "replied"),
  "ended-meeting": ended("completed", "meeting_booked"),
  "ended-won": ended("completed", "deal_won"),
  "ended-manual": ended("canceled", "manual"),
  "ended-bounced": ended("canceled", "bounced"),
  "ended-opted-out": ended("canceled", "opted_out"),
  "ended-lost": ended("canceled", "deal_lost"),
  "ended-archived": ended("canceled", "sequence_archived"),
  none: (record) => ({ ...record, enrollments: [] }),
  suppressed: (record) => ({
    ...record,
    enrollments: [],
    suppression: { kind: "address", reason: "opted_out", createdAt: at(0) },
    may: { ...record.may, enroll: false },
  }),
  hold: (record) => ({
    ...enrolledIn(record, { rule: "hold" }),
    hold: {
      contactId: record.contact.id,
      kind: "manual",
      untilAt: at(3 * dayMs),
      note: "On parental leave",
      createdAt: at(0),
    },
  }),
  several: enrolled(
    {},
    { sequenceName: "Webinar in December", status: "paused", reason: "manual" },
    { sequenceName: "Renewal 2027", rule: "task_open" },
  ),
  tasks: (record) => ({
    ...enrolledIn(record, { rule: "task_open" }),
    tasks: [
      { ...taskOf(record), id: "tsk_1", title: "Call Dana about routing", dueAt: at(-2 * dayMs) },
      { ...taskOf(record), id: "tsk_2", title: "Write to Dana on LinkedIn", dueAt: at(3 * 60 * minuteMs) },
    ],
  }),
  "no-write": (record) => ({
    ...enrolledIn(record, { canWrite: false }),
    may: { enroll: false, suppress: false, build: false },
  }),
  "viewer-none": (record) => ({
    ...record,
    enrollments: [],
    may: { enroll: false, suppress: false, build: false },
  }),
  "long-names": (record) => ({
    ...enrolledIn(record, {
      sequenceName: "Follow-up for everybody who asked for the price list in autumn",
      steps: Array.from({ length: 24 }, (_, id) => ({ id, name: `Step ${id}`, type: "email_auto" as const })),
      stepId: 11,
    }),
    contact: { ...record.contact, ...long, title: "Donaudampfschifffahrtsgesellschaftskapitänin" },
  }),
  unknown: refused(404, "reference_not_found", "No record has this id."),
  "no-permission": refused(403, "role_missing", "Your role may not see this record."),
  offline: () => "unreachable",
  loading: () => "never",
};

const enrolledIn = (record: Shown, change: Partial<Enrolled>) => enrolled(change)(record) as Shown;

const taskOf = (record: Shown): Shown["tasks"][number] => ({
  ...({} as Shown["tasks"][number]),
  enrollmentId: `${record.enrollments[0]!.id.slice(0, -1)}0`,
  contactId: record.contact.id,
});

/** From then on this page's panels are answered by state, where their lead's id is the name of one. */
export async function answerByState(page: Page, crm: Crm): Promise<void> {
  await page.route(`${crm.cadenza}/v1/record?*`, async (route) => {
    const url = new URL(route.request().url());
    const state = states[url.searchParams.get("id") ?? ""];
    if (!state || route.request().method() === "OPTIONS") return route.continue();
    url.searchParams.set("id", "4711");
    const response = await route.fetch({ url: url.href });
    const answer = state((await response.json()) as Shown);
    if (answer === "never") return;
    if (answer === "unreachable") return route.abort();
    if (!("problem" in answer)) return route.fulfill({ response, json: answer });
    await route.fulfill({ response, status: answer.problem.status, json: answer.problem });
  });
}

/** A person who runs in a sequence of three steps, under the host's id 4711, and one nobody has enrolled, 4712. */
export async function seedPeople(crm: Crm): Promise<{ enrollmentId: string; sequenceId: string }> {
  const { client } = crm;
  const { id: mailboxId } = await client("mailboxes.create", {
    body: {
      address: "robin@northwind.example",
      name: "Robin",
      smtp: { host: "127.0.0.1", port: 25, security: "none", user: "x", password: "y" },
      dailyCap: 50,
      gapSeconds: 0,
    },
  });
  const { id: scheduleId } = await client("schedules.create", {
    body: {
      name: "Office",
      windows: [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }],
      jitterMinutes: 0,
    },
  });
  const { id: sequenceId } = await client("sequences.create", {
    body: {
      name: "New lead follow-up",
      mailboxId,
      scheduleId,
      steps: [
        {
          type: "email_auto",
          name: "Intro",
          delay: { amount: 0, unit: "minutes" },
          subject: "A question about {{ company.name }}",
          body: "Hi {{ contact.first_name }},\n\nis routing still done by hand at {{ company.name }}?",
        },
        {
          type: "email_auto",
          name: "Follow-up",
          delay: { amount: 2, unit: "business_days" },
          body: "Hi {{ contact.first_name }},\n\nany news? I can show you in ten minutes how others do it.",
        },
        {
          type: "call",
          name: "Call",
          delay: { amount: 1, unit: "days" },
          title: "Call {{ contact.first_name }}",
          script: "Ask who decides.",
        },
      ],
    },
  });
  await client("sequences.publish", { params: { id: sequenceId } });
  const { contact: dana } = await client("contacts.create", {
    body: {
      email: "dana@acme.example",
      firstName: "Dana",
      lastName: "Whitfield",
      title: "VP Operations",
      companyName: "Contoso Labs",
      timeZone: "America/New_York",
      references: [{ system: "crm", type: "lead", id: "4711" }],
    },
  });
  await client("contacts.create", {
    body: {
      email: "maya@fjord.example",
      firstName: "Maya",
      lastName: "Lindqvist",
      title: "Founder",
      companyName: "Fjord Analytics",
      references: [{ system: "crm", type: "lead", id: "4712" }],
    },
  });
  const { id: enrollmentId } = await client("enrollments.create", {
    params: { id: sequenceId },
    body: { contactId: dana.id },
  });
  // Past nine in the morning in New York: the first mail has left.
  await crm.pass(6 * 60 * minuteMs);
  return { enrollmentId, sequenceId };
}
