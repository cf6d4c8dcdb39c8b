/**
 * Between the wire's values and those inside: public ids ↔ keys, ISO instants ↔ epoch ms, cursors ↔ sort keys, by the
 * marks on a contract's schemas. On the way out only what the contract names is copied.
 *
 * Invariant: a row handed to `toWire` may hold anything; a column no contract names never leaves.
 */

import type { ActorName, Cursor, Each, Instant, Mark, PublicId } from "@cadenza/shared/contract/fields";
import { marks } from "@cadenza/shared/contract/fields";
import type { FieldError, ProblemCode } from "@cadenza/shared/problem";
import type * as z from "zod";
import type { CursorKey } from "../db/page.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { fieldErrors, pointTo, readAs } from "./field-errors.ts";
import { notFound } from "./not-found.ts";
import { BadRequest, invalidRequest } from "./problem.ts";
import { decodeId, encodeId, type Keys } from "./public-id.ts";

/** What a wire type is inside. */
export type Inner<Wire> = Wire extends Instant
  ? number
  : Wire extends Cursor
    ? CursorKey
    : Wire extends ActorName
      ? string
      : Wire extends PublicId<infer Prefix>
        ? Keys[Prefix]
        : Wire extends Each<infer Item>
          ? Checked<Inner<Item>>
          : Wire extends readonly (infer Item)[]
            ? Inner<Item>[]
            : Wire extends object
              ? { [Key in keyof Wire]: Inner<Wire[Key]> }
              : Wire;

/** An item of a list that is checked one by one. Pointers start at the body's root. */
export type Checked<Item> =
  | { ok: true; value: Item }
  | { ok: false; code: ProblemCode; errors: { pointer: string; detail: string }[] };

export type Place = { shard: number; in: FieldError["in"] };
type Convert = (value: unknown, place: Place, pointer: string) => unknown;

// --- in: after zod has checked the form

/** @returns null where nothing needs converting. */
export function compileFromWire(schema: z.core.$ZodType): Convert | null {
  const mark = marks.get(schema);
  if (mark) return fromMark(mark);
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object": {
      const fields = Object.entries(def.shape).flatMap(([key, field]) => {
        const convert = compileFromWire(field);
        return convert ? [[key, convert] as const] : [];
      });
      return fields.length ? (value, place, pointer) => convertFields(fields, value, place, pointer) : null;
    }
    case "array": {
      const convert = compileFromWire(def.element);
      return (
        convert &&
        ((value, place, pointer) =>
          (value as unknown[]).map((item, i) => convert(item, place, pointTo(pointer, i))))
      );
    }
    case "optional":
    case "nullable":
    case "default":
    case "readonly": {
      const convert = compileFromWire(def.innerType);
      return convert && ((value, place, pointer) => (value == null ? value : convert(value, place, pointer)));
    }
    case "union": {
      const options = def.options.map((option) => ({ option, convert: compileFromWire(option) }));
      if (options.every(({ convert }) => !convert)) return null;
      return (value, place, pointer) => {
        const chosen = options.find(({ option }) => (option as z.ZodType).safeParse(value).success);
        return chosen?.convert ? chosen.convert(value, place, pointer) : value;
      };
    }
    default:
      return null;
  }
}

function convertFields(
  fields: (readonly [string, Convert])[],
  value: unknown,
  place: Place,
  pointer: string,
): unknown {
  const converted = { ...(value as Record<string, unknown>) };
  for (const [key, convert] of fields) {
    if (converted[key] != null) converted[key] = convert(converted[key], place, pointTo(pointer, key));
  }
  return converted;
}

function fromMark(mark: Mark): Convert {
  switch (mark.kind) {
    case "id":
      return (value, place, pointer) => {
        const key = decodeId(mark.prefix, place.shard, value as string);
        if (key === null) throw notFound(mark.prefix, place.in, pointer);
        return key;
      };
    case "instant":
      return (value) => Date.parse(value as string);
    case "cursor":
      return (value, place, pointer) => {
        const key = decodeCursor(value as string);
        if (!key) throw invalidRequest([{ in: place.in, pointer, detail: "This is no cursor we gave." }]);
        return key;
      };
    case "actor":
      return (value, place, pointer) => actorFromWire(value as string, place, pointer);
    case "each":
      return checkEach(mark.item);
  }
}

