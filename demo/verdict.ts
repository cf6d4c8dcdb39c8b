/** What the story promised, each with what was expected and what was seen. */
export type Check = { name: string; ok: boolean; expected: unknown; seen: unknown };

export type Verdict = {
  checks: Check[];
  /** Equal as JSON. */
  same(name: string, expected: unknown, seen: unknown): void;
  is(name: string, ok: boolean, expected: string, seen: unknown): void;
  failed(): Check[];
};

export function openVerdict(): Verdict {
  const checks: Check[] = [];
  return {
    checks,
    same: (name, expected, seen) =>
      void checks.push({ name, expected, seen, ok: JSON.stringify(expected) === JSON.stringify(seen) }),
    is: (name, ok, expected, seen) => void checks.push({ name, ok, expected, seen }),
    failed: () => checks.filter(({ ok }) => !ok),
  };
}

export const failureText = ({ name, expected, seen }: Check): string =>
  [`FAILED  ${name}`, `  expected  ${shown(expected)}`, `  seen      ${shown(seen)}`].join("\n");

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
