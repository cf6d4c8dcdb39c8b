/**
 * Compares what a reader found with a fixture's `expect`: every field that is named, every `must_not`, every `none`.
 * Fields an expectation does not name are free. The keys it has beside fields: `note`, `accept_name`, `title_accept`,
 * and what only an insertion can show.
 */
import type { Printed } from "../src/page/printed.ts";

type Value = Printed[string];

const notFields = new Set(["note", "accept_name", "title_accept", "must_not", "body_keeps"]);

/** One sentence for each difference; none when the page was read as expected. */
export function differences(expected: Printed, found: Printed): string[] {
  return [...differencesIn(expected, found, ""), ...forbidden(expected, found)];
}

function differencesIn(expected: Value, found: Value | undefined, path: string): string[] {
  if (Array.isArray(expected)) {
    const list = Array.isArray(found) ? found : [];
    if (list.length !== expected.length) {
      return [`${path} has ${list.length}, not ${expected.length}: ${JSON.stringify(list.map(named))}`];
    }
    return expected.flatMap((value, at) => differencesIn(value, list[at], `${path}[${at}]`));
  }
  if (typeof expected === "object" && expected !== null) {
    const there = typeof found === "object" && found !== null && !Array.isArray(found) ? found : {};
    return Object.entries(expected).flatMap(([key, value]) => {
      if (notFields.has(key)) return [];
      const accepted =
        key === "name" ? expected.accept_name : key === "title" ? expected.title_accept : undefined;
      if (Array.isArray(accepted) && accepted.includes(there[key] as Value)) return [];
      return differencesIn(value, there[key], path ? `${path}.${key}` : key);
    });
  }
  return Object.is(expected, found)
    ? []
    : [`${path} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
}

/** Nowhere among the people; `self` may well be the rep who must not be one of them. */
function forbidden(expected: Printed, found: Printed): string[] {
  const { self: _, ...rest } = found;
  const text = JSON.stringify(rest);
  const list = Array.isArray(expected.must_not) ? expected.must_not : [];
  return list
    .filter((value) => text.includes(String(value)))
    .map((value) => `${String(value)} must not be found`);
}

const named = (value: Value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value.email ?? value.name ?? "?")
    : value;
