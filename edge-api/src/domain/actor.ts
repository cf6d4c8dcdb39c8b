/** Who asks: decides which workspace is seen, how much of it, and what the events say was done by whom. */
import type { Role } from "@cadenza/shared/vocabulary";
import type { MemberId, WorkspaceId } from "./ids.ts";

export type Actor = {
  workspaceId: WorkspaceId;
  /** `key:12`, `member:3`, `engine`, `person` (an unsubscribe): what the event log keeps. */
  name: string;
  /** The member who asks; null for a key, the engine, the operator. */
  memberId: MemberId | null;
  /** What they may at most, as far as the program they came through goes; null for what is no person. */
  role: Role | null;
  /** Whose sequences, enrollments, tasks and mailboxes are reached (shared/access.ts). */
  reach: "all" | "own" | "shared";
};

/** An actor that is no person, and reaches the whole workspace. */
export const machineActor = (workspaceId: WorkspaceId, name: string): Actor => ({
  workspaceId,
  name,
  memberId: null,
  role: null,
  reach: "all",
});

export const engineActor = (workspaceId: WorkspaceId): Actor => machineActor(workspaceId, "engine");
