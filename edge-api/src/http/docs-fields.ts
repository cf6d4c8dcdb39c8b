/** JSON schemas as people read them: one line a field, nested ones by their path, types in words. */
import type { JsonSchema } from "./openapi.ts";

export type Field = { name: string; type: string; required: boolean; description: string };

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
      required: required.includes(key),
      description: String(field.description ?? ""),
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
