/**
 * Whether a mail may leave at this moment, read from the rows by a statement of its own and from the wall clock by
 * Temporal: nothing here is shared with the engine that is being judged.
 */
import { Temporal } from "temporal-polyfill";
import type { DeliveryWindow } from "../src/domain/schedule.ts";
import type { SendRow } from "./audit.ts";
import type { Shard } from "./sqlite-d1.ts";

export type Standing = {
  /** What must be true of it, by name. */
  must: Record<string, boolean>;
  dailyCap: number;
  gapMs: number;
  zone: string;
  windows: string;
  holidays: string[];
  movedAt: number;
  /** The step's own hours of the day. */
  hours: { from: string; to: string } | null;
  /** What a person approved by hand goes when they say so. */
  byHand: boolean;
};

export function standingOf(shard: Shard, row: SendRow, now: number): Standing {
  const [found] = shard.all<Record<string, number | string | null>>(
    `SELECT e.status = 'active' AND e.step_id = s.step_id AND e.cycle = s.cycle AND e.epoch = s.epoch AS stands,
       EXISTS (SELECT 1 FROM suppressions x JOIN contacts c ON c.id = s.contact_id
               WHERE x.value IN (c.email, s.snapshot ->> 'to')) AS suppressed,
       EXISTS (SELECT 1 FROM holds h WHERE h.contact_id = s.contact_id AND h.until_at > ?4) AS held,
       q.status = 'active' AS sequenceActive, w.sending_stopped_at IS NULL AS sending,
       EXISTS (SELECT 1 FROM shard_state b WHERE b.sending_stopped_at IS NOT NULL) AS shardStopped,
       m.disabled_at IS NULL AS open, m.daily_cap AS dailyCap, m.gap_ms AS gapMs,
       coalesce(c.time_zone, m.time_zone, w.time_zone) AS zone, c.updated_at AS movedAt, d.windows, d.holidays,
       (SELECT v.steps FROM sequence_versions v WHERE v.id = s.version_id) AS steps
     FROM sends s JOIN enrollments e ON e.id = s.enrollment_id JOIN sequences q ON q.id = s.sequence_id
     JOIN workspaces w ON w.id = s.workspace_id JOIN mailboxes m ON m.id = s.mailbox_id
     JOIN contacts c ON c.id = s.contact_id JOIN schedules d ON d.id = q.schedule_id
     WHERE s.enrollment_id = ?1 AND s.step_id = ?2 AND s.cycle = ?3`,
    row.enrollmentId,
    row.stepId,
    row.cycle,
    now,
  );
  const step = (JSON.parse(String(found!.steps)) as StepRow[]).find(({ id }) => id === row.stepId);
  return {
    must: {
      "its enrollment stands on that step": found!.stands === 1,
      "its person is not suppressed": found!.suppressed === 0,
      "its person is not on hold": found!.held === 0,
      "its sequence is active": found!.sequenceActive === 1,
      "the workspace and the shard are sending": found!.sending === 1 && found!.shardStopped === 0,
      "its mailbox is open": found!.open === 1,
    },
    dailyCap: Number(found!.dailyCap),
    gapMs: Number(found!.gapMs),
    zone: String(found!.zone),
    windows: String(found!.windows),
    holidays: JSON.parse(String(found!.holidays)) as string[],
    movedAt: Number(found!.movedAt),
    hours: step?.window ?? null,
    byHand: step?.type === "email_manual",
  };
}

type StepRow = { id: number; type: string; window?: { from: string; to: string } };

export function insideWindow(standing: Standing, now: number): boolean {
  if (standing.byHand) return true;
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(standing.zone);
  // In an hour that the clock repeats, a window is open through both passes.
  const changed = local.getTimeZoneTransition("previous");
  if (changed && local.since(changed, { largestUnit: "hour" }).hours < 2) return true;
  const minute = local.hour * 60 + local.minute;
  const on = (daysBefore: number) => local.toPlainDate().subtract({ days: daysBefore });
  const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const { hours } = standing;
  if (hours && (minute < minuteOf(hours.from) || minute >= minuteOf(hours.to))) return false;
  return (JSON.parse(standing.windows) as DeliveryWindow[]).some(({ days, from, to }) => {
    const open = (daysBefore: number) =>
      days.includes(on(daysBefore).dayOfWeek) && !standing.holidays.includes(on(daysBefore).toString());
    const [first, last] = [minuteOf(from), minuteOf(to)];
    return last > first
      ? open(0) && minute >= first && minute < last
      : (open(0) && minute >= first) || (open(1) && minute < last);
  });
}
