import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bounceKind, classifyReply } from "../domain/inbound.ts";
import { parseInbound } from "./inbound.ts";

const crlf = (lines: string[]) => lines.join("\r\n");

describe("a mail", () => {
  test("is read into what ingest needs", async () => {
    const mail = await parseInbound(
      crlf([
        "Return-Path: <ada@lovelace.test>",
        "From: =?utf-8?q?Ad=C3=A1?= <Ada@Lovelace.Test>",
        "To: Bob <bob@acme.test>, list: carl@acme.test;",
        "Cc: dora@acme.test",
        "Subject: =?utf-8?q?Re=3A?=",
        " Hello",
        "Message-ID: <1@lovelace.test>",
        "In-Reply-To: <cdz.0.1.1.1.x@acme.test>",
        "References: <a@acme.test>",
        " <cdz.0.1.1.1.x@acme.test>",
        "Date: Mon, 5 Jan 2026 10:00:00 +0100",
        "Auto-Submitted: no",
        "X-Spam: anything",
        "Content-Type: text/plain; charset=iso-8859-1",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Gr=FC=DFe",
        "",
      ]),
    );
    expect(mail).toEqual({
      messageId: "<1@lovelace.test>",
      inReplyTo: ["<cdz.0.1.1.1.x@acme.test>"],
      references: ["<a@acme.test>", "<cdz.0.1.1.1.x@acme.test>"],
      from: "ada@lovelace.test",
      to: ["bob@acme.test", "carl@acme.test", "dora@acme.test"],
      subject: "Re: Hello",
      text: "Grüße\n",
      date: Date.UTC(2026, 0, 5, 9),
      headers: {
        "return-path": "<ada@lovelace.test>",
        "auto-submitted": "no",
        "content-type": "text/plain; charset=iso-8859-1",
      },
      report: null,
      feedback: false,
      calendarMethod: null,
    });
  });

  test("in HTML only is read as words", async () => {
    const mail = await parseInbound(
      "Content-Type: text/html\n\n<style>p{}</style><p>Yes &amp; no</p><div>really<br>&lt;b&gt;</div><script>x()</script>",
    );
    expect(mail?.text.trim()).toBe("Yes & no\nreally\n<b>");
  });

  test("that is a delivery report names the recipient, the outcome and our mail", async () => {
    const mail = await parseInbound(
      crlf([
        "Return-Path: <>",
        "From: Mail Delivery System <MAILER-DAEMON@mx.test>",
        "Subject: Undelivered Mail Returned to Sender",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "",
        "It failed.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.test",
        "",
        "Original-Recipient: rfc822;ada@lovelace.test",
        "Final-Recipient: rfc822; ada.l@internal.test",
        "Action: Failed (bad address)",
        "Status: 5.1.1 (no such user)",
        "Diagnostic-Code: smtp; 550 5.1.1",
        " User unknown",
        "--b",
        "Content-Type: message/rfc822",
        "",
        "Message-ID: <cdz.0.1.1.1.x@acme.test>",
        "Subject: Hello",
        "",
        "unsubscribe",
        "--b--",
        "",
      ]),
    );
    expect(mail?.report).toEqual({
      finalRecipient: "ada@lovelace.test",
      action: "failed",
      status: "5.1.1",
      originalMessageId: "<cdz.0.1.1.1.x@acme.test>",
      diagnostic: "smtp; 550 5.1.1 User unknown",
    });
    expect(mail?.text).not.toContain("unsubscribe");
    expect(mail && classifyReply(mail)).toBe("bounce");
    expect(mail && bounceKind(mail)).toBe("hard");
  });

  test("that bounces in prose brings the thread it quotes; a person's quote brings none", async () => {
    const quoted = "\n\n550 no such user\n\n  Message-ID: <cdz.0.1.1.1.x@acme.test>\n";
    const bounce = await parseInbound(
      `Return-Path: <>\nFrom: MAILER-DAEMON\nSubject: failure notice${quoted}`,
    );
    expect(bounce?.references).toEqual(["<cdz.0.1.1.1.x@acme.test>"]);
    expect(bounce?.from).toBe("mailer-daemon");
    const forwarded = await parseInbound(`From: ada@lovelace.test\nSubject: look${quoted}`);
    expect(forwarded?.references).toEqual([]);
  });

  test.each([
    ["abuse", true],
    ["not-spam", false],
  ])("that is a %s report", async (type, feedback) => {
    const mail = await parseInbound(
      `From: fbl@isp.test\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: ${type}\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <1@acme.test>\n\nHi\n--b--\n`,
    );
    expect(mail?.feedback).toBe(feedback);
    expect(mail?.report?.originalMessageId).toBe("<1@acme.test>");
  });

  test("that accepts an invitation says so", async () => {
    const mail = await parseInbound(
      "From: ada@lovelace.test\nContent-Type: text/calendar; method=reply\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n",
    );
    expect(mail && classifyReply(mail)).toBe("calendar");
  });
});

