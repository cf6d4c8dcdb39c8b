/** A week of delivery windows as a small picture; in words for whoever does not see it. */
import type { Page } from "../page.ts";

export type Windows = { days: number[]; from: string; to: string }[];
type Bar = { day: number; from: number; to: number };

const dayHeight = 12;
const labelWidth = 34;
const hourWidth = 8;

export function Week({ page, windows }: { page: Page; windows: Windows }) {
  const { words, dates } = page;
  const bars = barsOf(windows);
  const [width, height] = [labelWidth + 24 * hourWidth + 8, 7 * dayHeight + 14];
  return (
    <svg
      class="week"
      role="img"
      aria-label={`${words.week}: ${inWords(page, windows)}`}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
    >
      {[1, 2, 3, 4, 5, 6, 7].map((day) => (
        <g key={day}>
          <text x="0" y={day * dayHeight - 3}>
            {dates.weekday(day)}
          </text>
          <rect
            class="closed"
            x={labelWidth}
            y={(day - 1) * dayHeight + 2}
            width={24 * hourWidth}
            height={dayHeight - 4}
            rx="2"
          />
        </g>
      ))}
      {bars.map(({ day, from, to }) => (
        <rect
          key={`${day} ${from}`}
          class="opened"
          x={labelWidth + (from / 60) * hourWidth}
          y={(day - 1) * dayHeight + 2}
          width={((to - from) / 60) * hourWidth}
          height={dayHeight - 4}
          rx="2"
        />
      ))}
      {[0, 6, 12, 18, 24].map((hour) => (
        <text key={hour} x={labelWidth + hour * hourWidth} y={height - 2} text-anchor="middle">
          {hour}
        </text>
      ))}
    </svg>
  );
}

/** By weekday and minute; a window over midnight has a part on the next day. */
export function barsOf(windows: Windows): Bar[] {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return windows.flatMap(({ days, from, to }) =>
    days.flatMap((day) => {
      const [begins, ends] = [minutes(from), minutes(to)];
      if (begins < ends) return [{ day, from: begins, to: ends }];
      const rest = { day: (day % 7) + 1, from: 0, to: ends };
      return [{ day, from: begins, to: 1_440 }, ...(ends > 0 ? [rest] : [])];
    }),
  );
}

function inWords({ words, dates }: Page, windows: Windows): string {
  const said = windows
    .filter(({ days }) => days.length)
    .map(({ days, from, to }) => `${dates.list(days.map(dates.weekday))} ${from}–${to}`);
  return said.length ? said.join("; ") : words.neverOpen;
}
