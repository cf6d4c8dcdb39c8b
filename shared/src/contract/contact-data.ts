/** A person's own data: taken out whole, and erased. */
import * as z from "zod";
import { noticeKinds, replyClasses } from "../vocabulary.ts";
import { company } from "./companies.ts";
import { contact, exampleContact, timelineEvent } from "./contacts.ts";
import type { Contract } from "./contract.ts";
import { deal } from "./deals.ts";
import { hold } from "./engine.ts";
import { enrollment, send } from "./enrollments.ts";
import { exampleIds, instant, publicId } from "./fields.ts";
import { suppression } from "./suppressions.ts";
import { task } from "./tasks.ts";

const at = "2026-11-23T09:30:00.000Z";

const sentMail = z
  .strictObject({
    ...send.shape,
    subject: z.string().nullable(),
    text: z
      .string()
      .nullable()
      .meta({ description: "As it was sent. Null where it cannot be rendered any more." }),
  })
  .meta({ id: "ExportedSend" });

const received = z
  .strictObject({
    messageId: z.string(),
    replyClass: z.enum(replyClasses),
    enrollmentId: publicId("enr").nullable(),
    receivedAt: instant(),
  })
  .meta({ id: "ReceivedMail" });

const notice = z
  .strictObject({ kind: z.enum(noticeKinds), at: instant(), data: z.record(z.string(), z.unknown()) })
  .meta({ id: "ExportedNotice" });

const lists = ["deals", "enrollments", "sends", "tasks", "received", "notices", "events"] as const;

export const personData = z
  .strictObject({
    exportedAt: instant(),
    contact,
    company: company.nullable(),
    deals: z.array(deal),
    enrollments: z.array(enrollment),
    sends: z.array(sentMail),
    tasks: z.array(task),
    hold: hold.nullable(),
    suppressions: z
      .array(suppression)
      .meta({ description: "Of their addresses and those addresses' domains." }),
    received: z.array(received).meta({ description: "What they wrote stands in `events`." }),
    notices: z.array(notice).meta({ description: "What members were told about them." }),
    events: z.array(timelineEvent).meta({ description: "Newest first." }),
    truncated: z.array(z.enum(lists)).meta({ description: "The lists that hold more than is given here." }),
  })
  .meta({ id: "PersonData" });

const contactId = z.strictObject({ id: publicId("ctc") });

export const contactDataContracts = {
  "contacts.export": {
    summary: "Export a person's data",
    description:
      "Everything held about one person, as one document: to be handed to them. Mails are rendered as they were sent. " +
      "A list of more than 1,000 (of events 5,000) ends early, and `truncated` names it.",
    access: "administer",
    limit: "export",
    params: contactId,
    response: personData,
    problems: ["contact_not_found"],
    example: {
      response: {
        exportedAt: at,
        contact: exampleContact,
        company: null,
        deals: [],
        enrollments: [],
        sends: [],
        tasks: [],
        hold: null,
        suppressions: [],
        received: [],
        notices: [],
        events: [
          {
            type: "contact.created",
            at,
            actor: exampleIds.mbr,
            enrollmentId: null,
            stepId: null,
            data: {},
          },
        ],
        truncated: [],
      },
    },
  },
  "contacts.erase": {
    summary: "Erase a person",
    description:
      "Everything that says who they are goes at once and for good: name, addresses, references, mails, tasks, what " +
      "happened. What is counted stays. Their enrollments are canceled with `contact_erased`; a mail that is on the wire " +
      "at this moment lands and is counted. Of their addresses a hash is kept, so that whoever names one again is refused " +
      "with `suppressed`. Erasing twice is no error.",
    access: "administer",
    params: contactId,
    problems: ["contact_not_found", "busy"],
    example: {},
  },
} as const satisfies Record<string, Contract>;