describe("anything else", () => {
  test.each(["", "\r\n\r\n", new Uint8Array(), new ArrayBuffer(0)])("%j is nothing", async (raw) => {
    expect(await parseInbound(raw)).toBeNull();
  });

  test("garbage is read as far as it can be, and never throws", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.uint8Array({ maxLength: 2_000 }), fc.string({ unit: "binary" })),
        async (raw) => {
          const mail = await parseInbound(raw);
          if (mail) classifyReply(mail);
        },
      ),
    );
  });

  test("a mail nested beyond reason still has its headers", async () => {
    const nested = Array.from(
      { length: 200 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
    ).join("");
    const mail = await parseInbound(`From: ada@lovelace.test\nSubject: deep\n${nested}`);
    expect(mail).toMatchObject({ from: "ada@lovelace.test", subject: "deep" });
  });

  test("what is kept is bounded", async () => {
    const ids = Array.from({ length: 5_000 }, (_, i) => `<${i}@x.test>`).join(" ");
    const mail = await parseInbound(
      `From: a@b.test\nReferences: ${ids}\nSubject: ${"s".repeat(9_000)}\n\n${"t".repeat(900_000)}`,
    );
    expect(mail?.references).toHaveLength(99);
    expect(mail?.references[0]).toBe("<0@x.test>");
    expect(mail?.subject).toHaveLength(1_000);
    expect(mail?.text).toHaveLength(200_000);
  });

  test.each(["<", "<a ", "<style>", "&amp", "<script", "<br>", "</p"])(
    "HTML of %j is read in no time",
    async (piece) => {
      const started = performance.now();
      await parseInbound(`Content-Type: text/html\n\n${piece.repeat(1_000_000 / piece.length)}`);
      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );
});

// Real mail, collected by others, outside the repository: where `CADENZA_CORPUS` says.
const corpus = process.env.CADENZA_CORPUS ? `${process.env.CADENZA_CORPUS}/corpora` : "";
if (corpus && existsSync(corpus)) {
  const expected = (file: string) =>
    readFileSync(`${corpus}/${file}`, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  const read = async (file: string) => {
    const mail = await parseInbound(readFileSync(`${corpus}/${file}`));
    return mail && { mail, replyClass: classifyReply(mail) };
  };

  describe("real mail", () => {
    test("automatic mail never counts as a person's answer, a person's always does (22 of 22)", async () => {
      for (const { file, auto } of expected("autoreply/expected.jsonl")) {
        const replyClass = (await read(`autoreply/${file}`))?.replyClass;
        if (auto === undefined) expect([file, replyClass]).not.toEqual([file, "human"]);
        else expect([file, replyClass === "human"]).toEqual([file, !auto]);
      }
    });

    test("bounces are known: 262 of 276, and hard or not for 198 of 248", async () => {
      const about = ["feedback", "vacation", "delivered"];
      const counts = { bounces: 0, known: 0, kinds: 0, right: 0 };
      for (const { file, expected: answers } of expected("bounces/sisimai/expected.jsonl")) {
        if (!answers?.length || answers.some(({ reason }: { reason: string }) => about.includes(reason)))
          continue;
        const seen = await read(`bounces/sisimai/${file}`);
        counts.bounces += 1;
        if (seen?.replyClass !== "bounce") continue;
        counts.known += 1;
        if (answers.length > 1) continue;
        counts.kinds += 1;
        if ((bounceKind(seen.mail) === "hard") === answers[0].hardbounce) counts.right += 1;
      }
      expect(counts.known / counts.bounces).toBeGreaterThanOrEqual(0.94);
      expect(counts.right / counts.kinds).toBeGreaterThanOrEqual(0.79);
    });
  });
}
