/** What people and machines write back to the mails that reached them; any letter may come twice, or late. */
import type { WorkspaceId } from "../src/domain/ids.ts";
import type { InboundMail } from "../src/domain/inbound.ts";
import { ingest } from "../src/engine/ingest.ts";
import { ingestDeps } from "../src/run.ts";
import type { Accepted } from "./provider.ts";
import type { Simulation } from "./simulation.ts";

export const letters = {
  reply: 5,
  "out of office": 2,
  "hard bounce": 1,
  "soft bounce": 1,
  unsubscribe: 1,
  complaint: 0.3,
} as const;

type Letter = keyof typeof letters;

/** A sender's server tries again while it is not told that the mail was taken. */
const triesMax = 6;

export function deliverLater(sim: Simulation, letter: Letter, mail: Accepted): void {
  const inbound = letterTo(
    mail,
    letter,
    `<${letter.replace(/ /g, "-")}.${sim.random.int(0, 1e9)}@example.test>`,
    sim.scheduler.now,
  );
  const copies = sim.faults.strikes("queue", "letter doubled") ? sim.random.int(2, 3) : 1;
  for (let copy = 0; copy < copies; copy++) bring(sim, inbound, 0);
  sim.faults.count(`letter: ${letter}`);
}

function bring(sim: Simulation, inbound: InboundMail, tries: number): void {
  const { scheduler, random } = sim;
  scheduler.at(scheduler.now + (tries ? random.int(1, 20) * 60_000 : random.int(0, 30_000)), () => {
    sim.invoke("ingest", async (system, invocation) => {
      // The server hears nothing from an invocation that died, and comes again.
      const heard = { well: false };
      scheduler.at(invocation.startedAt + 16 * 60_000, () => {
        if (!heard.well && tries < triesMax) bring(sim, inbound, tries + 1);
        else if (heard.well) sim.invariants.onIngested(inbound);
      });
      await ingest(ingestDeps(system), sim.world.workspaceId as WorkspaceId, inbound, "digest");
      heard.well = true;
    });
  });
}

function letterTo(mail: Accepted, letter: Letter, messageId: string, at: number): InboundMail {
  const plain: InboundMail = {
    messageId,
    inReplyTo: [mail.messageId],
    references: [],
    from: mail.to,
    to: [],
    subject: "Re: hello",
    text: "Thank you, let us talk.",
    date: at,
    headers: {},
    report: null,
    feedback: false,
    calendarMethod: null,
  };
  const report = { finalRecipient: mail.to, originalMessageId: mail.messageId };
  switch (letter) {
    case "reply":
      return plain;
    case "out of office":
      return {
        ...plain,
        subject: "Out of office",
        text: "I am away.",
        headers: { "auto-submitted": "auto-replied" },
      };
    case "unsubscribe":
      return { ...plain, subject: "unsubscribe", text: "unsubscribe" };
    case "complaint":
      return {
        ...plain,
        from: "abuse@example.test",
        inReplyTo: [],
        report: { ...report, action: null, status: null },
        feedback: true,
      };
    case "hard bounce":
    case "soft bounce": {
      const status = letter === "hard bounce" ? "5.1.1" : "4.2.2";
      const from = "mailer-daemon@example.test";
      return {
        ...plain,
        from,
        inReplyTo: [],
        subject: "Undeliverable",
        text: "",
        report: { ...report, action: "failed", status },
      };
    }
  }
}
