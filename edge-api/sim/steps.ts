/** The steps of a simulated sequence: every type, every unit of delay, some that keep to hours of their own. */
import type { DeliveryWindow } from "../src/domain/schedule.ts";
import type { Step } from "../src/domain/sequence.ts";
import type { Random } from "./random.ts";

export function stepsOf(random: Random, shape: { uncontended: boolean }): Step[] {
  let threaded = false;
  const stepOf = (i: number): Step => {
    const base = { id: i + 1, name: `Step ${i + 1}`, delay: delayOf(random, i === 0) };
    // A follow-up without a subject needs a mail before it.
    const text = {
      subject: !threaded || random.chance(0.4) ? `About {{ contact.first_name }}, ${i}` : null,
      body: "Hello {{ contact.first_name }}",
    };
    const type = shape.uncontended
      ? "email_auto"
      : random.weighted({ email_auto: i === 0 ? 20 : 6, email_manual: 1.5, call: 1, task: 1 });
    switch (type) {
      case "email_auto":
        threaded = true;
        return { ...base, type, ...text };
      case "email_manual":
        return { ...base, type, ...text, subject: "By hand" };
      case "call":
        return { ...base, type, title: "Call {{ contact.first_name }}", script: "Say hello" };
      case "task":
        return { ...base, type, kind: "todo", title: "Do it", note: "" };
    }
  };
  return Array.from({ length: random.int(2, 5) }, (_, i) => stepOf(i));
}

/** One step in four keeps to hours of its own, somewhere within the schedule's. */
export function withHours(step: Step, windows: DeliveryWindow[], random: Random): Step {
  if (!random.chance(0.25)) return step;
  const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const textOf = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  const { from, to } = random.pick(windows);
  const [opens, closes] = [minuteOf(from), minuteOf(to)];
  // Of one over midnight, either side.
  const [first, last] =
    opens < closes
      ? [opens, closes]
      : random.pick([
          [opens, 1_440],
          [0, closes],
        ] as const);
  const begins = random.int(first, last - 15);
  return { ...step, window: { from: textOf(begins), to: textOf(random.int(begins + 15, last)) } };
}

function delayOf(random: Random, first: boolean): Step["delay"] {
  const unit = random.weighted({
    minutes: first ? 6 : 3,
    hours: 2,
    days: first ? 0 : 2,
    business_days: first ? 0 : 1,
  });
  const most = { minutes: 90, hours: 8, days: 3, business_days: 2 }[unit];
  return { unit, amount: random.int(first ? 0 : 1, most) };
}
