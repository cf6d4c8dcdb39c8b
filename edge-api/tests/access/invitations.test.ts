/** Invitations: mailed by an admin, accepted once, by whoever they are for. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { acceptInvitation, declineInvitation } from "../../src/auth/invitations.ts";
import { isExpected } from "../../src/db/directory.ts";
import { personOf } from "../../src/http/session.ts";
import { api, type Caller, createWorkspace, type TestWorkspace, testSystem, unique } from "../world.ts";
import { organizationOf, type SignedIn, signIn, signInByLink } from "./people.ts";

const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
const reached = { auth, systems: [system] };
let workspace: TestWorkspace;
let admin: SignedIn;
let key: Caller;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  admin = await signIn({ app, auth, system }, workspace, "admin");
  key = api(app, workspace.token);
});

const invite = async (email: string, role = "rep", by = admin): Promise<string> => {
  const { status, body } = await by.call("POST", "/v1/invitations", { email, role });
  expect([status, body.email, body.role]).toEqual([201, email, role]);
  return body.id;
};
const newcomer = () => `${unique("noor")}@seller.example`;

/** Whoever reads this address's mail, signed in. */
async function personAt(email: string) {
  const cookie = await signInByLink(auth, system, email);
  const person = await personOf(new Request("https://cadenza.test/", { headers: { cookie } }), { auth });
  return { ...person!, cookie };
}

const openTo = async (email: string): Promise<string[]> =>
  (await key.call("GET", "/v1/invitations?limit=200")).body.items
    .filter((item: { email: string }) => item.email === email)
    .map(({ id }: { id: string }) => id);

const membersAt = async (email: string) => {
  const own = await env.DB.prepare("SELECT count(*) AS n FROM members WHERE email = ?1")
    .bind(email)
    .first<{ n: number }>();
  const known = await env.DB.prepare(
    `SELECT count(*) AS n FROM auth_member m JOIN auth_user u ON u.id = m.user_id WHERE u.email = ?1`,
  )
    .bind(email)
    .first<{ n: number }>();
  return [own!.n, known!.n];
};

