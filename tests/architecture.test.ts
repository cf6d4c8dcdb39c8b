/** The rules of ARCHITECTURE.md, kept as data: who may import whom, what pure code may not touch, how long a file gets. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes("node_modules"),
    )
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !/\.(test|fixture)\.ts$/.test(file));
}

const source = (file: string) => readFileSync(join(root, file), "utf8");

/** What a file imports: repository paths for our own, package names for others. Type-only imports are marked. */
function importsOf(file: string): { target: string; typeOnly: boolean }[] {
  const found = source(file).matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']/gm,
  );
  return [...found].map(([, type, target = ""]) => ({
    target: target.startsWith(".") ? relative(root, join(root, file, "..", target)) : target,
    typeOnly: type !== undefined,
  }));
}

const api = "edge-api/src/";
const pureLibraries = [
  "@cadenza/shared/vocabulary",
  "@noble/hashes",
  "date-holidays",
  "linkify-it",
  "liquidjs",
  "temporal-polyfill",
];

/** folder → what its files may import, by prefix. `types` only as `import type`. */
const table: { in: string; may: string[]; types?: string[] }[] = [
  { in: "shared/src/vocabulary.ts", may: [] },
  { in: "shared/src/problem.ts", may: [] },
  { in: "shared/src/routes.ts", may: [] },
  { in: "shared/src/access.ts", may: ["shared/src/vocabulary.ts"] },
  { in: "shared/src/contract/", may: ["shared/src/", "zod"] },
  {
    in: "shared/src/client.ts",
    may: ["shared/src/routes.ts", "shared/src/problem.ts"],
    types: ["shared/src/contract/", "zod"],
  },
  {
    in: `${api}domain/`,
    may: [`${api}domain/`, ...pureLibraries],
    types: ["@cadenza/shared/problem"],
  },
  { in: `${api}engine/`, may: [`${api}engine/`, `${api}domain/`, "@cadenza/shared/vocabulary"] },
  { in: `${api}db/`, may: [`${api}db/`, `${api}domain/`, "@cadenza/shared/vocabulary", "drizzle-orm"] },
  { in: `${api}mail/`, may: [`${api}mail/`, `${api}domain/`, "nodemailer", "postal-mime", "node:"] },
  {
    in: `${api}auth/`,
    may: [
      ...["auth/", "domain/", "db/"].map((path) => api + path),
      "@cadenza/shared/vocabulary",
      "better-auth",
      "@better-auth/",
    ],
    types: ["@cadenza/shared/problem"],
  },
  {
    in: `${api}commands/`,
    may: [`${api}commands/`, `${api}domain/`, `${api}db/`, "@cadenza/shared/vocabulary", "@noble/hashes"],
    types: ["@cadenza/shared/problem"],
  },
  {
    in: `${api}pages/`,
    may: [`${api}pages/`, "@cadenza/shared/vocabulary", "@cadenza/shared/access", "hono/html"],
    types: [`${api}db/`],
  },
  {
    in: `${api}routes/`,
    may: [
      ...[
        ...["routes/", "commands/", "db/", "domain/", "http/", "pages/", "auth/"],
        ...["run.ts", "ingest-raw.ts"],
      ].map((path) => api + path),
      "@cadenza/shared/",
      "hono",
      "csv-stringify",
    ],
  },
  { in: "widget/src/", may: ["widget/src/", "@cadenza/shared/", "preact", "node:fs"] },
  {
    in: "extension/src/page/",
    may: ["extension/src/page/"],
  },
  {
    in: "extension/src/background/",
    may: ["extension/src/", "@cadenza/shared/", "zod"],
  },
  // What a content script may need, too: it has no room for zod or React.
  {
    in: "extension/src/actions/",
    may: ["extension/src/actions/", "extension/src/page/"],
    types: ["extension/src/storage/"],
  },
  { in: "extension/src/words/", may: ["extension/src/words/"], types: ["extension/src/storage/"] },
  {
    in: "extension/src/messages/ask.ts",
    may: ["extension/src/api/refusal.ts", "extension/src/messages/verbs.ts"],
    types: ["extension/src/"],
  },
  { in: "extension/src/messages/verbs.ts", may: [] },
  // The pages of the extension reach the API through the background alone.
  ...["components/", "sidepanel/", "options/"].map((folder) => ({
    in: `extension/src/${folder}`,
    may: [
      ...[
        "components/",
        "sidepanel/",
        "options/",
        "actions/",
        "api/",
        "words/",
        "messages/ask.ts",
        "page/address.ts",
      ].map((path) => `extension/src/${path}`),
      "react",
    ],
    types: ["extension/src/", "@cadenza/shared/"],
  })),
  {
    in: "extension/src/api/",
    may: ["extension/src/api/", "extension/src/messages/ask.ts", "@cadenza/shared/routes"],
    types: ["extension/src/", "@cadenza/shared/"],
  },
  {
    in: "extension/src/storage/",
    may: ["extension/src/storage/", "extension/src/words/languages.ts", "zod"],
  },
];

