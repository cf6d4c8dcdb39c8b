import { expect, it } from "vitest";
import * as z from "zod";
import { plainMessage } from "./plain-message.ts";

const said = (schema: z.ZodType, value: unknown) =>
  schema
    .safeParse(value, { error: plainMessage })
    .error?.issues.map(({ message }) => message)
    .join(" ");
const kind = z.discriminatedUnion("type", [
  z.object({ type: z.literal("call") }),
  z.object({ type: z.literal("task") }),
]);

it.each<[z.ZodType, unknown, string]>([
  [z.string(), undefined, "This field is required."],
  [z.object({}), [], "This must be an object, not a list."],
  [z.string(), 7, "This must be a text, not a number."],
  [z.string(), null, "This must be a text, not null."],
  [z.number().int(), 1.5, "This must be a whole number, not a fraction."],
  [z.coerce.number(), "x", "This must be a number."],
  [z.string().max(200), "x".repeat(201), "This must be at most 200 characters long."],
  [z.string().min(1), "", "This must be at least 1 character long."],
  [z.array(z.string()).max(2), ["a", "b", "c"], "This must be at most 2 entries long."],
  [z.number().min(0), -1, "This must be at least 0."],
  [z.enum(["a", "b", "c"]), "d", 'This must be "a", "b" or "c".'],
  [z.literal("a"), "b", 'This must be "a".'],
  [kind, { type: "mail" }, 'This must be "call" or "task".'],
  [z.strictObject({}), { x: 1 }, "This field is not known here."],
  [z.string().max(1, "Its own words"), "xx", "Its own words"],
])("%# says it in words", (schema, value, text) => {
  expect(said(schema, value)).toBe(text);
});
