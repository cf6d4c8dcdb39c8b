/**
 * The OpenAPI 3.1 document, made from routes.ts and the contracts and from nothing else: what it says is what the
 * server checks by. Served at /openapi.json; /docs is drawn from it.
 */
import { permissions } from "@cadenza/shared/access";
import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { marks } from "@cadenza/shared/contract/fields";
import type { ProblemCode } from "@cadenza/shared/problem";
import { type RouteName, routes } from "@cadenza/shared/routes";
import * as z from "zod";
import { isOnce, keyLengthMax } from "./idempotency.ts";
import { problemCodes, problemSchema, problemsOf } from "./openapi-problems.ts";

export type JsonSchema = { [key: string]: unknown };
export type Parameter = {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
};
type Content = Record<string, { schema: JsonSchema; example?: unknown }>;
export type Response = { description: string; headers?: Record<string, JsonSchema>; content?: Content };
export type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, Response>;
  "x-problems": ProblemCode[];
};
export type OpenApi = {
  openapi: string;
  info: {
    title: string;
    version: string;
    description: string;
    license: { name: string; identifier: string };
  };
  servers: { url: string }[];
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, JsonSchema> };
};

export function openApiDocument(publicUrl: string): OpenApi {
  const schemas: Record<string, JsonSchema> = { Problem: problemSchema() };
  const paths: OpenApi["paths"] = {};
  for (const name of Object.keys(routes) as RouteName[]) {
    const [method, path] = routes[name];
    const address = path.replace(/:(\w+)/g, "{$1}");
    paths[address] ??= {};
    paths[address][method.toLowerCase()] = operation(name, contracts[name], schemas);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Cadenza",
      version: "1",
      description: introduction,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(Object.keys(routes).map(tagOf))].map((name) => ({ name })),
    paths,
    components: { schemas, securitySchemes: securitySchemes(publicUrl) },
  };
}

const introduction = [
  "Sales sequences as an API. JSON in and out, ids as text (`ctc_…`), instants in ISO 8601.",
  "",
  "**Lists** come in pages: send `nextCursor` back as `cursor` until it is null.",
  "**Creating** takes an `Idempotency-Key`: the same request under it happens once, and its answer is kept 24 hours.",
  "**Editing** what has a `rev` takes it as `If-Match`: whoever is late gets 412 instead of overwriting.",
  "**Refusals** are problem documents (RFC 9457) with a stable `code`, and a JSON `pointer` to each field.",
].join("\n");

const securitySchemes = (publicUrl: string) => ({
  apiKey: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "cdz_key_…",
    description: "A workspace's API key.",
  },
  session: {
    type: "apiKey",
    in: "cookie",
    name: `${publicUrl.startsWith("https:") ? "__Host-" : ""}cadenza.session_token`,
    description: "A person signed in at /sign-in, as far as their role goes.",
  },
  hostSession: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "cdz_embed_…",
    description: "A host's user, for minutes and from the host's page: `POST /v1/embed/session`.",
  },
  program: {
    type: "oauth2",
    description:
      "Another program, for a person who let it in: authorization code with PKCE, or the device grant.",
    flows: {
      authorizationCode: {
        authorizationUrl: `${publicUrl}/auth/oauth2/authorize`,
        tokenUrl: `${publicUrl}/auth/oauth2/token`,
        refreshUrl: `${publicUrl}/auth/oauth2/token`,
        scopes: {
          read: permissions.read.allows,
          write: permissions.work.allows,
          offline_access: "Go on without the person, until they end it.",
        },
      },
    },
  },
  serviceToken: { type: "http", scheme: "bearer", description: "The operator's token, for /internal." },
});

export const tagOf = (name: string): string => name.slice(0, name.indexOf("."));

function operation(name: RouteName, contract: Contract, schemas: Record<string, JsonSchema>): Operation {
  const [method, path] = routes[name];
  const codes = problemCodes(contract, method, path);
  return {
    operationId: name,
    tags: [tagOf(name)],
    summary: contract.summary,
    description: contract.description,
    security: securityOf(contract, method),
    parameters: parametersOf(contract, method, schemas),
    ...bodyOf(contract, schemas),
    responses: { ...successOf(contract, method, schemas), ...problemsOf(codes) },
    "x-problems": codes,
  };
}

function securityOf({ access, problems }: Contract, method: string): Operation["security"] {
  if (access === "public") return [];
  if (access === "service") return [{ serviceToken: [] }];
  const { scope } = permissions[access];
  // As far as a host's user gets (embed-session.ts), and another program (oauth-token.ts).
  const acting = (scopes: string[]): Operation["security"] => [{ hostSession: scopes }, { program: scopes }];
  if (problems?.includes("session_needed")) return [{ session: [] }];
  if (scope === null) return [...acting(method === "GET" ? [] : ["write"]), { session: [] }];
  return [
    { apiKey: [scope] },
    ...(scope === "read" || scope === "write" ? acting([scope]) : []),
    { session: [] },
  ];
}

