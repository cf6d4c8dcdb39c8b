/** Where lines go: colours on a terminal only, and a heading for each new business day. */
import { dayText, type Tone } from "./lines.ts";

const colours: Record<Tone | "dim" | "bold" | "bad", string> = {
  good: "32",
  work: "36",
  stop: "35",
  odd: "33",
  plain: "0",
  dim: "2",
  bold: "1",
  bad: "31",
};

const coloured = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;

export const paint = (text: string, tone: keyof typeof colours): string =>
  coloured ? `\x1b[${colours[tone]}m${text}\x1b[0m` : text;

let shownDay = "";
let shownAt = Number.NEGATIVE_INFINITY;

/**
 * Days are the workspace's: people are in three zones at once. What is told late stands under the day it is told on:
 * headings only ever go forward.
 */
export function say(text: string, at?: number, zone?: string): void {
  if (at !== undefined && zone && at >= shownAt) {
    const day = dayText(at, zone);
    shownAt = at;
    if (day !== shownDay) console.log(paint(`\n${day}`, "bold"));
    shownDay = day;
  }
  console.log(text);
}
