/**
 * Who may do what: the one table. Every contract names a permission from it, `http/auth.ts` is the one place that
 * checks it, docs/access.md is written from it, and a test walks every role over every route.
 */
import { type Role, roles } from "./vocabulary.ts";

/** What a key or another program was let in for. A person in a session has them all, as far as their role goes. */
export const scopes = ["read", "write", "admin", "inbound"] as const;
export type Scope = (typeof scopes)[number];

export const permissions = {
  read: {
    leastRole: "viewer",
    scope: "read",
    allows: "See people, companies, deals, sequences, enrollments, tasks and numbers.",
  },
  work: {
    leastRole: "rep",
    scope: "write",
    allows: "Enroll, pause, answer tasks, hold; keep people and deals up to date.",
  },
  connect: {
    leastRole: "rep",
    scope: "admin",
    allows: "Connect a mailbox and change it: a rep their own, a manager everybody's.",
  },
  build: {
    leastRole: "manager",
    scope: "write",
    allows:
      "Build, publish, pause and archive sequences; schedules; suppressions; everybody's enrollments and tasks.",
  },
  administer: {
    leastRole: "admin",
    scope: "admin",
    allows: "Members and their roles, keys, host apps, the audit log, workspace settings, erasing a person.",
  },
  /** A person about themselves: a key has no self. */
  self: {
    leastRole: "viewer",
    scope: null,
    allows: "One's own settings, notices, sessions and connected apps.",
  },
  /** Machines only: what takes mail in. */
  inbound: { leastRole: null, scope: "inbound", allows: "Hand in mail that has arrived." },
} as const satisfies Record<string, { leastRole: Role | null; scope: Scope | null; allows: string }>;
export type Permission = keyof typeof permissions;

/**
 * Whose sequences, enrollments, tasks and mailboxes a role reaches. `all`: everybody's. `own`: sees its own and what is
 * shared, changes its own and what nobody owns. `shared`: sees what is shared.
 */
export const reachOf = {
  admin: "all",
  manager: "all",
  rep: "own",
  viewer: "shared",
} as const satisfies Record<Role, string>;
export type Reach = (typeof reachOf)[Role];

/** Roles in order, the strongest first. */
const rank = (role: Role): number => roles.indexOf(role);

export const isAtLeast = (role: Role, least: Role): boolean => rank(role) <= rank(least);

/** The weaker of two: a program acts for a person, and never for more than it was let in for. */
export const weaker = (one: Role, other: Role): Role => (rank(one) >= rank(other) ? one : other);

export const roleMay = (role: Role, permission: Permission): boolean => {
  const { leastRole } = permissions[permission];
  return leastRole !== null && isAtLeast(role, leastRole);
};
