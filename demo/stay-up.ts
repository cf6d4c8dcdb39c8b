/**
 * After the story the clock goes on by itself, from one due instant to the next. People wait for you, and it for you: for
 * your answer to a mail, and as long as somebody who was just enrolled can be taken out again.
 */
import { undoSecondsDefault } from "@cadenza/shared/vocabulary";
import { adminEmail, personNamed, sequenceNamed, serviceToken } from "./office.ts";
import { say } from "./screen.ts";
import { askForLink } from "./sign-in.ts";
import type { Stage } from "./stage.ts";
import { type Newcomers, newcomers } from "./undo-time.ts";

/** How long there is to answer a mail before the clock jumps to what is due next. */
const answerMs = 20_000;
/** A little longer than the panel offers it. */
const undoMs = (undoSecondsDefault + 2) * 1_000;

/** Leads who are on their way already when somebody opens the CRM; the other new ones are for whoever does. */
const started = ["Sofia Marques", "Jonas Weber"];

export async function stayUp(
  stage: Stage,
  { crm, inbox, isStopped }: { crm: string; inbox: string; isStopped: () => boolean },
): Promise<void> {
  const { url, token, inboundToken, client } = stage.office;
  const { id } = sequenceNamed(stage.office, "New lead");
  await client("enrollments.createMany", {
    params: { id },
    body: { items: started.map((name) => ({ contactId: personNamed(stage.office, name).id })) },
    idempotencyKey: crypto.randomUUID(),
  });
  await askForLink(url, adminEmail);
  say(`
Open the CRM: ${crm}
Its newest leads (Amara Okafor, Lucas Moreau, Hanna Lindberg, Diego Herrera) are in no sequence yet: enroll one.
To look around in Cadenza itself as ${adminEmail}, press the link in the newest mail at ${inbox}, within 15 minutes.

Still running, until Ctrl-C. Whenever a mail is due, the clock jumps there; then it waits ${answerMs / 1000} seconds for your answer.
Try, in another terminal:

  export CADENZA_API=${url} CADENZA_KEY=${token} CADENZA_SERVICE_TOKEN=${serviceToken} INBOUND_KEY=${inboundToken}
  curl -s $CADENZA_API/v1/health -H "Authorization: Bearer $CADENZA_KEY"
  curl -s $CADENZA_API/v1/sequences/${id}/enrollments -H "Authorization: Bearer $CADENZA_KEY" -H "Content-Type: application/json" \\
    -d '{"person": {"email": "you@try.example", "firstName": "You", "companyName": "Your company"}}'
  # answer what arrived at ${inbox}: everything that person is enrolled in stops
  printf 'From: you@try.example\\r\\nTo: robin@northwind.example\\r\\nSubject: Re: hello\\r\\nMessage-ID: <%s@try.example>\\r\\n\\r\\nCall me.\\r\\n' $(date +%s) |
    curl -s $CADENZA_API/v1/inbound -H "Authorization: Bearer $INBOUND_KEY" -H "Content-Type: message/rfc822" --data-binary @-
  curl -s "$CADENZA_API/v1/tasks" -H "Authorization: Bearer $CADENZA_KEY"
  npx -y pnpm@12.21.0 load contacts your-export.csv --system hubspot
  npx -y pnpm@12.21.0 load sequence demo/data/sequences/new-lead.json --update --publish
  npx -y pnpm@12.21.0 tick
`);
  const areNew = newcomers(undoMs);
  for (let mayJumpAt = 0; !isStopped(); ) {
    const mails = stage.mail.accepted.length;
    const next = await nextOwnInstant(stage, areNew);
    if (next !== null && Date.now() >= mayJumpAt) await stage.jump(next);
    if (!isStopped()) await stage.settle();
    if (stage.mail.accepted.length > mails) mayJumpAt = Date.now() + answerMs;
    await new Promise((done) => setTimeout(done, 1000));
  }
}

/** Whoever waits for a person is looked at every hour; jumping from one such look to the next would race on for ever. */
async function nextOwnInstant({ office: { client } }: Stage, areNew: Newcomers): Promise<number | null> {
  const waitsForPeople = ["task_open", "approval", "sequence_paused", "sending_stopped"];
  const { items: active } = await client("enrollments.list", { query: { status: "active", limit: 200 } });
  const { items: queued } = await client("sends.list", { query: { state: "queued", limit: 200 } });
  const ids = active.map(({ id }) => id);
  if (areNew(ids, Date.now())) return null;
  const instants = [
    ...active
      .filter(({ waitReason }) => !waitsForPeople.includes(waitReason ?? ""))
      .map(({ wakeAt }) => wakeAt),
    ...queued.map(({ dueAt }) => dueAt),
  ];
  const known = instants.flatMap((at) => (at ? [Date.parse(at)] : []));
  return known.length ? Math.min(...known) : null;
}