function checkEach(item: z.ZodType): Convert {
  const convert = compileFromWire(item);
  return (value, place, pointer): Checked<unknown> => {
    const parsed = readAs(item, value);
    if (!parsed.success)
      return { ok: false, code: "invalid_request", errors: fieldErrors(parsed.error, "body", pointer) };
    try {
      return { ok: true, value: convert ? convert(parsed.data, place, pointer) : parsed.data };
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      return { ok: false, code: error.code, errors: error.errors };
    }
  };
}

// --- out: only what is named

export function compileToWire(schema: z.core.$ZodType): Convert {
  const mark = marks.get(schema);
  if (mark) return toMark(mark);
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object": {
      const fields = Object.entries(def.shape).map(([key, field]) => [key, compileToWire(field)] as const);
      return (value, place, pointer) => {
        if (typeof value !== "object" || value === null)
          throw new Error(`${pointer || "/"} is not an object`);
        const row = value as Record<string, unknown>;
        return Object.fromEntries(
          fields.map(([key, convert]) => [key, convert(row[key], place, pointTo(pointer, key))]),
        );
      };
    }
    case "array": {
      const convert = compileToWire(def.element);
      return (value, place, pointer) =>
        (value as unknown[]).map((item, i) => convert(item, place, pointTo(pointer, i)));
    }
    case "nullable": {
      const convert = compileToWire(def.innerType);
      return (value, place, pointer) => (value == null ? null : convert(value, place, pointer));
    }
    case "optional": {
      const convert = compileToWire(def.innerType);
      return (value, place, pointer) => (value == null ? undefined : convert(value, place, pointer));
    }
    case "union":
      return unionToWire(def as z.core.$ZodUnionDef);
    default:
      return (value, _place, pointer) => {
        // A field the contract promises and the row does not have is a bug, and better seen here than by a client.
        if (value === undefined) throw new Error(`${pointer} is missing in the answer`);
        return value;
      };
  }
}

function unionToWire(def: z.core.$ZodUnionDef): Convert {
  const options = def.options.map((option) => ({ option, convert: compileToWire(option) }));
  const key = (def as { discriminator?: string }).discriminator;
  return (value, place, pointer) => {
    const chosen = options.find(({ option }) => {
      if (!key) return (option as z.ZodType).safeParse(value).success;
      const tag = (option as z.ZodObject).shape[key];
      return (tag as z.ZodType | undefined)?.safeParse((value as Record<string, unknown>)[key]).success;
    });
    if (!chosen) throw new Error(`${pointer || "/"} is none of what the contract knows`);
    return chosen.convert(value, place, pointer);
  };
}

function toMark(mark: Mark): Convert {
  switch (mark.kind) {
    case "id":
      return (value, { shard }) => encodeId(mark.prefix, shard, value as never);
    case "instant":
      return (value) => new Date(value as number).toISOString();
    case "cursor":
      return (value) => encodeCursor(value as CursorKey);
    case "actor":
      return (value, { shard }) => actorToWire(value as string, shard);
    case "each":
      throw new Error("an answer has no items to check");
  }
}

const actorNouns = { mbr: "member", key: "key" } as const;

function actorFromWire(value: string, { shard, in: where }: Place, pointer: string): string {
  const [, prefix] = /^(mbr|key)_/.exec(value) ?? [];
  if (!prefix) return value;
  const key = decodeId(prefix as keyof typeof actorNouns, shard, value);
  if (key === null) throw notFound(prefix as keyof typeof actorNouns, where, pointer);
  return `${actorNouns[prefix as keyof typeof actorNouns]}:${key}`;
}

/** Inside, an actor is `key:12` or `member:3`; row keys do not leave. */
export function actorToWire(name: string, shard: number): string {
  const [kind, key] = name.split(":");
  if (key === undefined) return name;
  return encodeId(kind === "member" ? "mbr" : "key", shard, Number(key) as never);
}
