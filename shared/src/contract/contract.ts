/** What a contract says of one route. The server checks by it, the client is typed by it, the docs are made from it. */
import type * as z from "zod";
import type { Permission } from "../access.ts";
import type { ProblemCode } from "../problem.ts";

export type Contract = {
  summary: string;
  description: string;
  /** What who asks must be allowed (access.ts); `service`: the operator's token; `public`: nobody is asked. */
  access: Permission | "service" | "public";
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body is taken as the bytes it is, of this type and at most this long. */
  raw?: { type: string; bytesMax: number };
  /** Left out: the answer is 204. */
  response?: z.ZodType;
  /** Of success; 200 unless it says 201 or 202. */
  status?: 200 | 201 | 202;
  /** The answer is a file of one of these types. */
  download?: readonly string[];
  /** Not for test keys: it lets somebody in. */
  liveOnly?: true;
  /** How often it may be asked for: a row of the server's table of limits. */
  limit?: string;
  /** What can be refused beyond what every route can. */
  problems?: readonly ProblemCode[];
  /** Edits of what has a revision: `required` refuses a change that does not say which one it saw. */
  ifMatch?: "optional" | "required";
  /** The answer holds a secret: an answer kept for its Idempotency-Key is sealed. */
  answersSecret?: true;
  example?: { params?: unknown; query?: unknown; body?: unknown; response?: unknown };
};
