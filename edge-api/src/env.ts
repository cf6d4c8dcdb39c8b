/** What the platform hands the Worker, checked once: a missing secret is said at the first request, not at the first mail. */
import * as z from "zod";
import type { Wake } from "./domain/system.ts";

export type Env = {
  DB: D1Database;
  WAKE: Queue<Wake>;
  /** What the panel's build left; without it the rest works. */
  ASSETS?: { fetch(request: Request): Promise<Response> };
  PUBLIC_URL: string;
  CADENZA_SECRET: string;
  CADENZA_SERVICE_TOKEN: string;
  CADENZA_SETUP_TOKEN?: string;
  SYSTEM_MAIL_URL?: string;
  SYSTEM_MAIL_FROM?: string;
  GOOGLE_CLIENT_ID?: string;
  GOOGLE_CLIENT_SECRET?: string;
} & Record<`DB_${number}`, D1Database | undefined>;

const settings = z
  .object({
    PUBLIC_URL: z.url(),
    CADENZA_SECRET: z.string().min(32, "must be at least 32 characters: it signs links and seals passwords"),
    CADENZA_SERVICE_TOKEN: z.string().min(16, "must be at least 16 characters"),
    CADENZA_SETUP_TOKEN: z.string().min(16, "must be at least 16 characters").optional(),
    SYSTEM_MAIL_URL: z
      .string()
      .regex(/^smtp(s|\+starttls)?:\/\/[^/]/, "must be like smtps://user:password@host:465")
      .optional(),
    SYSTEM_MAIL_FROM: z.email().optional(),
    GOOGLE_CLIENT_ID: z.string().min(1).optional(),
    GOOGLE_CLIENT_SECRET: z.string().min(1).optional(),
  })
  .refine((env) => !env.SYSTEM_MAIL_URL === !env.SYSTEM_MAIL_FROM, {
    path: ["SYSTEM_MAIL_FROM"],
    error: "goes with SYSTEM_MAIL_URL: set both or neither",
  })
  .refine((env) => !env.GOOGLE_CLIENT_ID === !env.GOOGLE_CLIENT_SECRET, {
    path: ["GOOGLE_CLIENT_SECRET"],
    error: "goes with GOOGLE_CLIENT_ID: set both or neither",
  });

/** @throws naming the setting that is missing or too weak; never its value. */
export function checkEnv(env: Env): Env {
  const checked = settings.safeParse(env);
  if (checked.success) return env;
  const problems = checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(`The Worker is not set up. ${problems.join("; ")}`);
}

/** The shards in order: DB, DB_1, DB_2 … A workspace's rows all live in one. */
export function shardsOf(env: Env): D1Database[] {
  const shards = [env.DB];
  for (let shard = 1; ; shard++) {
    const next = env[`DB_${shard}`];
    if (!next) return shards;
    shards.push(next);
  }
}
