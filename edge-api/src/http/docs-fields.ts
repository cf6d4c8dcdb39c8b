/** JSON schemas as people read them: one line a field, nested ones by their path, types in words. */
import type { JsonSchema } from "./openapi.ts";

export type Field = {
  name: string;
  type: string;
  /** How much of it: its lengths, its bounds, what it is where it is left out. */
  limits: string;
  required: boolean;
  description: string;
};

/** Deeper than this a field is named by its type. */
const depthMax = 3;

export function fieldsOf(
  schema: JsonSchema,
  schemas: Record<string, JsonSchema>,
  prefix = "",
  depth = 0,
): Field[] {
  const resolved = resolve(schema, schemas);
  const variants = (resolved.oneOf ?? resolved.anyOf) as JsonSchema[] | undefined;
  if (variants) return mergedVariants(variants.map((variant) => fieldsOf(variant, schemas, prefix, depth)));
  if (resolved.type === "array") return fieldsOf(resolved.items as JsonSchema, schemas, `${prefix}[]`, depth);
  const properties = Object.entries((resolved.properties ?? {}) as Record<string, JsonSchema>);
  const required = (resolved.required ?? []) as string[];
  return properties.flatMap(([key, field]) => {
    const name = prefix ? `${prefix}.${key}` : key;
    const own = {
      name,
      type: typeOf(field),
      limits: limitsOf(field),
      required: required.includes(key),
      description: descriptionOf(field, schemas),
    };
    return [own, ...(depth < depthMax ? fieldsOf(field, schemas, name, depth + 1) : [])];
  });
}

const resolve = (schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema =>
  typeof schema.$ref === "string" ? (schemas[nameOf(schema.$ref)] ?? {}) : schema;

const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf("/") + 1);

/** Steps of several types share most fields: each is shown once, and is required only where all require it. */
function mergedVariants(variants: Field[][]): Field[] {
  const merged = new Map<string, Field>();
  for (const field of variants.flat()) {
    const known = merged.get(field.name);
    const type =
      known && !known.type.split(" or ").includes(field.type) ? `${known.type} or ${field.type}` : field.type;
    const everywhere = variants.every((fields) =>
      fields.some(({ name, required }) => name === field.name && required),
    );
    merged.set(field.name, {
      ...field,
      type: known?.type.includes(field.type) ? known.type : type,
      required: everywhere,
    });
  }
  return [...merged.values()];
}

/** A field's own words; else those of what it is, of what it holds, or of what it may be. */
export function descriptionOf(schema: JsonSchema, schemas: Record<string, JsonSchema>): string {
  if (schema.description !== undefined) return String(schema.description);
  if (typeof schema.$ref === "string") return String(resolve(schema, schemas).description ?? "");
  const inner = [...variantsOf(schema), ...(schema.items ? [schema.items as JsonSchema] : [])];
  return [...new Set(inner.map((one) => descriptionOf(one, schemas)))].filter(Boolean).join(" ");
}

export function limitsOf(schema: JsonSchema): string {
  const { type, items, minItems, maxItems, minLength, maxLength, minimum, maximum } = schema;
  const types = [type].flat();
  const said = variantsOf(schema).map(limitsOf);
  if (types.includes("array")) said.push(between(minItems, maxItems, "item"), each(items as JsonSchema));
  // How long an id or an instant is, is not for whoever sends it to know.
  if (types.includes("string") && !schema.format && !schema.enum && !idPattern.test(String(schema.pattern)))
    said.push(between(minLength, maxLength, "character"));
  if (types.includes("integer") || types.includes("number")) said.push(between(minimum, maximum));
  if (["string", "number", "boolean"].includes(typeof schema.default))
    said.push(`${JSON.stringify(schema.default)} unless told`);
  return [...new Set(said)].filter(Boolean).join(", ");
}

const idPattern = /^\^[a-z]{3}_/;

function each(items: JsonSchema | undefined): string {
  const limits = items ? limitsOf(items) : "";
  return limits && `each ${limits}`;
}

/** The largest whole number there is stands for no bound at all. */
function between(least: unknown, most: unknown, unit = ""): string {
  const isBound = (bound: unknown): bound is number =>
    typeof bound === "number" && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const of = (bound: number) => `${bound.toLocaleString("en")}${unit && ` ${unit}${bound === 1 ? "" : "s"}`}`;
  if (isBound(least) && isBound(most))
    return least === most ? of(most) : least === 0 && unit ? `up to ${of(most)}` : `${least} to ${of(most)}`;
  if (isBound(most)) return unit ? `up to ${of(most)}` : `at most ${of(most)}`;
  return isBound(least) && (least > 0 || !unit) ? `at least ${of(least)}` : "";
}

const variantsOf = ({ anyOf, oneOf }: JsonSchema): JsonSchema[] => ((anyOf ?? oneOf) as JsonSchema[]) ?? [];

export function typeOf(schema: JsonSchema): string {
  const { $ref, anyOf, oneOf, enum: values, const: only, type, format, items } = schema;
  if (typeof $ref === "string") return nameOf($ref);
  const variants = (anyOf ?? oneOf) as JsonSchema[] | undefined;
  if (variants) return [...new Set(variants.map(typeOf))].join(" or ");
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one })).join(" or ");
  if (type === "array") return `list of ${typeOf((items ?? {}) as JsonSchema)}`;
  if (type === "string") return format === "date-time" ? "instant" : format === "date" ? "day" : "text";
  if (type === "object" && schema.additionalProperties && !schema.properties)
    return "object of your own keys";
  return type === undefined ? "any" : String(type);
}