describe("an invitation", () => {
  test("is mailed, listed, and makes its person a member of that role", async () => {
    const email = newcomer();
    const id = await invite(email, "manager");
    const mail = system.mailed.findLast(({ to }) => to === email)!;
    expect(mail.text).toContain(`https://cadenza.test/invitations/${id}\n`);
    expect(mail.subject).toBe("Robin Reis invites you to Northwind");
    expect(await openTo(email)).toEqual([id]);

    const person = await personAt(email);
    const { organizationId, member } = await acceptInvitation(reached, person, id);
    expect(organizationId).toBe(organizationOf(workspace));
    expect(member).toMatchObject({ email, role: "manager", userId: person.user.id, removedAt: null });
    const me = await app.fetch(
      new Request("https://cadenza.test/v1/me", { headers: { cookie: person.cookie } }),
    );
    expect(await me.json()).toMatchObject({
      role: "manager",
      workspace: { id: organizationOf(workspace) },
      member: { email, name: email },
    });
    expect(await openTo(email)).toEqual([]);
  });

  test("works once", async () => {
    const email = newcomer();
    const id = await invite(email);
    const person = await personAt(email);
    await acceptInvitation(reached, person, id);
    await expect(acceptInvitation(reached, person, id)).rejects.toMatchObject({
      code: "invitation_not_found",
    });
    await expect(declineInvitation(reached, person, id)).rejects.toMatchObject({
      code: "invitation_not_found",
    });
    expect(await membersAt(email)).toEqual([1, 1]);
  });

  test("accepted twice at once makes one member", async () => {
    const email = newcomer();
    const id = await invite(email);
    const person = await personAt(email);
    const results = await Promise.allSettled([1, 2, 3].map(() => acceptInvitation(reached, person, id)));
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
    for (const result of results) {
      if (result.status === "rejected") {
        expect(result.reason).toMatchObject({
          code: expect.stringMatching(/^(invitation_not_found|member_exists)$/),
        });
      }
    }
    expect(await membersAt(email)).toEqual([1, 1]);
    expect(await openTo(email)).toEqual([]);
  });

  test("is one of two to the same address that a slip left open: both accepted make one member", async () => {
    const email = newcomer();
    const first = await invite(email);
    const second = await invite(email, "admin");
    await env.DB.prepare("UPDATE auth_invitation SET status = 'pending' WHERE id = ?1").bind(first).run();
    const person = await personAt(email);
    const results = await Promise.allSettled(
      [first, second].map((id) => acceptInvitation(reached, person, id)),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await env.DB.prepare("UPDATE auth_invitation SET status = 'pending' WHERE email = ?1").bind(email).run();
    for (const id of [first, second]) {
      const code = expect.stringMatching(id === first ? "member_exists" : "invitation_not_found");
      await expect(acceptInvitation(reached, person, id)).rejects.toMatchObject({ code });
    }
    expect(await membersAt(email)).toEqual([1, 1]);
    expect(await openTo(email)).toEqual([]);
  });

  test("is for nobody else, and stays open to whom it is for", async () => {
    const email = newcomer();
    const id = await invite(email, "admin");
    const other = await personAt((await signIn({ app, auth, system }, workspace, "rep")).email);
    for (const answer of [acceptInvitation, declineInvitation]) {
      await expect(answer(reached, other, id)).rejects.toMatchObject({ code: "invitation_for_another" });
    }
    expect(await openTo(email)).toEqual([id]);
    await expect(
      acceptInvitation(reached, { ...other, headers: new Headers({ cookie: "a=b" }) }, id),
    ).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("ends after seven days, and so does its power to let somebody sign in", async () => {
    const email = newcomer();
    const id = await invite(email);
    const { expiresAt } = (await key.call("GET", "/v1/invitations")).body.items.find(
      (item: { id: string }) => item.id === id,
    );
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 7 * 86_400_000)).toBeLessThan(60_000);
    const person = await personAt(email);
    const late = newcomer();
    const lateId = await invite(late);
    expect(await isExpected(system.db, late, system.wallNow())).toBe(true);
    await env.DB.prepare("UPDATE auth_invitation SET expires_at = ?1 WHERE id IN (?2, ?3)")
      .bind(system.wallNow() - 1, id, lateId)
      .run();
    expect(await isExpected(system.db, late, system.wallNow())).toBe(false);
    expect(await openTo(email)).toEqual([]);
    await expect(acceptInvitation(reached, person, id)).rejects.toMatchObject({
      code: "invitation_not_found",
    });
    expect(await membersAt(email)).toEqual([0, 0]);
  });

  test("is declined by its person, and is over then", async () => {
    const email = newcomer();
    const id = await invite(email);
    const person = await personAt(email);
    await declineInvitation(reached, person, id);
    expect(await openTo(email)).toEqual([]);
    await expect(acceptInvitation(reached, person, id)).rejects.toMatchObject({
      code: "invitation_not_found",
    });
  });

  test("is withdrawn by an admin or a key, once, and opens nothing then", async () => {
    const email = newcomer();
    const id = await invite(email);
    const person = await personAt(email);
    expect((await key.call("DELETE", `/v1/invitations/${id}`)).status).toBe(204);
    const again = await admin.call("DELETE", `/v1/invitations/${id}`);
    expect([again.status, again.body.code]).toEqual([404, "invitation_not_found"]);
    await expect(acceptInvitation(reached, person, id)).rejects.toMatchObject({
      code: "invitation_not_found",
    });
  });

  test("of another workspace is not found, and stays open", async () => {
    const email = newcomer();
    const id = await invite(email);
    const elsewhere = await createWorkspace(system);
    const stranger = await signIn({ app, auth, system }, elsewhere, "admin");
    for (const caller of [stranger, api(app, elsewhere.token)]) {
      for (const wrong of [id, id.toUpperCase(), "x", "..%2f..", "%00", "' OR 1=1 --", "x".repeat(150)]) {
        const reply = await caller.call("DELETE", `/v1/invitations/${encodeURI(wrong)}`);
        expect([wrong, reply.status, reply.body.code]).toEqual([wrong, 404, "invitation_not_found"]);
      }
      expect((await caller.call("GET", "/v1/invitations")).body.items).toEqual([]);
    }
    expect(await openTo(email)).toEqual([id]);
  });
});

describe("inviting", () => {
  test("needs a person who says so: a key is refused, and told what it can do", async () => {
    const reply = await key.call("POST", "/v1/invitations", { email: newcomer() });
    expect([reply.status, reply.body.code]).toEqual([403, "member_needed"]);
  });

  test("again withdraws what was open: one link to an address holds, also when two admins invite at once", async () => {
    const email = newcomer();
    const first = await invite(email);
    const second = await invite(email, "viewer");
    expect(second).not.toBe(first);
    expect(await openTo(email)).toEqual([second]);
    const other = await signIn({ app, auth, system }, workspace, "admin");
    await Promise.all([admin, other].map((by) => by.call("POST", "/v1/invitations", { email })));
    expect(await openTo(email)).toHaveLength(1);
  });

  test("a member, or an address that is none, is refused at its field", async () => {
    const member = await admin.call("POST", "/v1/invitations", { email: admin.email.toUpperCase() });
    expect([member.status, member.body.code]).toEqual([409, "member_exists"]);
    expect(member.body.errors[0].pointer).toBe("/email");
    for (const email of ["noor", "noor@x", "noor@seller.example\r\nBcc: a@b.example", "dänа@[127.0.0.1]"]) {
      const reply = await admin.call("POST", "/v1/invitations", { email });
      expect([email, reply.status, reply.body.errors[0].pointer]).toEqual([email, 422, "/email"]);
    }
    const role = await admin.call("POST", "/v1/invitations", { email: newcomer(), role: "owner" });
    expect([role.status, role.body.errors[0].pointer]).toEqual([422, "/role"]);
  });

  test("says when no mail can go out, and keeps nothing of an invitation that was not taken", async () => {
    const mute = { ...system, sendSystemMail: null };
    const muteAuth = buildAuth(mute);
    const asked = async (systemIn: typeof system | typeof mute, authIn: typeof auth) => {
      const own = createApp([systemIn], { serviceToken: "test-service-token", auth: authIn });
      const email = newcomer();
      const response = await own.fetch(
        new Request("https://cadenza.test/v1/invitations", {
          method: "POST",
          headers: {
            cookie: admin.cookie,
            origin: "https://cadenza.test",
            "content-type": "application/json",
          },
          body: JSON.stringify({ email }),
        }),
      );
      const { code } = (await response.json()) as { code: string };
      return [response.status, code, await openTo(email)];
    };
    expect(await asked(mute, muteAuth)).toEqual([503, "mail_not_set_up", []]);
    const refusing = {
      ...system,
      sendSystemMail: async () => {
        throw new Error("550 no");
      },
    };
    expect(await asked(refusing, buildAuth(refusing))).toEqual([502, "mail_not_sent", []]);
  });

  test("stops at a hundred open ones; they are listed page by page, newest first", async () => {
    const own = await createWorkspace(system);
    const by = await signIn({ app, auth, system }, own, "admin");
    const ids: string[] = [];
    for (let at = 0; at < 3; at++) ids.unshift(await invite(newcomer(), "rep", by));
    const pages: string[] = [];
    let cursor = "";
    do {
      const { body } = await by.call("GET", `/v1/invitations?limit=1${cursor && `&cursor=${cursor}`}`);
      pages.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    } while (cursor);
    expect(pages).toEqual(ids);
    const at = Date.now();
    const [{ inviter_id: inviter }] = (
      await env.DB.prepare("SELECT inviter_id FROM auth_invitation WHERE id = ?1").bind(ids[0]).all()
    ).results as [{ inviter_id: string }];
    await env.DB.batch(
      Array.from({ length: 97 }, (_, n) =>
        env.DB.prepare(
          `INSERT INTO auth_invitation (id, organization_id, email, role, status, expires_at, created_at, inviter_id)
           VALUES (?1, ?2, ?3, 'rep', 'pending', ?4, ?5, ?6)`,
        ).bind(unique("inv"), organizationOf(own), `${n}@many.example`, at + 60_000, at, inviter),
      ),
    );
    const full = await by.call("POST", "/v1/invitations", { email: newcomer() });
    expect([full.status, full.body.code]).toEqual([409, "too_many_invitations"]);
  });
});

describe("an open invitation is void", () => {
  test("once its person was added by hand", async () => {
    const email = newcomer();
    const id = await invite(email, "admin");
    await key.client("members.create", { body: { email, name: "Noor", role: "viewer" } });
    expect(await openTo(email)).toEqual([]);
    await expect(acceptInvitation(reached, await personAt(email), id)).rejects.toMatchObject({
      code: "invitation_not_found",
    });
  });

  test("once its person was removed: it is no way back in", async () => {
    const email = newcomer();
    const made = await key.client("members.create", { body: { email, name: "Noor" } });
    const id = unique("inv");
    const [inviter] = (
      await env.DB.prepare("SELECT id FROM auth_user WHERE email = ?1")
        .bind(admin.email)
        .all<{ id: string }>()
    ).results;
    await env.DB.prepare(
      `INSERT INTO auth_invitation (id, organization_id, email, role, status, expires_at, created_at, inviter_id)
       VALUES (?1, ?2, ?3, 'rep', 'pending', ?4, ?4, ?5)`,
    )
      .bind(id, organizationOf(workspace), email, Date.now() + 60_000, inviter!.id)
      .run();
    const person = await personAt(email);
    await key.client("members.remove", { params: { id: made.id } });
    await expect(acceptInvitation(reached, person, id)).rejects.toMatchObject({
      code: "invitation_not_found",
    });
    expect(await membersAt(email)).toEqual([1, 0]);
  });
});
