/** `pnpm write-docs`: writes the pages that are made from code. `--check` writes nothing and fails when one is stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Permission, permissions, reachOf, roleMay } from "@cadenza/shared/access";
import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { problems } from "@cadenza/shared/problem";
import { type RouteName, routes } from "@cadenza/shared/routes";
import { roles } from "@cadenza/shared/vocabulary";
import { pageRoutes } from "../src/http/page-routes.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../docs");
const made = "<!-- Made by `pnpm write-docs`. Change the contracts, not this page. -->\n";

const reaches = {
  all: "Sees and changes everybody's.",
  own: "Sees its own and what is shared; changes its own and what nobody owns.",
  shared: "Sees what is shared; changes nothing.",
};

export const pages: Record<string, string> = {
  "api.md": apiPage(),
  "errors.md": errorsPage(),
  "access.md": accessPage(),
};

function apiPage(): string {
  const names = Object.keys(routes) as RouteName[];
  const rows = names.map((name) => {
    const [method, path] = routes[name];
    const { summary, access } = contracts[name] as Contract;
    return `| \`${method} ${path}\` | ${summary} | ${access} | \`${name}\` |`;
  });
  return `${made}
# The API at a glance

The Worker serves the whole description: OpenAPI 3.1 at \`/openapi.json\`, the same to read at \`/docs\`. Keys are sent as
\`Authorization: Bearer cdz_key_…\`; \`service\` routes take the operator's token instead. Every POST takes an
\`Idempotency-Key\` (but \`public\` ones, where nobody is known); lists take \`cursor\` and \`limit\`; refusals are [problems](errors.md).

| route | what it does | access | name in the client |
|---|---|---|---|
${rows.join("\n")}
`;
}

function accessPage(): string {
  const rows = Object.entries(permissions).map(([name, { scope, allows }]) => {
    const cells = roles.map((role) => (roleMay(role, name as Permission) ? "yes" : "–"));
    return `| \`${name}\` | ${allows} | ${cells.join(" | ")} | ${scope ? `\`${scope}\`` : "–"} |`;
  });
  const names = Object.keys(routes) as RouteName[];
  const routeRows = names
    .filter((name) => !["service", "public"].includes((contracts[name] as Contract).access))
    .map((name) => {
      const [method, path] = routes[name];
      const access = (contracts[name] as Contract).access as Permission;
      const cells = roles.map((role) => (roleMay(role, access) ? "yes" : "–"));
      return `| \`${method} ${path}\` | \`${access}\` | ${cells.join(" | ")} |`;
    });
  const pageRows = Object.values(pageRoutes).map(
    ([method, path, access]) => `| \`${method} ${path}\` | ${access} |`,
  );
  const reach = roles.map((role) => `| \`${role}\` | ${reaches[reachOf[role]]} |`);
  return `${made}
# Who may do what

A person may what their role may; a key may what its scopes let it; a host's page or a connected app acts for a person
and may what both may. The table is \`shared/src/access.ts\`, checked in one place (\`edge-api/src/http/auth.ts\`).

| permission | allows | ${roles.join(" | ")} | a key's scope |
|---|---|${roles.map(() => "---|").join("")}---|
${rows.join("\n")}

## Whose

| role | sequences, enrollments, tasks and mailboxes |
|---|---|
${reach.join("\n")}

A sequence is \`shared\` or \`private\`: a private one is seen by its owner and by managers. Enrollments, tasks and mails are
seen by whoever sees the sequence, and by whoever owns the enrollment or the task. What cannot be seen is not found
(404); what can be seen and belongs to somebody else is not changed (403 \`not_yours\`).

A mailbox nobody owns is everybody's to send from, and a manager's to change. A rep chooses their own or such a one; a
sequence may name any. What a member makes is theirs; only a manager gives it to somebody else.

Contacts, companies and deals are the workspace's: every member sees them, less what a timeline says of sequences they
do not see. A key reaches everything in its workspace. Never anything of another one: there its ids are not found.

## Every page

What people are served, without a script. \`person\`: whoever is signed in, in a workspace or not.

| page | for |
|---|---|
${pageRows.join("\n")}

## Every route

| route | permission | ${roles.join(" | ")} |
|---|---|${roles.map(() => "---|").join("")}
${routeRows.join("\n")}
`;
}

function errorsPage(): string {
  const usedBy = (code: string) =>
    (Object.keys(routes) as RouteName[]).filter((name) =>
      ((contracts[name] as Contract).problems ?? []).includes(code as never),
    );
  const rows = Object.entries(problems).map(([code, { status, title }]) => {
    const names = usedBy(code);
    const where = names.length ? names.map((name) => `\`${name}\``).join(" ") : "any route";
    return `| \`${code}\` | ${status} | ${title} | ${where} |`;
  });
  return `${made}
# Problems

Every refusal is \`application/problem+json\` (RFC 9457) with a stable \`code\`, a \`detail\` for a person, the \`requestId\` to quote,
and \`errors\` that point at the fields (RFC 6901). A program switches over \`code\`, never over \`title\` or \`detail\`.

| code | status | title | from |
|---|---|---|---|
${rows.join("\n")}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes("--check");
  for (const [name, text] of Object.entries(pages)) {
    const file = join(folder, name);
    if (!check) writeFileSync(file, text);
    else if (readFileSync(file, "utf8") !== text) {
      console.error(`docs/${name} is stale: run \`pnpm docs\`.`);
      process.exitCode = 1;
    }
  }
}
