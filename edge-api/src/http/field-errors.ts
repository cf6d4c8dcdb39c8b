/** What zod found, as field errors with JSON pointers. Never repeats the value: it may be a password. */
import { plainMessage } from "@cadenza/shared/contract/plain-message";
import type { FieldError } from "@cadenza/shared/problem";
import type * as z from "zod";

/** `safeParse`, with what is wrong said in words. */
export const readAs = <Schema extends z.ZodType>(schema: Schema, value: unknown) =>
  schema.safeParse(value, { error: plainMessage });

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
      case "invalid_type":
        // The body itself is no field that a caller could be told to fill in.
        if (at === "" && where === "body")
          return [{ in: where, pointer: at, detail: "Send a JSON object as the body." }];
        return [{ in: where, pointer: at, detail: issue.message }];
      default:
        return [{ in: where, pointer: at, detail: issue.message }];
    }
  });
}

/** RFC 6901. */
export const pointTo = (pointer: string, key: PropertyKey): string =>
  `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;

const pointerOf = (path: PropertyKey[]): string => path.reduce<string>(pointTo, "");
