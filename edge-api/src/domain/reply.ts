/** How inbound mail meets what we sent. */
import type { ReplyClass } from "@cadenza/shared/vocabulary";
import type { ContactId, SendKey, WorkspaceId } from "./ids.ts";

/** The mail of ours that an inbound mail answers, and the person it went to. */
export type AnsweredSend = SendKey & {
  workspaceId: WorkspaceId;
  contactId: ContactId;
  /** The address it went to: the person may have another by now. */
  to: string;
};

/** What is remembered of an inbound mail, once. */
export type ConsumedMail = {
  messageId: string;
  replyClass: ReplyClass;
  contactId: ContactId | null;
  enrollmentId: SendKey["enrollmentId"] | null;
  stepId: number | null;
  data: Record<string, unknown>;
};
