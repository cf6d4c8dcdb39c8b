/** What a member should hear of, and how they want to. */
import * as z from "zod";
import { noticeKinds } from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import { exampleIds, instant, page, pageQuery, publicId } from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

export const notice = z
  .strictObject({
    id: publicId("ntc"),
    kind: z.enum(noticeKinds),
    text: z.string().meta({ description: "The same in a sentence." }),
    at: instant(),
    readAt: instant().nullable(),
    contactId: publicId("ctc").nullable(),
    enrollmentId: publicId("enr").nullable(),
    mailboxId: publicId("mbx").nullable(),
  })
  .meta({ id: "Notice" });

const exampleNotice = {
  id: exampleIds.ntc,
  kind: "reply",
  text: 'Dana Silva answered in New lead, "Re: Intro".',
  at,
  readAt: null,
  contactId: exampleIds.ctc,
  enrollmentId: exampleIds.enr,
  mailboxId: null,
};

const mails = z.enum(["now", "daily", "never"]);
const choice = z
  .strictObject({ reply: mails, bounce: mails, uncertain_send: mails, mailbox_disabled: mails })
  .meta({ id: "NoticeChoice" });
const exampleChoice = { reply: "now", bounce: "daily", uncertain_send: "now", mailbox_disabled: "now" };

export const noticeContracts = {
  "notices.list": {
    summary: "List your notices",
    description:
      "Newest first: replies, bounces, mails nobody knows the fate of and mailboxes that were switched off, of what " +
      "you own; an admin also hears of what nobody owns.",
    access: "self",
    query: z.strictObject({ ...pageQuery, unread: z.enum(["true", "false"]).default("false") }),
    response: page(notice),
    example: { response: { items: [exampleNotice], nextCursor: null } },
  },
  "notices.read": {
    summary: "Mark notices as read",
    description: "This one and every older one.",
    access: "self",
    params: z.strictObject({ id: publicId("ntc") }),
    response: z.strictObject({ read: z.number().int().meta({ description: "How many were new." }) }),
    problems: ["notice_not_found"],
    example: { response: { read: 3 } },
  },
  "me.noticeChoice": {
    summary: "Read what you are told by mail",
    description:
      "`now` is within a minute, together with whatever else is new; `daily` at 8:00 in the workspace's zone.",
    access: "self",
    response: choice,
    example: { response: exampleChoice },
  },
  "me.chooseNotices": {
    summary: "Choose what you are told by mail",
    description: "The list holds all of them, whatever is mailed.",
    access: "self",
    body: choice.partial(),
    response: choice,
    example: { body: { reply: "daily" }, response: { ...exampleChoice, reply: "daily" } },
  },
} as const satisfies Record<string, Contract>;
