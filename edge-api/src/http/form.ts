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
 * @param lists those of them that hold several values: boxes that were ticked, or one a line.
 */
export async function submit<Schema extends z.ZodType, Result>(
  form: URLSearchParams,
  names: readonly string[],
  schema: Schema,
  run: (body: z.output<Schema>) => Promise<Result>,
  lists: readonly string[] = [],
): Promise<Submitted<Result>> {
  const textOf = (name: string) =>
    lists.includes(name) ? form.getAll(name).join("\n") : (form.get(name) ?? "");
  const values = Object.fromEntries(names.map((name) => [name, textOf(name).trim()]));
  const items = Object.fromEntries(lists.map((name) => [name, linesOf(values[name])]));
  const wrong = (fields: { pointer: string; detail: string }[]): Entered => ({
    values,
    errors: byName(
      names,
      fields.map((field) => aboutTheList(field, items)),
    ),
  });
  const parsed = readAs(schema, { ...nested(values), ...items });
  if (!parsed.success) return { ok: false, status: 422, entered: wrong(fieldErrors(parsed.error, "body")) };
  try {
    return { ok: true, result: await run(parsed.data) };
  } catch (error) {
    if (!(error instanceof AppError) || error instanceof BadRequest) throw error;
    const fields = error.fields ?? [{ pointer: error.pointer ?? "", detail: error.message }];
    return { ok: false, status: problems[error.code].status, entered: wrong(fields) };
  }
}

/** A form that is one button: what is refused is said on the page it stands on. @throws what concerns the request */
export async function attempt<Result>(
  run: () => Promise<Result>,
): Promise<{ ok: true; result: Result } | { ok: false; status: number; detail: string }> {
  try {
    return { ok: true, result: await run() };
  } catch (error) {
    if (!(error instanceof AppError) || error instanceof BadRequest) throw error;
    return { ok: false, status: problems[error.code].status, detail: error.message };
  }
}

const linesOf = (text = ""): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** What is wrong with an item is wrong with its list, and names the item. */
function aboutTheList(field: { pointer: string; detail: string }, items: Record<string, string[]>) {
  const [, name = "", at = ""] = /^\/(\w+)\/(\d+)$/.exec(field.pointer) ?? [];
  const item = Object.hasOwn(items, name) ? items[name]![Number(at)] : undefined;
  if (item === undefined) return field;
  const shown = item.length > 60 ? `${item.slice(0, 60)}…` : item;
  return { pointer: `/${name}`, detail: `${shown}: ${field.detail}` };
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
