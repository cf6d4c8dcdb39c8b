import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EnrollmentId } from "./ids.ts";
import {
  domainOf,
  escapeHtml,
  headerProblem,
  type MessageSnapshot,
  messageIdOf,
  normaliseEmail,
  parseMessageId,
  renderMessage,
} from "./message.ts";

const unsubscribeUrl = "https://go.acme.test/u/abc?x=1&y=2";
const snapshot: MessageSnapshot = {
  to: "ada@lovelace.test",
  toName: "Ada Lovelace",
  from: "bob@acme.test",
  fromName: "Bob",
  values: { contact: { first_name: "Ada" } },
  signature: "Bob\nAcme",
  postalAddress: "Acme Inc\n1 Main St",
  unsubscribeUrl,
  renderedAt: Date.UTC(2026, 0, 5, 9),
  zone: "Europe/Paris",
  thread: null,
};
const render = (subject: string | null, body: string, over: Partial<MessageSnapshot> = {}) =>
  renderMessage({ subject, body }, { ...snapshot, ...over });
const content = (subject: string | null, body: string, over: Partial<MessageSnapshot> = {}) => {
  const rendered = render(subject, body, over);
  if (!rendered.ok) throw new Error(JSON.stringify(rendered));
  return rendered.content;
};

describe("a mail", () => {
  test("is the body, the signature, and one sentence with the address and the way out", () => {
    expect(
      content("Hi {{ contact.first_name }}", "Hello {{ contact.first_name }},\r\n\r\nA <b> & c.\n"),
    ).toEqual({
      subject: "Hi Ada",
      text:
        "Hello Ada,\n\nA <b> & c.\n\n-- \nBob\nAcme\n\nAcme Inc, 1 Main St. If you would rather not hear from me, " +
        `you can unsubscribe here: ${unsubscribeUrl}\n`,
      html: `<!doctype html>
<html>
<head><meta charset="utf-8"></head>
<body>
<p>Hello Ada,</p>
<p>A &lt;b&gt; &amp; c.</p>
<p>Bob<br>
Acme</p>
<p style="color:#6b7280;font-size:12px">Acme Inc, 1 Main St. If you would rather not hear from me, you can <a href="https://go.acme.test/u/abc?x=1&amp;y=2">unsubscribe here</a>.</p>
</body>
</html>
`,
    });
  });

  test("does not repeat an unsubscribe link its author placed", () => {
    const { text, html } = content("x", "Stop: {{ unsubscribe_url }}", {
      signature: null,
      postalAddress: null,
    });
    expect(text).toBe(`Stop: ${unsubscribeUrl}\n`);
    expect(html.match(/<a /g)).toHaveLength(1);
    expect(content("x", "{{ unsubscribe_url }}").text).toMatch(/\n\nAcme Inc, 1 Main St\n$/);
  });

  test("links what is written as a link, and escapes around it", () => {
    const body =
      'See https://acme.test/a?b=1&c="2" or write to bob@acme.test, not acme.com, javascript:alert(1), //x.y';
    const { html } = content("x", body, { signature: null });
    expect(html).toContain(
      '<a href="https://acme.test/a?b=1&amp;c=&quot;2&quot;">https://acme.test/a?b=1&amp;c=&quot;2&quot;</a> or',
    );
    expect(html).toContain('<a href="mailto:bob@acme.test">bob@acme.test</a>');
    expect(html.match(/<a /g)).toHaveLength(3);
  });

  test("escapes merge values, signature and address in its HTML", () => {
    const hostile = `<script>"'&`;
    const { html } = content("x", "{{ contact.first_name }}", {
      values: { contact: { first_name: hostile } },
      signature: hostile,
      postalAddress: hostile,
      unsubscribeUrl: `https://x.test/"><script>`,
    });
    expect(html).not.toContain("<script>");
    expect(html.split(escapeHtml(hostile))).toHaveLength(4);
  });

  test.each(["a@", "http://", "mailto:a@b", "[(<", "&", "a.b@c.", "https://a?(", "\n\n", "@".repeat(9)])(
    "full of %j is rendered quickly",
    (piece) => {
      const values = Object.fromEntries(
        Array.from({ length: 50 }, (_, i) => [`v${i}`, piece.repeat(2_000 / piece.length)]),
      );
      const body = Object.keys(values)
        .map((name) => `{{ ${name} | default: "" }}`)
        .join("");
      const started = performance.now();
      expect(render("x", `Hello ${body}`, { values }).ok).toBe(true);
      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );

  test("names the variable it lacks, in the subject or the body", () => {
    expect(render("Hi {{ contact.name }}", "x")).toEqual({ ok: false, missing: "contact.name" });
    expect(render("Hi", "{{ company.name }}")).toEqual({ ok: false, missing: "company.name" });
  });

  test.each([
    [
      "a line break in a merged subject",
      "Hi {{ contact.first_name }}",
      { values: { contact: { first_name: "A\nB" } } },
    ],
    [
      "a line break at its end",
      "Hi {{ contact.first_name }}",
      { values: { contact: { first_name: "A\r\n" } } },
    ],
    ["a NUL", "Hi \0", {}],
    ["a tab", "Hi\tthere", {}],
    ["256 characters", "x".repeat(256), {}],
    ["a subject of blanks", "{{ contact.nick | default: ' ' }}", {}],
    ["no subject and no thread", null, {}],
    ["no subject and an empty thread", " ", { thread: { subject: " ", references: [] } }],
    ["a header in the recipient's name", "x", { toName: "A\r\nBcc: all@acme.test" }],
    ["a header in the sender's name", "x", { fromName: "A\nB" }],
    ["a header in an address", "x", { to: "a@b.test\r\nRCPT TO:<x@y.test>" }],
    ["a header in the unsubscribe link", "x", { unsubscribeUrl: "https://x.test/\r\nBcc: x@y.test" }],
    ["a header in a reference", "x", { thread: { subject: "x", references: ["<a@b>\r\nBcc: x@y.test"] } }],
    ["a header in the thread's subject", null, { thread: { subject: "x\r\ny", references: [] } }],
    ["an unknown zone", "{{ 'now' | date: '%H' }}", { zone: "Nowhere/At_All" }],
  ] as [string, string | null, Partial<MessageSnapshot>][])(
    "%s is refused, not repaired",
    (_title, subject, over) => {
      expect(render(subject, "Hello", over)).toEqual({ ok: false, error: expect.any(String) });
    },
  );

  test("an empty text and a NUL in the text are refused; other controls are dropped, odd line breaks kept", () => {
    expect(render("x", " \n ")).toMatchObject({ ok: false, error: expect.any(String) });
    expect(render("x", "a\0b")).toMatchObject({ ok: false, error: expect.any(String) });
    expect(content("x", "a\x0bb\x07c\u2028d", { signature: null }).text).toMatch(/^a\nbc\nd\n\n/);
  });
});

describe("a follow-up without a subject", () => {
  const thread = (subject: string) => ({ thread: { subject, references: ["<1@a>", "<2@a>"] } });
  test.each([
    ["Hi Ada", "Re: Hi Ada"],
    ["Re: Hi Ada", "Re: Hi Ada"],
    ["RE : Hi", "RE : Hi"],
    ["Regarding it", "Re: Regarding it"],
  ])("to %j is called %j", (subject, expected) => {
    expect(content(null, "x", thread(subject)).subject).toBe(expected);
    expect(content("  ", "x", thread(subject)).subject).toBe(expected);
  });
});

describe("the hash", () => {
  const hash = (over: Partial<MessageSnapshot>) => {
    const rendered = render("Hi", "Hello", over);
    return rendered.ok ? rendered.hash : rendered;
  };
  test("changes with whatever the person would notice", () => {
    const hashes = [
      {},
      { to: "x@y.test" },
      { toName: null },
      { from: "x@y.test" },
      { fromName: null },
      { replyTo: "x@y.test" },
      { signature: null },
      { postalAddress: null },
      { unsubscribeUrl: "https://x.test" },
      { thread: { subject: "a", references: ["<1@a>"] } },
    ].map(hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hash({ zone: "Asia/Tokyo", renderedAt: 0 })).toBe(hash({}));
  });

  const words = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constant("https://a.test/?x=<>\"'&"));
  test("is the same for the same template and snapshot, also after a trip through JSON", () => {
    fc.assert(
      fc.property(words, words, words, words, (name, signature, postalAddress, extra) => {
        const made = { ...snapshot, values: { contact: { first_name: name } }, signature, postalAddress };
        const template = {
          subject: "Hi",
          body: `{{ contact.first_name | default: 'you' }} {{ "now" | date: "%c" }} ${extra.replace(/[{}]/g, "")}`,
        };
        const first = renderMessage(template, made);
        expect(renderMessage(template, JSON.parse(JSON.stringify(made)) as MessageSnapshot)).toEqual(first);
      }),
    );
  });

  test("is pinned: a library that renders differently must be noticed, mails in flight would wait for approval", () => {
    expect(hash({})).toBe("4df5955d32b98cbd5862fba79ec3694960f875d632aa92dc87c3ffdbfc8b39b9");
  });
});

