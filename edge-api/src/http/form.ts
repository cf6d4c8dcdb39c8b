/**
 * Forms that work without a script. A field is named by the place its value has in the body the API takes
 * (`admin/email`), so that the same contract checks it and a refusal's pointer finds the field it is about.
 */
import { problems } from "@cadenza/shared/problem";
import type * as z from "zod";
import { AppError } from "../domain/errors.ts";
import type { Entered } from "../pages/parts.ts";
import { readBody } from "./body.ts";
import { fieldErrors, readAs } from "./field-errors.ts";
import { BadRequest } from "./problem.ts";

/** No form of ours holds more. */
const bytesMax = 65_536;

export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get("content-type") ?? "";
  const bytes = await readBody(request, bytesMax);
  if (bytes.byteLength > 0 && !/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    throw new BadRequest("unsupported_media_type", "Send the form as the page does.");
  }
  return new URLSearchParams(new TextDecoder().decode(bytes));
}

export type Submitted<Result> =
  | { ok: true; result: Result }
  /** To be shown again, with what was typed. */
  | { ok: false; status: number; entered: Entered };

/**
 * @param names the fields that count; an empty one was left out.
 * @param run refuses with an AppError: with a pointer it is shown beside that field, without one above the form.
 */
export async function submit<Schema extends z.ZodType, Result>(
  form: URLSearchParams,
  names: readonly string[],
  schema: Schema,
  run: (body: z.output<Schema>) => Promise<Result>,
): Promise<Submitted<Result>> {
  const values = Object.fromEntries(names.map((name) => [name, form.get(name)?.trim() ?? ""]));
  const parsed = readAs(schema, nested(values));
  if (!parsed.success) {
    return {
      ok: false,
      status: 422,
      entered: { values, errors: byName(names, fieldErrors(parsed.error, "body")) },
    };
  }
  try {
    return { ok: true, result: await run(parsed.data) };
  } catch (error) {
    if (!(error instanceof AppError) || error instanceof BadRequest) throw error;
    const fields = error.fields ?? [{ pointer: error.pointer ?? "", detail: error.message }];
    return {
      ok: false,
      status: problems[error.code].status,
      entered: { values, errors: byName(names, fields) },
    };
  }
}

/** The first thing that is wrong with each field, in the form's order. What is about no field is about the form. */
function byName(
  names: readonly string[],
  wrong: { pointer: string; detail: string }[],
): Record<string, string> {
  const first = (name: string) =>
    wrong.find(({ pointer }) => (name ? pointer === `/${name}` : !names.includes(pointer.slice(1))))?.detail;
  return Object.fromEntries([...names, ""].flatMap((name) => (first(name) ? [[name, first(name)!]] : [])));
}

function nested(values: Record<string, string>): Record<string, unknown> {
  const whole: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === "") continue;
    const [head = "", ...rest] = name.split("/");
    if (!rest.length) whole[head] = value;
    else whole[head] = { ...(whole[head] as object | undefined), [rest.join("/")]: value };
  }
  return whole;
}
