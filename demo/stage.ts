/**
 * Business time. It stands still while anything is due, claimed or sending; then it jumps to whatever comes next: the
 * engine's next due instant, or the next thing the story has people do. Some turns are asked for twice at once, by the
 * run endpoint and by the cron's queue, as happens in production whenever two ticks meet.
 */
import type { AnswerOf } from "@cadenza/shared/client";
import type { RunningWorker } from "./boot.ts";
import type { AcceptedMail, MailServer } from "./mail-server.ts";
import { type Enrollment, narrator } from "./narrator.ts";
import { type Office, setClock } from "./office.ts";

type Health = AnswerOf<"health.get">;

export type Stage = {
  office: Office;
  mail: MailServer;
  worker: RunningWorker;
  now(): number;
  /** Something happened to this person that their enrollment may not show: it is told with the next turn. */
  mention(contactId: string): void;
  /** At this business instant, before the engine's turn. */
  at(instant: number, act: () => Promise<void>): void;
  /** So long after the n-th mail to this address was accepted. */
  afterMail(to: string, nth: number, delayMs: number, act: (mail: AcceptedMail) => Promise<void>): void;
  /** After every turn: for the rep, who looks at the task list. */
  afterTurns(act: (enrollments: Enrollment[]) => Promise<void>): void;
  run(): Promise<void>;
  settle(): Promise<Health>;
  jump(to: number): Promise<void>;
  /** Plays until nothing is left to happen, or `until`. */
  play(until: number): Promise<void>;
};

/** Nothing in the demo takes longer; what does is stuck. */
const settleMaxMs = 45_000;
const pollMs = 250;
const twiceEvery = 3;

export function openStage(
  office: Office,
  mail: MailServer,
  worker: RunningWorker,
  start: number,
  options: { paceMs: number; stopped: () => boolean },
): Stage {
  let now = start;
  const acts: { at: number; act: () => Promise<void> }[] = [];
  const mailActs: { to: string; nth: number; delayMs: number; act: (mail: AcceptedMail) => Promise<void> }[] =
    [];
  const turnActs: ((enrollments: Enrollment[]) => Promise<void>)[] = [];
  const mentioned = new Set<string>();
  let enrollments: Enrollment[] = [];
  let turns = 0;
  const tell = narrator(office, () => now, options.paceMs);

  const stage: Stage = {
    office,
    mail,
    worker,
    now: () => now,
    mention: (contactId) => void mentioned.add(contactId),
    at: (at, act) => void acts.push({ at, act }),
    afterMail: (to, nth, delayMs, act) => void mailActs.push({ to, nth, delayMs, act }),
    afterTurns: (act) => void turnActs.push(act),
    run: async () => {
      await office.service("internal.run");
    },
    settle: async () => {
      const deadline = Date.now() + settleMaxMs;
      const cron = turns++ % twiceEvery === 0 ? askCron(worker.url) : null;
      for (;;) {
        await Promise.all([stage.run(), cron]);
        const health = await office.client("health.get");
        enrollments = await tell([...mentioned]);
        mentioned.clear();
        const { queued, claimed, sending } = health.queue;
        if (!health.due && !queued && !claimed && !sending) return health;
        if (Date.now() > deadline)
          throw new Error(`the engine does not come to rest: ${JSON.stringify(health)}`);
        if (claimed || sending) await new Promise((done) => setTimeout(done, pollMs));
      }
    },
    jump: async (to) => {
      now = Math.max(now, to);
      await setClock(worker.url, now);
    },
    play: async (until) => {
      while (!options.stopped()) {
        const health = await stage.settle();
        for (const act of turnActs) await act(enrollments);
        planReactions();
        const next = [health.nextAt ? Date.parse(health.nextAt) : null, ...acts.map(({ at }) => at)].filter(
          (at) => at !== null,
        );
        if (!next.length || Math.min(...next) > until) return;
        await stage.jump(Math.min(...next));
        await actNow();
      }
    },
  };

  const planReactions = () => {
    for (const reaction of mailActs.splice(0)) {
      const mails = mail.accepted.filter(({ to }) => to === reaction.to);
      const answered = mails[reaction.nth - 1];
      if (answered) acts.push({ at: now + reaction.delayMs, act: () => reaction.act(answered) });
      else mailActs.push(reaction);
    }
  };
  const actNow = async () => {
    const due = acts.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    for (const one of due) {
      acts.splice(acts.indexOf(one), 1);
      await one.act();
    }
  };
  return stage;
}

async function askCron(url: string): Promise<void> {
  const answer = await fetch(`${url}/cdn-cgi/local/scheduled?cron=${encodeURIComponent("* * * * *")}`);
  if (!answer.ok) throw new Error(`the cron did not run: ${await answer.text()}`);
}