describe("a Message-ID", () => {
  const key = { shard: 1, enrollmentId: 123_456_789 as EnrollmentId, stepId: 7, cycle: 2 };
  const id = messageIdOf(key, "Acme.Test", "secret");

  test("is short, lower case and comes back as its key", () => {
    expect(id).toMatch(/^<cdz\.1\.21i3v9\.7\.2\.[0-9a-z]{13}@acme\.test>$/);
    expect(parseMessageId(id, "secret")).toEqual(key);
  });

  test.each([id.toUpperCase(), ` ${id}\r\n`, id.slice(1, -1), id.replace("acme.test", "relay.example")])(
    "%j is still it",
    (variant) => {
      expect(parseMessageId(variant, "secret")).toEqual(key);
    },
  );

  test.each([
    "",
    "<abc@acme.test>",
    id.replace("cdz.1.", "cdz.0."),
    id.replace("cdz.1.", "cdz.01."),
    id.replace(".7.2.", ".7.3."),
    id.replace(".7.2.", ".72."),
    id.replace("cdz.", "cdz.1."),
    `${id} ${id}`,
    id.replace(/.@/, (end) => (end === "a@" ? "b@" : "a@")),
    `x${id}`,
    "x".repeat(100_000),
  ])("%j is not", (forged) => {
    expect(parseMessageId(forged, "secret")).toBeNull();
  });

  test("of another secret is not ours", () => {
    expect(parseMessageId(id, "other")).toBeNull();
  });

  test("holds any key and is unique to it", () => {
    const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    const keys = fc.record({
      shard: fc.nat({ max: 99 }),
      enrollmentId: number,
      stepId: number,
      cycle: number,
    });
    fc.assert(
      fc.property(keys, (any) => {
        const made = any as typeof key;
        expect(parseMessageId(messageIdOf(made, "a.test", "s"), "s")).toEqual(made);
      }),
    );
  });
});