describe("the import rules", () => {
  for (const rule of table) {
    it(`${rule.in} imports only ${[...rule.may, ...(rule.types ?? [])].join(", ") || "nothing"}`, () => {
      const files = rule.in.endsWith(".ts") ? [rule.in] : filesUnder(rule.in);
      expect(files.length).toBeGreaterThan(0);
      const broken = files.flatMap((file) =>
        importsOf(file)
          .filter(({ target, typeOnly }) => {
            const allowed = typeOnly ? [...rule.may, ...(rule.types ?? [])] : rule.may;
            return !allowed.some((prefix) => target.startsWith(prefix));
          })
          .map(({ target }) => `${file} imports ${target}`),
      );
      expect(broken).toEqual([]);
    });
  }

  it("names the platform's env only in the entry files", () => {
    const entries = ["index.ts", "env.ts", "system.ts", "app.ts", "cron.ts", "queue.ts", "email.ts"].map(
      (name) => api + name,
    );
    const broken = filesUnder(api).filter(
      (file) => !entries.includes(file) && /\benv\.[A-Z]|from "\S*\/env\.ts"/.test(source(file)),
    );
    expect(broken).toEqual([]);
  });
});

describe("pure code", () => {
  const forbidden =
    /\b(Date\.now\(|new Date\(\)|Math\.random\(|crypto\.|fetch\(|console\.|setTimeout\(|process\.)/;

  it("has no clock, no randomness, no network and no console in domain/ and engine/", () => {
    const broken = [...filesUnder(`${api}domain/`), ...filesUnder(`${api}engine/`)].flatMap((file) =>
      source(file)
        .split("\n")
        .map((line, index) => ({ line, at: `${file}:${index + 1}` }))
        .filter(({ line }) => forbidden.test(line.replace(/\/\/.*|^\s*\*.*/, "")))
        .map(({ line, at }) => `${at} ${line.trim()}`),
    );
    expect(broken).toEqual([]);
  });

  it("does not wait for anything in domain/", () => {
    const broken = filesUnder(`${api}domain/`).filter((file) =>
      /\basync\s+(function|\()|\bawait\s/.test(source(file)),
    );
    expect(broken).toEqual([]);
  });
});

describe("files", () => {
  const ours = [
    ...[api, "shared/src", "edge-api/sim", "edge-api/scripts", "demo"],
    ...["widget/src", "extension/src", "extension/scripts"],
  ].flatMap(filesUnder);

  /** Longer than 250 lines wants a reason. */
  const reasons: Record<string, string> = {
    "edge-api/src/db/schema.ts": "every table on one page",
    "edge-api/src/db/auth-schema.ts": "the sign-in library's tables, as it names them",
    "edge-api/src/http/openapi.ts": "one document, part after part",
    "edge-api/src/db/claims.ts":
      "every statement that takes work, side by side, since their conditions must agree",
    "edge-api/src/db/commit.ts": "every statement of one transaction, in the order it runs",
    "edge-api/src/db/facts.ts": "one batch and what is made of it",
    "edge-api/src/domain/delivery.ts": "every outcome of a try in one place",
    "edge-api/src/domain/message.ts": "subject, text and HTML of one mail",
    "edge-api/src/domain/next-step.ts": "the one function the tick, the plan and explain share",
    "edge-api/src/domain/schedule.ts": "windows, days off and delays share one notion of a zone's day",
    "edge-api/src/domain/template.ts": "Liquid with its limits",
    "edge-api/src/engine/deliver.ts": "the one loop that touches the wire",
    "edge-api/src/engine/tick.ts": "the loop, and what each next step means for the rows",
    "edge-api/src/mail/smtp.ts": "one conversation from connect to the final dot",
    "widget/src/panel/open.ts": "one panel's life, and what every part of it is given",
    "widget/src/sequences/words/de.ts": "everything that page says, in one language",
    "widget/src/sequences/words/en.ts": "everything that page says, in one language",
    "widget/src/sequences/words/es.ts": "everything that page says, in one language",
    "widget/src/sequences/words/fr.ts": "everything that page says, in one language",
  };

  it("stay under 250 lines unless a reason is given", () => {
    const isLong = (file: string) => source(file).split("\n").length > 251;
    const long = ours.filter((file) => !file.startsWith("shared/src/contract/") && isLong(file));
    expect(long.filter((file) => !(file in reasons))).toEqual([]);
    expect(Object.keys(reasons).filter((file) => !ours.includes(file))).toEqual([]);
  });

  it("are never called utils, helpers or common", () => {
    const broken = ours.filter((file) => /(^|\/)(utils?|helpers?|common)(\/|\.|$)/.test(file));
    expect(broken).toEqual([]);
  });

  it("import zod as a namespace, which every bundler here understands", () => {
    const broken = [api, "shared/src", "extension/src"]
      .flatMap(filesUnder)
      .filter((file) => /import\s+(?:\{[^}]*\bz\b[^}]*\}|z)\s+from\s+["']zod["']/.test(source(file)));
    expect(broken).toEqual([]);
  });
});

describe("indexes", () => {
  it("never include the lease: claiming would cost two more writes a row", () => {
    const indexes = source("edge-api/migrations/0000_core.sql")
      .split("\n")
      .filter((line) => /CREATE (UNIQUE )?INDEX/.test(line) && line.includes("lease"));
    expect(indexes).toEqual([]);
  });
});
