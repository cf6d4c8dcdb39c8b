/** What zod found, as field errors with JSON pointers. Never repeats the value: it may be a password. */
import type { FieldError } from "@cadenza/shared/problem";
import type * as z from "zod";

export function fieldErrors(error: z.ZodError, where: FieldError["in"], root = ""): FieldError[] {
  return error.issues.flatMap((issue) => {
    const at = root + pointerOf(issue.path);
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((key) => ({
          in: where,
          pointer: at + pointerOf([key]),
          detail: "This field is not known here.",
        }));
      case "invalid_key":
        return [{ in: where, pointer: at, detail: issue.issues[0]?.message ?? issue.message }];
      default:
        return [{ in: where, pointer: at, detail: issue.message }];
    }
  });
}

/** For what is left out, zod would say "expected string, received undefined". */
export const requiredMessage: z.core.$ZodErrorMap = (issue) =>
  issue.code === "invalid_type" && issue.input === undefined ? "This field is required." : undefined;

/** RFC 6901. */
export const pointTo = (pointer: string, key: PropertyKey): string =>
  `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;

const pointerOf = (path: PropertyKey[]): string => path.reduce<string>(pointTo, "");
