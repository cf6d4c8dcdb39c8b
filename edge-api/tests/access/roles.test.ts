/** Every role over every route, and what a session needs beyond its cookie. */
import { type Permission, permissions, roleMay } from "@cadenza/shared/access";
import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { type RouteName, routes } from "@cadenza/shared/routes";
import { type Role, roles } from "@cadenza/shared/vocabulary";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { removeMembership, setRole } from "../../src/db/directory.ts";
import { createWorkspace, type TestWorkspace, testSystem } from "../world.ts";
import { organizationOf, type SignedIn, signIn } from "./people.ts";

const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
const names = (Object.keys(routes) as RouteName[]).filter(
  (name) => !["service", "public"].includes((contracts[name] as Contract).access),
);
let workspace: TestWorkspace;
const people = {} as Record<Role, SignedIn>;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  for (const role of roles) people[role] = await signIn({ app, auth, system }, workspace, role);
});

describe.each(roles)("a %s", (role) => {
  test.each(names)("and %s", async (name) => {
    const permission = (contracts[name] as Contract).access as Permission;
    const [method, path] = routes[name];
    const { status, body } = await people[role].call(method, path.replace(/:\w+/, "x"));
    if (roleMay(role, permission)) {
      expect([401, 403]).not.toContain(status);
    } else {
      expect([status, body.code]).toEqual([403, "role_missing"]);
    }
  });
});

test("the table says what the roles are for", () => {
  const allowed = Object.fromEntries(
    roles.map((role) => [role, (Object.keys(permissions) as Permission[]).filter((p) => roleMay(role, p))]),
  );
  expect(allowed).toEqual({
    admin: ["read", "work", "connect", "build", "administer", "self"],
    manager: ["read", "work", "connect", "build", "self"],
    rep: ["read", "work", "connect", "self"],
    viewer: ["read", "self"],
  });
});

describe("a session", () => {
  test("of a workspace sees that one", async () => {
    const { body } = await people.viewer.call("GET", "/v1/workspace");
    expect(body.id).toBe(organizationOf(workspace));
  });

  test("changes nothing for a page elsewhere, whatever it claims", async () => {
    for (const headers of [
      { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
      { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
      { origin: "https://cadenza.test.evil.example", "sec-fetch-site": "same-site" },
      { origin: "null", "sec-fetch-site": "cross-site" },
      { origin: "http://cadenza.test", "sec-fetch-site": "same-origin" },
    ]) {
      const reply = await people.admin.call("PATCH", "/v1/workspace", { name: "Mine now" }, headers);
      expect([reply.status, reply.body.code]).toEqual([403, "foreign_page"]);
    }
    const { body } = await people.admin.call("GET", "/v1/workspace");
    expect(body.name).not.toBe("Mine now");
  });

  test("follows the role as it is now, not as it was at sign-in", async () => {
    const person = await signIn({ app, auth, system }, workspace, "rep");
    expect((await person.call("GET", "/v1/api-keys")).status).toBe(403);
    await setRole(system.db, organizationOf(workspace), person.userId, "admin");
    expect((await person.call("GET", "/v1/api-keys")).status).toBe(200);
    expect((await person.call("GET", `/v1/members`)).body.items).toContainEqual(
      expect.objectContaining({ email: person.email, role: "admin" }),
    );
    await removeMembership(system.db, organizationOf(workspace), person.userId);
    const after = await person.call("GET", "/v1/workspace");
    expect([after.status, after.body.code]).toEqual([403, "not_a_member"]);
  });

  test("that was made up, cut or tampered with is nobody's", async () => {
    const [name, value = ""] = people.admin.cookie.split("=");
    for (const cookie of [
      `${name}=x`,
      `${name}=${value.slice(0, -4)}AAAA`,
      `${name}=${value.slice(3)}`,
      "a=b",
    ]) {
      const response = await app.fetch(
        new Request("https://cadenza.test/v1/workspace", { headers: { cookie } }),
      );
      expect(response.status).toBe(401);
    }
  });
});

describe("the last admin", () => {
  test("can neither step down nor leave, also when two try at once", async () => {
    const own = await createWorkspace(system);
    const first = await signIn({ app, auth, system }, own, "admin");
    const second = await signIn({ app, auth, system }, own, "admin");
    const organizationId = organizationOf(own);
    const left = await Promise.all(
      [first, second].map(({ userId }) => removeMembership(system.db, organizationId, userId)),
    );
    expect(left.sort()).toEqual([false, true]);
    for (const { userId } of [first, second]) {
      expect(await setRole(system.db, organizationId, userId, "rep")).toBe(false);
    }
  });
});
