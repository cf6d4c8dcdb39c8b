/** What a deal's stage says about its sequences. Stages are the host's own words; these two everybody has. */
import { type By, type Change, cancel, complete, type Enrollment } from "./enrollment.ts";

/** "won", "Closed Won", "closedlost": as the usual CRMs write it. */
export function dealEnd(stage: string | null): "won" | "lost" | null {
  const [, end] = /^(?:closed[ _-]*)?(won|lost)$/i.exec(stage?.trim() ?? "") ?? [];
  return end ? (end.toLowerCase() as "won" | "lost") : null;
}

export const endWithDeal = (enrollment: Enrollment, end: "won" | "lost", by: By): Change =>
  end === "won"
    ? complete(enrollment, { reason: "deal_won" }, by)
    : cancel(enrollment, { reason: "deal_lost" }, by);
