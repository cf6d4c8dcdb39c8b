/** The three moments the whole system stands for, each made to happen at the very instant that is hardest. */
import { loner } from "./enrolling.ts";
import type { HeldMail } from "./mail-server.ts";
import { personNamed } from "./office.ts";
import { humanReply } from "./replies.ts";
import { paint, say } from "./screen.ts";
import type { Stage } from "./stage.ts";
import type { Verdict } from "./verdict.ts";

/** The server has the mail and holds back its yes; the Worker dies; another one starts on the same files. */
export async function killInMidSend(
  { office, mail, worker, run }: Stage,
  verdict: Verdict,
  uncertain: string[],
): Promise<void> {
  const { email, name } = personNamed(office, loner);
  const caught = mail.holdNext(({ to }) => to === email);
  const turn = run().catch(() => {}); // It will never be answered.
  await caughtIn(turn, caught);
  const pid = worker.pid;
  say(
    paint(
      `  kill -9 ${pid}: the server has the mail to ${name}, and the Worker dies before it hears so`,
      "odd",
    ),
  );
  await worker.kill();
  await turn;
  const gone = !isAlive(pid);
  await worker.start();
  say(
    paint(
      `  started again as ${worker.pid} on the same files; until it is known what became of that mail, business time stands still`,
      "odd",
    ),
  );
  verdict.is(
    "the Worker was really killed and started again",
    gone && worker.pid !== pid,
    "another process",
    { pid, now: worker.pid },
  );
  uncertain.push(email);
}

/** A turn that ends without the mail it was to put on the wire has nothing left to wait for. */
async function caughtIn(turn: Promise<void>, caught: Promise<HeldMail>): Promise<HeldMail> {
  const first = await Promise.race([caught, turn.then(() => null)]);
  if (!first) throw new Error("the mail this scene is about was not put on the wire");
  return first;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Marta's mail is claimed and waits behind others of its batch when her answer to the first one comes in. */
export async function replyBetweenClaimAndSend(
  { office, mail, run, now, mention }: Stage,
  verdict: Verdict,
  silence: (name: string, why: string) => void,
): Promise<void> {
  const marta = personNamed(office, "Marta Nunes");
  const { items } = await office.client("enrollments.list", { query: { contactId: marta.id } });
  const firstMail = mail.accepted.find(({ to }) => to === marta.email)!;
  const caught = mail.holdNext(() => true);
  const turn = run();
  const held = await caughtIn(turn, caught);
  const sends = await office.client("enrollments.sends", { params: { id: items[0]!.id } });
  verdict.same(
    "when her answer comes in, Marta's next mail is claimed and not sent",
    ["sent", "claimed"],
    sends.items.map(({ state }) => state),
  );
  const answered = await office.receive(
    humanReply(marta.email, firstMail, now(), "Please write to Luís instead."),
  );
  verdict.same("the answer stops her sequence", "stopped", answered.outcome);
  silence(marta.name, "answered between claim and send");
  held.release();
  await turn;
  mention(marta.id);
}

/** Every active person says which rule keeps them, and since nothing is due, when it is looked at again. */
export async function everybodyExplains({ office }: Stage, verdict: Verdict): Promise<void> {
  const { items } = await office.client("enrollments.list", { query: { status: "active", limit: 200 } });
  const rules: Record<string, number> = {};
  const silent: unknown[] = [];
  for (const { id, contactId } of items) {
    const said = await office.client("enrollments.explain", { params: { id } });
    rules[said.rule] = (rules[said.rule] ?? 0) + 1;
    if (!said.sentence || !said.nextLookAt || said.status !== "active")
      silent.push([office.people.get(contactId)?.name, said]);
  }
  verdict.is(
    "every active enrollment explains itself",
    items.length > 10 && !silent.length,
    "more than 10, none silent",
    {
      active: items.length,
      silent,
    },
  );
  const list = Object.entries(rules).map(([rule, count]) => `${count} ${rule}`);
  say(paint(`  asked all ${items.length} active people why they wait: ${list.join(", ")}`, "dim"));
}
