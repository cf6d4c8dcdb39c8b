/** Something that happened to a person, past tense, appended in the same batch as the change itself. */
import type { EventType } from "@cadenza/shared/vocabulary";
import type { ContactId, EnrollmentId, EventId, WorkspaceId } from "./ids.ts";

export type NewEvent = {
  workspaceId: WorkspaceId;
  contactId: ContactId;
  at: number;
  type: EventType;
  enrollmentId: EnrollmentId | null;
  stepId: number | null;
  actor: string;
  data: Record<string, unknown>;
};

export type Event = NewEvent & { id: EventId };
