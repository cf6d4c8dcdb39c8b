/** The link under every mail: reading it changes nothing, the button and a mail program's one click take a person off. */
import { beforeEach, describe, expect, test } from "vitest";
import { unsubscribeToken } from "../../src/domain/unsubscribe.ts";
import { api, createContact, createWorkspace, dayMs, minuteMs, unique } from "../world.ts";
import {
  call,
  type Desk,
  followUp,
  headerOf,
  mail,
  oneEnrolled,
  openDesk,
  openOnlyDesk,
  snapshot,
  textOf,
} from "./desk.ts";

let desk: Desk;
/** Somebody with a link: no key, no cookie; each from elsewhere, for addresses are limited. */
const anyone = () => {
  const { call } = api(desk.app);
  return {
    call: (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      call(method, path, body, { "cf-connecting-ip": unique("address"), ...headers }),
  };
};
beforeEach(async () => {
  desk = await openOnlyDesk();
});

async function mailed() {
  const enrolled = await oneEnrolled(desk, [mail(), followUp()]);
  await desk.run();
  const sent = desk.system.delivered.at(-1)!;
  const link = /<(https:\/\/[^>]+)>/.exec(headerOf(sent, "list-unsubscribe")!)![1]!;
  return { enrolled, sent, path: new URL(link).pathname, link };
}
const suppressed = async () =>
  (await desk.client("suppressions.list")).items.map(({ value, reason }) => [value, reason]);

describe("reading the link", () => {
  test("every mail carries it, in its headers for one click and in both its texts", async () => {
    const { sent, link } = await mailed();
    expect(link).toMatch(/^https:\/\/cadenza\.test\/u\/[0-9a-z.]+$/);
    expect(headerOf(sent, "list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
    expect(textOf(sent).replaceAll("=\r\n", "").split(link).length).toBeGreaterThanOrEqual(3);
  });

  test("changes nothing, however often scanners follow it, by GET or HEAD, with whatever they send along", async () => {
    const { enrolled, path } = await mailed();
    const before = await snapshot();
    for (let n = 0; n < 5; n++) {
      expect((await anyone().call("GET", path)).status).toBe(200);
      const head = await anyone().call("HEAD", `${path}?utm_source=scanner&confirm=1`, undefined, {
        "user-agent": "LinkScanner/1.0",
        purpose: "prefetch",
      });
      expect([head.status, head.text]).toEqual([200, ""]);
    }
    for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS"]) {
      expect((await anyone().call(method, path)).status).toBeGreaterThanOrEqual(400);
    }
    expect(await snapshot()).toEqual(before);
    expect((await desk.get(enrolled.id)).status).toBe("active");
  });

  test("is a page with one button, without a script, under a strict policy, kept by nobody", async () => {
    const { path } = await mailed();
    const { text, headers } = await anyone().call("GET", path);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    const policy = headers.get("content-security-policy")!;
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("set-cookie")).toBeNull();
    expect(text).toContain('<form method="post"><button>Unsubscribe</button></form>');
    expect(text).not.toContain("<script");
    // The policy's hash is that of the style the page has: otherwise it would be shown bare.
    const style = /<style>(.*?)<\/style>/s.exec(text)![1]!;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
    expect(policy).toContain(btoa(String.fromCharCode(...new Uint8Array(digest))));
  });

  test("says whose mails they were, escaped, and nothing about the person", async () => {
    const workspace = await createWorkspace(desk.system, { name: `<img src=x onerror=alert(1)> & "Söhne"` });
    const contactId = await createContact(desk.system, workspace.id, {
      email: "secret@buyer.example",
      firstName: "Sekretaria",
    });
    const { text } = await anyone().call(
      "GET",
      `/u/${unsubscribeToken({ shard: 0, contactId }, desk.system.secret)}`,
    );
    expect(text).toContain("&lt;img src=x onerror=alert(1)&gt; &amp; &quot;Söhne&quot;");
    expect(text).not.toContain("<img");
    expect(text).not.toMatch(/secret@buyer|Sekretaria/);
  });
});

describe("the click", () => {
  test.each<[string, string | undefined, Record<string, string>]>([
    [
      "a mail program's one click (RFC 8058)",
      "List-Unsubscribe=One-Click",
      { "content-type": "application/x-www-form-urlencoded" },
    ],
    ["the button", "", { "content-type": "application/x-www-form-urlencoded" }],
    ["a POST with no body at all", undefined, {}],
    [
      "a multipart one click",
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--',
      { "content-type": "multipart/form-data; boundary=b" },
    ],
  ])(
    "%s takes the person off at once, everywhere, without a cookie or a redirect",
    async (_, body, headers) => {
      const { enrolled, sent, path } = await mailed();
      const called = await desk.enroll(await desk.published([call()]), enrolled.contactId);
      await desk.pass(minuteMs);
      const task = await desk.taskOf(called.id);
      const reply = await anyone().call("POST", path, body, headers);
      expect([reply.status, reply.headers.get("location"), reply.headers.get("set-cookie")]).toEqual([
        200,
        null,
        null,
      ]);
      expect(reply.text).toContain("You are unsubscribed");
      expect(await suppressed()).toEqual([[sent.to, "opted_out"]]);
      for (const { id } of [enrolled, called]) {
        expect(await desk.get(id)).toMatchObject({ status: "canceled", reason: "opted_out", wakeAt: null });
      }
      expect((await desk.client("tasks.get", { params: { id: task.id } })).status).toBe("skipped");
      const { items } = await desk.client("contacts.timeline", { params: { id: enrolled.contactId } });
      const added = items.find(({ type }) => type === "suppression.added")!;
      expect(added).toMatchObject({ actor: "person", data: { reason: "opted_out", address: sent.to } });
      const canceled = items.filter(({ type }) => type === "enrollment.canceled");
      expect(canceled.map(({ actor }) => actor)).toEqual(["person", "person"]);
      await desk.pass(20 * dayMs);
      expect(desk.system.delivered).toHaveLength(1);
    },
  );

  test("takes back the mail that is queued already", async () => {
    const { enrolled, path } = await mailed();
    await desk.system.db
      .prepare("UPDATE mailboxes SET daily_cap = 0 WHERE id = ?1")
      .bind(desk.mailboxKey)
      .run();
    await desk.pass(2 * dayMs);
    expect((await desk.sendsOf(enrolled.id)).at(-1)!.state).toBe("queued");
    await anyone().call("POST", path);
    expect((await desk.sendsOf(enrolled.id)).at(-1)!.state).toBe("canceled");
    await desk.system.db
      .prepare("UPDATE mailboxes SET daily_cap = 9 WHERE id = ?1")
      .bind(desk.mailboxKey)
      .run();
    await desk.pass(2 * dayMs);
    expect(desk.system.delivered).toHaveLength(1);
  });

  test("works twice, and ten times at once, and happens once", async () => {
    const { enrolled, path } = await mailed();
    const replies = await Promise.all(Array.from({ length: 10 }, () => anyone().call("POST", path)));
    expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const before = await snapshot();
    expect((await anyone().call("POST", path)).status).toBe(200);
    expect(await snapshot()).toEqual(before);
    expect(await suppressed()).toHaveLength(1);
    const { items } = await desk.client("contacts.timeline", { params: { id: enrolled.contactId } });
    const types = items.map(({ type }) => type);
    expect(types.filter((type) => type === "suppression.added")).toHaveLength(1);
    expect(types.filter((type) => type === "enrollment.canceled")).toHaveLength(1);
  });

  test("nobody enrolls them again, and it holds in this workspace only", async () => {
    const { enrolled, sent, path } = await mailed();
    await anyone().call("POST", path);
    const again = await desk.call("POST", `/v1/sequences/${await desk.published()}/enrollments`, {
      contactId: enrolled.contactId,
    });
    expect(again.body.code).toBe("suppressed");
    const other = await openDesk(desk);
    expect((await other.enroll(await other.published(), { person: { email: sent.to } })).status).toBe(
      "active",
    );
  });
});

test.each<[string, (path: string) => string]>([
  [
    "another person's number",
    (path) =>
      path.replace(/\.([0-9a-z]+)\./, (_, id: string) => `.${(Number.parseInt(id, 36) + 1).toString(36)}.`),
  ],
  ["another shard's number", (path) => path.replace("/u/0.", "/u/1.")],
  ["a changed signature", (path) => path.replace(/.$/, (end) => (end === "a" ? "b" : "a"))],
  ["half a signature", (path) => path.slice(0, -4)],
  ["something after it", (path) => `${path}x`],
  ["a line break after it", (path) => `${path}%0a`],
  ["something else altogether", () => "/u/'; DROP TABLE contacts; --"],
])("a link with %s is not valid: nothing is shown of anybody, and nothing changes", async (_, forge) => {
  const { path } = await mailed();
  const forged = forge(path);
  expect(forged).not.toBe(path);
  const before = await snapshot();
  for (const method of ["GET", "POST"]) {
    const { status, text } = await anyone().call(method, forged);
    expect(status).toBe(404);
    expect(text).toContain("This link is not valid");
    expect(text).not.toContain("Workspace-");
  }
  expect(await snapshot()).toEqual(before);
});

test("links are tried only so often from one network address, and a valid one works from any other", async () => {
  const { path } = await mailed();
  const from = (address: string, method: string, tried: string) =>
    anyone().call(method, tried, undefined, { "cf-connecting-ip": address });
  const statuses = new Set<number>();
  for (let n = 0; n < 602; n++) statuses.add((await from("203.0.113.201", "GET", `/u/${n}`)).status);
  expect([...statuses]).toEqual([404, 429]);
  const late = await from("203.0.113.201", "POST", path);
  expect([late.status, late.headers.get("retry-after")]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  expect((await from("203.0.113.202", "POST", path)).status).toBe(200);
});