describe("an address", () => {
  test.each([
    [" Ada@Lovelace.Test ", "ada@lovelace.test"],
    ["ada+tag@lovelace.test", "ada+tag@lovelace.test"],
    ["o'brien_x-y@sub.acme.co.uk", "o'brien_x-y@sub.acme.co.uk"],
    ["ada@BÜCHER.example", "ada@xn--bcher-kva.example"],
    ["ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"],
    ["用户@例え.jp", "用户@xn--r8jz45g.jp"],
    [`${"a".repeat(64)}@acme.test`, `${"a".repeat(64)}@acme.test`],
  ])("%j is %j", (raw, expected) => {
    expect(normaliseEmail(raw)).toBe(expected);
    expect(normaliseEmail(expected)).toBe(expected);
  });

  test.each([
    "",
    "ada",
    "@acme.test",
    "ada@",
    "ada@acme",
    "a@b@acme.test",
    "ada @acme.test",
    "ada@ac me.test",
    "Ada <ada@acme.test>",
    "ada@acme.test, bob@acme.test",
    "ada@acme.test\r\nRCPT TO:<x@y.test>",
    "ada\0@acme.test",
    "ada\u200b@acme.test",
    "ada@acme.test/path",
    "ada@acme.test:25",
    "ada@ünï.test:25",
    "ada@ü%2etest",
    "ada@[127.0.0.1]",
    "ada@127.0.0.1",
    "ada@ü@x.test",
    "ada@１２７.0.0.1",
    ".ada@acme.test",
    "ada.@acme.test",
    "a..b@acme.test",
    "ada@-acme.test",
    "ada@acme..test",
    "ada@acme.test.",
    '"ada b"@acme.test',
    `${"a".repeat(65)}@acme.test`,
    `a@${"a".repeat(64)}.test`,
    `a@${"abc.".repeat(63)}test`,
  ])("%j is none", (raw) => {
    expect(normaliseEmail(raw)).toBeNull();
  });

  test("whatever comes in, what comes out is fit for a header and stays as it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.emailAddress()), (raw) => {
        const email = normaliseEmail(raw);
        if (email === null) return;
        expect(headerProblem(email)).toBeNull();
        expect(normaliseEmail(email)).toBe(email);
        expect(domainOf(email)).toMatch(/^[a-z0-9.-]+$/);
      }),
      { numRuns: 1_000 },
    );
  });

  test("has a domain", () => {
    expect(domainOf("ada@lovelace.test")).toBe("lovelace.test");
  });
});
