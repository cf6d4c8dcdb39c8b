/** Refusals and answers that say what is really the matter. */
import { beforeEach, describe, expect, test } from "vitest";
import { api, minuteMs, unique } from "../world.ts";
import { type Desk, mail, oneEnrolled, openOnlyDesk, pointersOf, serviceToken } from "./desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openOnlyDesk();
});

describe("a key that opens nothing", () => {
  const told = async (token: string) => {
    const { status, body } = await api(desk.app, token).call("GET", "/v1/health");
    return [status, body.detail];
  };

  test("is told whether it is no key, not known, or revoked", async () => {
    const { token } = desk.workspace;
    const wrong = token.slice(0, -1) + (token.endsWith("a") ? "b" : "a");
    expect(await told(wrong)).toEqual([401, "This API key is not known here."]);
    expect(await told(serviceToken)).toEqual([401, expect.stringMatching(/^This is no API key\./)]);
  });
});

describe("a body that is wrong as a whole", () => {
  test("is told so without a pointer to nowhere", async () => {
    const id = await desk.published();
    const nobody = await desk.call("POST", `/v1/sequences/${id}/enrollments`, {});
    expect(nobody.body.detail).toMatch(/^Say who in exactly one way/);
    for (const body of [undefined, [1]]) {
      const { status, body: told } = await desk.call("POST", `/v1/sequences/${id}/enrollments`, body);
      expect([status, told.detail]).toEqual([422, "Send a JSON object as the body."]);
    }
  });
});

describe("mail that is handed in", () => {
  const handIn = (body: string, type: string) =>
    desk.call("POST", "/v1/inbound", body, { "content-type": type });

  test("has to be a mail: JSON is another type, bytes without a header are none", async () => {
    const json = await handIn("{}", "application/json");
    expect([json.status, json.body.code]).toEqual([415, "unsupported_media_type"]);
    for (const junk of ["\u0001\u0002garbage\u00ff", "just some words\r\n\r\nand more", ""]) {
      const { status, body } = await handIn(junk, "message/rfc822");
      expect([status, body.code]).toEqual([422, "mail_unreadable"]);
    }
    const mailed = await handIn("From: x@y.example\r\nSubject: Hi\r\n\r\nHello", "message/rfc822");
    expect(mailed.status).toBe(200);
  });
});

test("the question whether a mail arrived names the send to settle", async () => {
  const { id } = await oneEnrolled(desk, [mail()]);
  desk.system.wire.answer = () => ({ kind: "ambiguous", detail: "lost" });
  await desk.run();
  const task = await desk.taskOf(id);
  const [send] = await desk.sendsOf(id);
  expect([task.purpose, task.sendId]).toEqual(["uncertain_send", send!.id]);
  const settled = await desk.client("sends.settle", {
    params: { id: task.sendId! },
    body: { arrived: true },
  });
  expect(settled.state).toBe("sent");
});

test("a window that ends before it begins is refused with how to write a night", async () => {
  const reply = await desk.call("POST", "/v1/schedules", {
    name: unique("Night"),
    windows: [{ days: [1], from: "12:00", to: "09:00" }],
  });
  expect([reply.status, reply.body.code]).toEqual([422, "invalid_request"]);
  expect(pointersOf(reply)).toEqual(["/windows/0/to"]);
  expect(reply.body.errors[0].detail).toContain("12:00 to 24:00, and 00:00 to 09:00 on the days after");
});

test("skipped, the first mail takes nothing with it: the follow-up goes out under its subject", async () => {
  const followUp = mail({ subject: null, body: "Did you see it?", name: "Follow-up" });
  const { id } = await oneEnrolled(desk, [mail({ subject: "About {{ contact.first_name }}" }), followUp]);
  await desk.client("enrollments.skip", { params: { id } });
  await desk.pass(minuteMs);
  const [only, none] = desk.system.delivered;
  expect(new TextDecoder().decode(only!.mime)).toMatch(/^Subject: About Dana\r$/m);
  expect(none).toBeUndefined();
  expect(await desk.get(id)).toMatchObject({ status: "completed", reason: "all_steps_done" });
});

describe("the unsubscribe link", () => {
  const linkOf = async () => {
    await oneEnrolled(desk, [mail()]);
    await desk.run();
    const text = new TextDecoder().decode(desk.system.delivered[0]!.mime).replaceAll("=\r\n", "");
    return /https:\/\/cadenza\.test(\/u\/[\w.-]+)/.exec(text)![1]!;
  };

  test("does not ask again whom it took off, and says which methods it takes", async () => {
    const path = await linkOf();
    const visitor = api(desk.app);
    expect((await visitor.call("GET", path)).text).toContain("<button>Unsubscribe</button>");
    expect((await visitor.call("POST", path)).status).toBe(200);
    const again = await visitor.call("GET", path);
    expect(again.text).toContain("You are unsubscribed");
    expect(again.text).not.toContain("<button");
    const gone = await visitor.call("DELETE", path);
    expect([gone.status, gone.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  });
});
