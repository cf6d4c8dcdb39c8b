/** Which refusals a route can answer with, as the OpenAPI document says them. */
import { type Permission, permissions } from "@cadenza/shared/access";
import type { Contract } from "@cadenza/shared/contract/contract";
import { type ProblemCode, problems } from "@cadenza/shared/problem";
import { isOnce } from "./idempotency.ts";
import type { JsonSchema, Response } from "./openapi.ts";

export function problemCodes(contract: Contract, method: string, path: string): ProblemCode[] {
  const codes: ProblemCode[] = [...(contract.problems ?? []), "internal"];
  if (contract.access !== "public") codes.push("unauthenticated");
  if (contract.access !== "public" && contract.access !== "service")
    codes.push(...refusalsOf(contract.access));
  if (contract.liveOnly) codes.push("live_mode_needed");
  if (contract.limit) codes.push("rate_limited");
  if (contract.body) codes.push("malformed_json", "unsupported_media_type");
  if (contract.raw) codes.push("unsupported_media_type");
  if (contract.body || contract.raw) codes.push("body_too_large");
  if (contract.body || contract.query || contract.ifMatch || method === "POST") codes.push("invalid_request");
  if (contract.ifMatch) codes.push("revision_conflict", "busy");
  if (contract.ifMatch === "required") codes.push("precondition_required");
  if (isOnce(contract, method)) codes.push("idempotency_key_reused", "idempotency_in_progress");
  if (contract.access !== "service" && path.includes(":id")) codes.push(...notFoundIn(contract));
  return [...new Set(codes)].sort((a, b) => problems[a].status - problems[b].status || a.localeCompare(b));
}

/** The id in the path may name nothing; the contract need not say so again. */
const notFoundIn = (contract: Contract): ProblemCode[] =>
  contract.problems?.some((code) => problems[code].status === 404) ? [] : ["route_not_found"];

export function problemsOf(codes: ProblemCode[]): Record<string, Response> {
  const statuses = [...new Set(codes.map((code) => problems[code].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const of = codes.filter((code) => problems[code].status === status);
      return [
        status,
        {
          description: of.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" "),
          content: {
            "application/problem+json": {
              schema: { $ref: "#/components/schemas/Problem" },
              example: problemExample(of[0]!),
            },
          },
        },
      ];
    }),
  );
}

const problemExample = (code: ProblemCode) => ({
  type: `/docs#${code}`,
  title: problems[code].title,
  status: problems[code].status,
  code,
  detail: problems[code].title,
  requestId: "req_0000example",
});

export const problemSchema = (): JsonSchema => ({
  type: "object",
  description: "RFC 9457. `code` never changes; `title` and `detail` are for people.",
  required: ["type", "title", "status", "code", "detail", "requestId"],
  properties: {
    type: { type: "string", format: "uri-reference", description: "Where the code is explained." },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string", enum: Object.keys(problems) },
    detail: { type: "string" },
    requestId: { type: "string", description: "Say it when you ask us." },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["in", "pointer", "detail"],
        properties: {
          in: { type: "string", enum: ["body", "query", "path", "header"] },
          pointer: { type: "string", description: "RFC 6901." },
          detail: { type: "string" },
        },
      },
    },
  },
});

/** What a person or a program can lack, as far as the permission asks for it. */
function refusalsOf(access: Permission): ProblemCode[] {
  const { scope, leastRole } = permissions[access];
  const role: ProblemCode[] = leastRole === "viewer" ? [] : ["role_missing"];
  return [scope === null ? "member_needed" : "scope_missing", ...role, "not_a_member"];
}
