import { describe, expect, test } from "vitest";
import { bounceKind, classifyReply, type DeliveryReport, type InboundMail } from "./inbound.ts";

const mail = (over: Partial<InboundMail> = {}): InboundMail => ({
  messageId: "<1@lovelace.test>",
  inReplyTo: ["<cdz.0.1.1.1.x@acme.test>"],
  references: [],
  from: "ada@lovelace.test",
  to: ["bob@acme.test"],
  subject: "Re: Hello",
  text: "Sounds good, let's talk on Tuesday.",
  date: 0,
  headers: { "return-path": "<ada@lovelace.test>" },
  report: null,
  feedback: false,
  ...over,
});
const report = (over: Partial<DeliveryReport> = {}): DeliveryReport => ({
  finalRecipient: "ada@lovelace.test",
  action: "failed",
  status: "5.1.1",
  originalMessageId: null,
  ...over,
});

describe("an answer of a person", () => {
  test.each([
    ["Re: Hello", "Sounds good, let's talk on Tuesday."],
    ["Re: Out of office rules", "Our automatic reply is broken, can you help?"],
    ["Hello", "I'm out of the office until Monday, can we talk then?"],
    ["Re: Delivery failed?", "Your demo could not be delivered on time, I heard?"],
    ["Re: Hello", "Please stop by our booth, and never unsubscribe from good ideas."],
    ["Re: Hello", ""],
  ])("%s / %s", (subject, text) => {
    expect(classifyReply(mail({ subject, text }))).toBe("human");
  });

  test.each([
    { "auto-submitted": "no" },
    { "x-auto-response-suppress": "DR, OOF, AutoReply" },
    { precedence: "list" },
    { "list-id": "Sales <sales.acme.test>" },
    { "x-autoreply": "no" },
  ] as Record<string, string>[])("also with %j, when it answers a mail of ours", (headers) => {
    expect(classifyReply(mail({ headers }))).toBe("human");
  });
});

describe("a machine's answer", () => {
  test.each([
    { "auto-submitted": "auto-replied (vacation)" },
    { "auto-submitted": "Auto-Generated" },
    { "x-autoreply": "yes" },
    { "x-autorespond": "" },
    { precedence: "auto_reply" },
    { precedence: "Bulk" },
    { precedence: "junk" },
    { "x-auto-response-suppress": "All" },
    { "return-path": "<>" },
    { "content-type": 'multipart/report; report-type="disposition-notification"' },
  ] as Record<string, string>[])("is known by %j", (headers) => {
    expect(classifyReply(mail({ headers, text: "Your request 4711 was received." }))).toBe("auto_reply");
    expect(classifyReply(mail({ headers, text: "I am out of the office until May 5." }))).toBe(
      "out_of_office",
    );
  });

  test.each([
    ["Automatic reply: Hello", "I am travelling and back on Monday"],
    ["Out of Office: Hello", ""],
    ["Automatische Antwort: Hallo", "Ich bin bis zum 5. Mai nicht im Büro."],
    ["Abwesenheitsnotiz", "Ich bin im Urlaub und ab 5.5. wieder erreichbar."],
    ["Réponse automatique : Bonjour", "Je suis en congés jusqu'au 5 mai."],
    ["Respuesta automática: Hola", "Estaré fuera de la oficina hasta el lunes."],
    ["Risposta automatica: Ciao", "Sono in ferie fino al 5 maggio."],
    ["Automatisch antwoord: Hallo", "Ik ben afwezig tot 5 mei."],
    ["Resposta automática: Olá", "Estou de férias."],
    ["Odpowiedź automatyczna: Cześć", "Jestem na urlopie."],
    ["Autosvar: Hej", "Jag har semester."],
    ["自動応答: こんにちは", "休暇をいただいております。"],
  ])("%s is absence, also without headers", (subject, text) => {
    expect(classifyReply(mail({ subject, text, headers: {} }))).toBe("out_of_office");
  });

  test("a list's mail, a no-reply address and a challenge are automatic", () => {
    expect(classifyReply(mail({ inReplyTo: [], headers: { "list-id": "News <n.x.test>" } }))).toBe(
      "auto_reply",
    );
    expect(classifyReply(mail({ from: "no-reply@boxbe.test", text: "Please verify yourself" }))).toBe(
      "auto_reply",
    );
  });
});

