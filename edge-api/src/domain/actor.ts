/** Who asks: decides which workspace is seen and what the events say was done by whom. */
import type { WorkspaceId } from "./ids.ts";

export type Actor = {
  workspaceId: WorkspaceId;
  /** `key:12`, `member:3`, `engine`, `person` (an unsubscribe): what the event log keeps. */
  name: string;
  scopes: readonly string[];
};

export const engineActor = (workspaceId: WorkspaceId): Actor => ({ workspaceId, name: "engine", scopes: [] });
