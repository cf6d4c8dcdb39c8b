/** Who is enrolled in what, in every way the API knows; and who is refused. */
import type { AnswerOf } from "@cadenza/shared/client";
import { learnPeople, type Office, personNamed, sequenceNamed } from "./office.ts";
import { say } from "./screen.ts";
import type { Verdict } from "./verdict.ts";

type Answer = AnswerOf<"enrollments.createMany">["items"][number];
export type Enrolled = { count: number; refusals: Record<string, number> };

export const loner = "Inês Prado";

/** `lonerAt`: the killed Worker's mail goes to somebody whose mail is due when nobody else's is. */
export async function enrollEverybody(office: Office, verdict: Verdict, lonerAt: number): Promise<Enrolled> {
  const { client } = office;
  const [newLead, event, renewal] = ["New lead", "Event follow-up", "Renewal"].map(
    (name) => sequenceNamed(office, name).id,
  ) as [string, string, string];
  const answers: Answer[] = [];
  const enroll = async (id: string, body: Parameters<typeof client<"enrollments.createMany">>[1]["body"]) => {
    const { items } = await client("enrollments.createMany", {
      params: { id },
      body,
      idempotencyKey: crypto.randomUUID(),
    });
    answers.push(...items);
  };
  const idOf = (name: string) => personNamed(office, name).id;
  const hubspot = (id: number) => ({ reference: { system: "hubspot", type: "contact", id: String(id) } });
  const from = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, n) => hubspot(first + n));

  await client("suppressions.create", {
    body: { kind: "address", value: "bruno.falcao@quiet-please.example", note: "Asked in December" },
  });

  // By our own id; the same person twice is one enrollment and one refusal.
  const leads = [
    "Dana Reyes",
    "Tomás Nogueira",
    "Rui Teles",
    "Beatriz Amado",
    "Otto Lindqvist",
    "Leonor Castelo",
    "Marta Nunes",
  ];
  await enroll(newLead, {
    items: [...leads, "Tomás Nogueira", "Bruno Falcão"].map((name) => ({ contactId: idOf(name) })),
  });
  await enroll(newLead, { items: [{ contactId: idOf(loner) }], startAt: new Date(lonerAt).toISOString() });
  // By the host CRM's record.
  await enroll(newLead, { items: from(50109, 50110) });
  await enroll(newLead, { items: from(50112, 50116) });
  // For a deal: its contact is enrolled.
  const deal = await client("deals.create", {
    body: {
      name: "Tallgrass pilot",
      stage: "proposal",
      amount: 1_200_000,
      currency: "USD",
      contactId: idOf("Priya Raman"),
    },
  });
  await enroll(newLead, { items: [{ dealId: deal.id }] });
  await enroll(event, { items: [...from(50117, 50126), hubspot(50135), hubspot(99999)] });
  // On the way: a person the CRM has not told us about yet.
  await enroll(event, {
    items: [
      {
        person: {
          email: "noor.haddad@cedro.example",
          firstName: "Noor",
          lastName: "Haddad",
          companyName: "Cedro",
          timeZone: "Europe/Lisbon",
          custom: { team_size: "17" },
        },
      },
    ],
  });
  await enroll(renewal, { items: from(50127, 50133) });
  await learnPeople(office);

  const refusals: Record<string, number> = {};
  for (const { code } of answers) if (code) refusals[code] = (refusals[code] ?? 0) + 1;
  const count = answers.filter(({ outcome }) => outcome === "enrolled").length;
  verdict.same("people enrolled", 34, count);
  verdict.same(
    "refusals, with their reasons",
    { already_enrolled: 1, suppressed: 1, no_email: 1, reference_not_found: 1 },
    refusals,
  );
  say(`Enrolled ${count} people in 3 sequences; refused ${answers.length - count}:`);
  for (const { code, detail } of answers) if (code) say(`  ${code}: ${detail}`);
  return { count, refusals };
}