describe("structure comes before words", () => {
  test("a failed delivery is a bounce; delayed, relayed and delivered are not", () => {
    expect(classifyReply(mail({ report: report() }))).toBe("bounce");
    expect(classifyReply(mail({ report: report({ action: null }) }))).toBe("bounce");
    for (const action of ["delayed", "relayed", "delivered", "expanded"]) {
      expect(classifyReply(mail({ report: report({ action }) }))).toBe("auto_reply");
    }
    expect(classifyReply(mail({ report: report({ action: null, status: "4.4.1" }) }))).toBe("auto_reply");
  });

  test("a report without its fields is read as prose", () => {
    const empty = report({ action: null, status: null });
    const words = { subject: "Undelivered Mail Returned to Sender", from: "mailer-daemon@mx.test" };
    expect(classifyReply(mail({ report: empty, ...words }))).toBe("bounce");
  });

  test("a feedback report is a complaint, a calendar answer is one", () => {
    expect(classifyReply(mail({ feedback: true, report: report() }))).toBe("complaint");
    expect(classifyReply(mail({ calendarMethod: "REPLY", subject: "Accepted: Demo" }))).toBe("calendar");
    expect(classifyReply(mail({ calendarMethod: "REQUEST" }))).toBe("human");
  });

  test("a server's prose is a bounce, its warning is not, a person's is not", () => {
    const daemon = { from: "mailer-daemon@mx.test", headers: { "return-path": "<>" }, inReplyTo: [] };
    expect(
      classifyReply(mail({ ...daemon, subject: "Mail delivery failed: returning message to sender" })),
    ).toBe("bounce");
    expect(classifyReply(mail({ ...daemon, subject: "failure notice", text: "No such user here" }))).toBe(
      "bounce",
    );
    expect(
      classifyReply(mail({ ...daemon, subject: "Warning: message still undelivered, will keep trying" })),
    ).toBe("auto_reply");
    expect(classifyReply(mail({ headers: { "x-failed-recipients": "ada@lovelace.test" } }))).toBe("bounce");
    expect(classifyReply(mail({ subject: "Mail delivery failed" }))).toBe("human");
  });
});

describe("a wish to be left alone", () => {
  test.each([
    "unsubscribe",
    "STOP",
    "Please remove me from your list.",
    "Stop emailing me!",
    "Bitte abmelden",
    "désinscription",
    "Baja",
    "Unsubscribe please\n\nOn Mon, Jan 5, 2026 at 9:00 Bob <bob@acme.test> wrote:\n> Hello Ada, a long mail\n> about things",
    "stop\n\n-- \nAda Lovelace\nLovelace Ltd",
  ])("%j is one", (text) => {
    expect(classifyReply(mail({ text }))).toBe("unsubscribe_request");
  });

  test("an empty mail with it as subject is one; in the subject of a thread it is not", () => {
    expect(classifyReply(mail({ subject: "unsubscribe", text: "" }))).toBe("unsubscribe_request");
    expect(classifyReply(mail({ subject: "unsubscribe", text: "How do I do that?" }))).toBe("human");
  });

  test("a machine has none", () => {
    expect(classifyReply(mail({ text: "unsubscribe", headers: { "auto-submitted": "auto-replied" } }))).toBe(
      "auto_reply",
    );
  });
});

describe("a bounce is", () => {
  test.each([
    ["5.1.1", null, "hard"],
    ["5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "hard"],
    ["5.2.1", "550 5.2.1 The account is disabled", "hard"],
    ["5.4.1", "550 5.4.1 Recipient address rejected: Access denied", "hard"],
    ["5.4.4", "unable to route", "hard"],
    ["5.7.1", "550 5.7.1 Recipient address rejected: User unknown", "hard"],
    ["5.0.0", "550 no such user", "hard"],
    ["5.2.2", "552 5.2.2 mailbox full", "soft"],
    ["5.1.1", "550 mailbox over quota", "soft"],
    ["4.4.7", "delivery time expired", "soft"],
    ["4.1.1", "450 4.1.1 try later", "soft"],
    ["5.3.0", "system error", "soft"],
    ["5.7.1", "554 5.7.1 message blocked as spam", "mailbox"],
    ["5.7.26", "unauthenticated mail", "mailbox"],
    ["5.1.8", "501 5.1.8 Sender address rejected", "mailbox"],
    ["5.1.3", "553 http://www.spamhaus.org/query/bl", "mailbox"],
  ])("%s %s: %s", (status, diagnostic, kind) => {
    expect(bounceKind(mail({ report: report({ status, diagnostic }), text: "" }))).toBe(kind);
  });

  test("read from prose where there is no report", () => {
    expect(bounceKind(mail({ text: "host mx.test said: 550 5.1.1 <ada@x.test>: User unknown" }))).toBe(
      "hard",
    );
    expect(bounceKind(mail({ text: "It failed. Remote host said: 552 quota exceeded" }))).toBe("soft");
    expect(bounceKind(mail({ text: "It failed." }))).toBe("soft");
  });
});

test.each([
  "a",
  " ",
  "\n",
  ">",
  "out of office ",
  "mailbox ",
  "user ",
  "on ",
  "5.1.",
  "delivery ",
  "address address ",
])("a huge mail of %j is classified in no time", (piece) => {
  const huge = mail({
    text: piece.repeat(200_000 / piece.length),
    subject: piece.repeat(1_000 / piece.length),
  });
  const started = performance.now();
  for (const from of ["ada@x.test", "mailer-daemon@x.test"]) {
    classifyReply({ ...huge, from });
    bounceKind({ ...huge, report: report({ status: null, diagnostic: huge.subject }) });
  }
  expect(performance.now() - started).toBeLessThan(300);
});