function parametersOf(contract: Contract, method: string, schemas: Record<string, JsonSchema>): Parameter[] {
  const parameters = [
    ...partParameters("path", contract.params, contract.example?.params, schemas),
    ...partParameters("query", contract.query, contract.example?.query, schemas),
  ];
  if (isOnce(contract, method)) parameters.push(idempotencyKey);
  if (contract.ifMatch) {
    parameters.push({
      name: "If-Match",
      in: "header",
      required: contract.ifMatch === "required",
      description: "The `rev` you saw, in quotes.",
      schema: { type: "string" },
      example: '"3"',
    });
  }
  return parameters;
}

const idempotencyKey: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Yours, unique per request: sent again, the request does not happen again.",
  schema: { type: "string", minLength: 1, maxLength: keyLengthMax },
};

function partParameters(
  place: "path" | "query",
  part: z.ZodObject | undefined,
  example: unknown,
  schemas: Record<string, JsonSchema>,
): Parameter[] {
  if (!part) return [];
  const { properties = {}, required = [] } = jsonSchema(part, "input", schemas) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    const shown = (example as Record<string, unknown> | undefined)?.[name];
    return {
      name,
      in: place,
      required: place === "path" || required.includes(name),
      ...(typeof description === "string" && { description }),
      schema,
      ...(shown !== undefined && { example: shown }),
    };
  });
}

function bodyOf(contract: Contract, schemas: Record<string, JsonSchema>): Pick<Operation, "requestBody"> {
  if (contract.raw) {
    return {
      requestBody: { required: true, content: { [contract.raw.type]: { schema: { type: "string" } } } },
    };
  }
  if (!contract.body) return {};
  const schema = jsonSchema(contract.body, "input", schemas);
  const required = !contract.body.safeParse(undefined).success;
  return {
    requestBody: { required, content: { "application/json": withExample(schema, contract.example?.body) } },
  };
}

function successOf(
  contract: Contract,
  method: string,
  schemas: Record<string, JsonSchema>,
): Record<string, Response> {
  if (contract.download) {
    const file = { schema: { type: "string" } };
    const content = Object.fromEntries(contract.download.map((type) => [type, file]));
    return { "200": { description: "A file.", content } };
  }
  if (!contract.response) return { "204": { description: "Done." } };
  const schema = jsonSchema(contract.response, "output", schemas);
  const hasRev = contract.response.def.type === "object" && "rev" in (contract.response as z.ZodObject).shape;
  const headers = {
    ...(hasRev && { ETag: { description: "The `rev`, for If-Match.", schema: { type: "string" } } }),
    ...(isOnce(contract, method) && {
      "Idempotency-Replayed": {
        description: "`true` when this answer was given before.",
        schema: { type: "string" },
      },
    }),
  };
  const status = contract.status ?? 200;
  const content = { "application/json": withExample(schema, contract.example?.response) };
  return { [status]: { description: status === 201 ? "Created." : "Done.", headers, content } };
}

const withExample = (schema: JsonSchema, example: unknown) =>
  example === undefined ? { schema } : { schema, example };

// --- schemas

/** Schemas with an id become components; every other one stands where it is used. */
function jsonSchema(
  schema: z.ZodType,
  io: "input" | "output",
  schemas: Record<string, JsonSchema>,
): JsonSchema {
  const { $defs = {}, properties } = z.toJSONSchema(z.object({ root: schema }), {
    io,
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema: made }) => {
      const mark = marks.get(zodSchema);
      if (mark?.kind === "each") Object.assign(made, jsonSchema(mark.item, io, schemas));
    },
  }) as unknown as { $defs?: Record<string, JsonSchema>; properties: { root: JsonSchema } };
  for (const [name, definition] of Object.entries($defs)) keepSchema(schemas, name, hoisted(definition));
  return hoisted(properties.root);
}

function keepSchema(schemas: Record<string, JsonSchema>, name: string, definition: JsonSchema): void {
  const { id: _, ...schema } = definition;
  const known = schemas[name];
  if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
    throw new Error(`There are two schemas called ${name}: one id each, and another where requests differ.`);
  }
  schemas[name] = schema;
}

/** Shared definitions live under components; "a string or null" is written the short way. */
function hoisted(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text, (_, value) => orNull(value));
}

function orNull(value: unknown): unknown {
  const { anyOf, ...rest } = (value ?? {}) as { anyOf?: JsonSchema[] };
  const [schema, none] = anyOf ?? [];
  if (anyOf?.length !== 2 || none?.type !== "null" || typeof schema?.type !== "string" || schema.enum)
    return value;
  return { ...schema, type: [schema.type, "null"], ...rest };
}
