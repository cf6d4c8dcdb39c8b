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

/** Ids were 4096 a millisecond at first, which would have left the whole numbers of a double in 2039. */
const firstScale = 4_096;
const rescaledAt = Date.UTC(2027, 0, 1);
const scale = 512;

/** The first event id of a millisecond: later ones are larger, across the change of scale too. Good until 2128. */
export const eventIdAt = (at: number): number =>
  Math.min(at, rescaledAt) * firstScale + Math.max(0, at - rescaledAt) * scale;
