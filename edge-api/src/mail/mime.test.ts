import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import type { MessageSnapshot } from "../domain/message.ts";
import { buildMime, type MimeInput } from "./mime.ts";

const snapshot: MessageSnapshot = {
  to: "ada@lovelace.test",
  toName: "Ada Lovelace",
  from: "bob@acme.test",
  fromName: 'Bob "the Builder", Esq.',
  values: {},
  signature: null,
  postalAddress: null,
  unsubscribeUrl: "https://go.acme.test/u/abc?x=1",
  renderedAt: 0,
  zone: "UTC",
  thread: null,
};
const input: MimeInput = {
  content: { subject: "Hello", text: "Hi Ada,\n\n-- \nBob\n", html: "<p>Hi Ada,</p>\n" },
  snapshot,
  messageId: "<cdz.0.1.1.1.abc@acme.test>",
  date: Date.UTC(2026, 0, 5, 9, 30, 7),
};
const build = async (over: Partial<MimeInput> = {}, snapshotOver: Partial<MessageSnapshot> = {}) => {
  const bytes = await buildMime({ ...input, ...over, snapshot: { ...snapshot, ...snapshotOver } });
  return { bytes, source: new TextDecoder().decode(bytes), mail: await PostalMime.parse(bytes) };
};

describe("the bytes of a mail", () => {
  test("are these", async () => {
    const { source } = await build();
    expect(source.replaceAll("\r\n", "\n")).toBe(`List-Unsubscribe: <https://go.acme.test/u/abc?x=1>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
From: "Bob \\"the Builder\\", Esq." <bob@acme.test>
To: Ada Lovelace <ada@lovelace.test>
Subject: Hello
Message-ID: <cdz.0.1.1.1.abc@acme.test>
Date: Mon, 05 Jan 2026 09:30:07 +0000
MIME-Version: 1.0
Content-Type: multipart/alternative;
 boundary="--_NmP-cdz0111abcacmetest-Part_1"

----_NmP-cdz0111abcacmetest-Part_1
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

Hi Ada,

-- 
Bob

----_NmP-cdz0111abcacmetest-Part_1
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 7bit

<p>Hi Ada,</p>

----_NmP-cdz0111abcacmetest-Part_1--
`);
    expect(source.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  test("are the same twice, whatever the clock says", async () => {
    const first = await build({ content: { ...input.content, text: "é ".repeat(3_000) } });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const second = await build({ content: { ...input.content, text: "é ".repeat(3_000) } });
    expect(second.bytes).toEqual(first.bytes);
  });

  test("carry any text, name and subject back", async () => {
    const text = `Zoë 😀 ${"lång ".repeat(400)}\n.\n..dots\n\n${"x".repeat(3_000)}\n`;
    const html = `<p>${"日本語".repeat(500)}</p>\n`;
    const { mail, source } = await build(
      { content: { subject: "Grüße für Sie — 😀 ".repeat(6).trim(), text, html } },
      { toName: "Zoë 日本語", fromName: "Žluťoučký, kůň" },
    );
    expect(mail.subject).toBe("Grüße für Sie — 😀 ".repeat(6).trim());
    expect(mail.text?.trimEnd()).toBe(text.trimEnd());
    expect(mail.html?.trimEnd()).toBe(html.trimEnd());
    expect(mail.to?.[0]).toMatchObject({ name: "Zoë 日本語", address: "ada@lovelace.test" });
    expect(mail.from).toMatchObject({ name: "Žluťoučký, kůň", address: "bob@acme.test" });
    expect(source).not.toMatch(/[^\x00-\x7f]/);
    for (const line of source.split("\r\n")) expect(line.length).toBeLessThanOrEqual(998);
  });

  test("write an international domain as A-labels", async () => {
    const { source } = await build({}, { to: "ada@bücher.example" });
    expect(source).toContain("<ada@xn--bcher-kva.example>");
  });

  test("keep a follow-up in its thread", async () => {
    const references = Array.from({ length: 12 }, (_, i) => `<cdz.0.${i}.1.1.abcdefghijklm@acme.test>`);
    const { mail } = await build({}, { thread: { subject: "Hello", references } });
    expect(mail.inReplyTo).toBe(references.at(-1));
    expect(mail.references).toBe(references.join(" "));
  });

  test("offers the mail beside the link where we can receive it, one click staying the link's", async () => {
    const { source } = await build(
      {},
      { unsubscribeMailto: "mailto:bob@acme.test?subject=unsubscribe%200.abc.0123456789abc" },
    );
    expect(source.replace(/\r\n[ \t]/g, " ")).toContain(
      "List-Unsubscribe: <https://go.acme.test/u/abc?x=1>, <mailto:bob@acme.test?subject=unsubscribe%200.abc.0123456789abc>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
    );
  });

  test("offer one-click unsubscribing over HTTPS only, and never break the link", async () => {
    const unsubscribeUrl = `https://go.acme.test/u/${"abc-DEF_123".repeat(50)}`;
    const long = await build({}, { unsubscribeUrl });
    expect(long.source.replace(/\r\n[ \t]/g, "")).toContain(`<${unsubscribeUrl}>`);
    expect(long.source).toContain(`<${unsubscribeUrl}>\r\n`);
    const local = await build({}, { unsubscribeUrl: "http://localhost:8787/u/abc" });
    expect(local.source).toContain("List-Unsubscribe: <http://localhost:8787/u/abc>");
    expect(local.source).not.toContain("One-Click");
  });

  test("do not claim to be bulk, and do not name the program", async () => {
    const { source } = await build();
    expect(source).not.toMatch(/^(Precedence|X-Mailer|Auto-Submitted):/im);
  });

  test.each([
    [{ toName: "A\r\nBcc: x@y.test" }],
    [{ to: "a@b.test\r\nBcc: x@y.test" }],
    [{ unsubscribeUrl: "https://x.test/\nBcc: x@y.test" }],
    [{ thread: { subject: "x", references: ["<a@b>\r\nBcc: x@y.test"] } }],
  ] as [Partial<MessageSnapshot>][])("are not built from %j", async (over) => {
    await expect(build({}, over)).rejects.toThrow("A header of this mail holds");
  });

  test("hold one recipient, whatever the name looks like", async () => {
    const { mail } = await build({}, { toName: "x@evil.test, Ada <y@evil.test>;" });
    expect(mail.to).toEqual([{ address: "ada@lovelace.test", name: "x@evil.test, Ada <y@evil.test>;" }]);
  });
});
