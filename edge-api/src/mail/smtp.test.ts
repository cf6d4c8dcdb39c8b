import { once } from "node:events";
import net from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, describe, expect, test } from "vitest";
import type { OutgoingMessage, WireOutcome } from "../domain/transport.ts";
import { type SmtpSettings, smtpTransport } from "./smtp.ts";

const message = (over: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  from: "bob@acme.test",
  to: "ada@lovelace.test",
  mime: new TextEncoder().encode("Subject: Hi\r\n\r\nHello\r\n.dot\r\n"),
  messageId: "<1@acme.test>",
  idempotencyKey: "1",
  ...over,
});

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

type Settings = Partial<SmtpSettings> & { wireTimeoutMs?: number };

async function deliver(port: number, settings: Settings = {}, over: Partial<OutgoingMessage> = {}) {
  const { wireTimeoutMs = 400, ...rest } = settings;
  const transport = smtpTransport(
    { host: "127.0.0.1", port, security: "none", user: null, password: null, ...rest },
    { wireTimeoutMs },
  );
  const started = Date.now();
  const outcome = await transport.deliver(message(over));
  expect(Date.now() - started).toBeLessThan(wireTimeoutMs + 600);
  return outcome;
}

const portOf = (server: { address(): unknown }) => (server.address() as net.AddressInfo).port;

// A real server.

async function realServer(options: SMTPServerOptions = {}) {
  const mails: { from: string; to: string[]; raw: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onAuth: ({ username, password }, _session, done) =>
      password === "right" ? done(null, { user: username }) : done(new Error("no")),
    onData(stream, session, done) {
      let raw = "";
      stream.on("data", (chunk: Buffer) => {
        raw += chunk.toString();
      });
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({ from: mailFrom ? mailFrom.address : "", to: rcptTo.map(({ address }) => address), raw });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  closers.push(() => server.close());
  return { port: portOf(server.server), mails };
}

// A server that plays a script: what it answers to each command, and where it breaks

type Answer = string | "close" | "reset" | "silence";
type Script = Partial<Record<"connect" | "ehlo" | "auth" | "mail" | "rcpt" | "data" | "dot", Answer>> & {
  ehloLines?: string[];
  trickle?: boolean;
  closeAfterBytes?: number;
};

const usual = {
  connect: "220 hi",
  auth: "235 ok",
  mail: "250 ok",
  rcpt: "250 ok",
  data: "354 go",
  dot: "250 queued",
};

async function scriptedServer(script: Script) {
  const commands: string[] = [];
  const sockets: net.Socket[] = [];
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    sockets.push(socket);
    socket.on("error", () => {});
    const ehlo = ["scripted", ...(script.ehloLines ?? [])].map(
      (line, i, all) => `250${i < all.length - 1 ? "-" : " "}${line}`,
    );
    const answers = { ...usual, ehlo: ehlo.join("\r\n"), ...script };
    const answer = async (step: keyof typeof answers) => {
      const reply = String(answers[step]);
      if (reply === "close") return socket.end();
      if (reply === "reset") return socket.resetAndDestroy();
      if (reply === "silence") return;
      if (!script.trickle) return socket.write(`${reply}\r\n`);
      for (const character of `${reply}\r\n`) {
        if (socket.destroyed) return;
        socket.write(character);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    let inData = false;
    let received = "";
    let total = 0;
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      total += chunk.length;
      if (script.closeAfterBytes && inData && total > script.closeAfterBytes) return socket.resetAndDestroy();
      for (;;) {
        if (inData) {
          const end = received.indexOf("\r\n.\r\n");
          if (end < 0) return;
          received = received.slice(end + 5);
          inData = false;
          void answer("dot");
        }
        const end = received.indexOf("\r\n");
        if (end < 0) return;
        const command = received.slice(0, end);
        received = received.slice(end + 2);
        commands.push(command);
        const verb = command.slice(0, 4).toLowerCase();
        if (verb === "data" && String(answers.data).startsWith("354")) {
          inData = true;
          received = `\r\n${received}`;
        }
        if (verb === "quit") socket.end("221 bye\r\n");
        else if (verb === "star") socket.write("502 no\r\n");
        else if (verb === "helo") void answer("ehlo");
        else if (verb in answers) void answer(verb as keyof typeof answers);
      }
    });
    void answer("connect");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: portOf(server), commands, sockets, connections: () => connections };
}

const notSent = (scope: string, permanent: boolean, detail: unknown = expect.any(String)) => ({
  kind: "not_sent",
  scope,
  permanent,
  retryAfterMs: null,
  detail,
});

describe("a server that behaves", () => {
  test("gets the mail byte for byte, and its answer is kept", async () => {
    const { port, mails } = await realServer();
    const outcome = await deliver(port, { wireTimeoutMs: 5_000 });
    expect(outcome).toMatchObject({ kind: "sent", response: expect.stringContaining("250 ") });
    expect(mails).toEqual([
      { from: "bob@acme.test", to: ["ada@lovelace.test"], raw: "Subject: Hi\r\n\r\nHello\r\n.dot\r\n" },
    ]);
  });

  test("gets a long mail whole", async () => {
    const { port, mails } = await realServer({ size: 10_000_000 });
    const text = `Subject: Long\r\n\r\n${`${"x".repeat(70)}\r\n`.repeat(60_000)}`;
    const mime = new TextEncoder().encode(text);
    expect(await deliver(port, { wireTimeoutMs: 10_000 }, { mime })).toMatchObject({ kind: "sent" });
    expect(mails[0]?.raw === text).toBe(true);
  });

  test("lets the mailbox in with its password, here only because it is this machine", async () => {
    const { port, mails } = await realServer({ authOptional: false, allowInsecureAuth: true });
    const signIn = { user: "bob", password: "right", wireTimeoutMs: 5_000 };
    expect(await deliver(port, signIn)).toMatchObject({ kind: "sent" });
    expect(await deliver(port, { ...signIn, password: "wrong" })).toEqual(
      notSent("mailbox", true, expect.stringContaining("535")),
    );
    expect(await deliver(port, { wireTimeoutMs: 5_000 })).toEqual(
      notSent("mailbox", true, expect.stringContaining("530")),
    );
    expect(mails).toHaveLength(1);
  });

  test("offers no STARTTLS though it is required: nothing is sent in the clear", async () => {
    const { port, mails } = await realServer({ authOptional: false, allowInsecureAuth: true });
    const outcome = await deliver(port, {
      security: "starttls",
      user: "bob",
      password: "right",
      wireTimeoutMs: 5_000,
    });
    expect(outcome).toMatchObject({ kind: "not_sent", scope: "mailbox" });
    expect(mails).toEqual([]);
  });

  test.each(["tls", "starttls"] as const)(
    "has a certificate nobody signed: with %s nothing is sent",
    async (security) => {
      const { port, mails } = await realServer({ secure: security === "tls", disabledCommands: [] });
      const outcome = await deliver(port, { security, user: "bob", password: "right", wireTimeoutMs: 5_000 });
      expect(outcome).toEqual(notSent("mailbox", false));
      expect(mails).toEqual([]);
    },
  );

  test("speaks plain where TLS is expected: nothing is sent", async () => {
    const { port, commands } = await scriptedServer({});
    expect(await deliver(port, { security: "tls" })).toEqual(notSent("mailbox", false));
    expect(commands.join()).not.toMatch(/AUTH|MAIL/);
  });

  test("is left with its connection closed", async () => {
    const { port, sockets, commands } = await scriptedServer({});
    expect(await deliver(port)).toMatchObject({ kind: "sent", response: "250 queued" });
    await expect.poll(() => sockets.every((socket) => socket.destroyed)).toBe(true);
    expect(commands.at(-1)).toBe("QUIT");
    expect(commands[0]).toBe("EHLO acme.test");
  });
});

test.each(["AUTH PLAIN", "AUTH LOGIN"])(
  "a server that repeats what it was told at %s repeats no password",
  async (ways) => {
    const encoded = btoa("\u0000bob\u0000open sesame");
    for (const said of ["open sesame", encoded, btoa("open sesame")]) {
      const { port } = await scriptedServer({ ehloLines: [ways], auth: `500 5.5.2 what is ${said}?` });
      const outcome = await deliver(port, { user: "bob", password: "open sesame" });
      expect(outcome).toMatchObject({ kind: "not_sent", detail: expect.stringContaining("what is …?") });
    }
  },
);

describe("a server that breaks off", () => {
  const auth = { ehloLines: ["AUTH PLAIN"] };
  const signIn = { user: "bob", password: "secret" };
  const before = ["connect", "ehlo", "auth", "mail", "rcpt", "data"] as const;

  for (const end of ["close", "reset", "silence"] as const) {
    test.each(before)(`at %s (${end}) has no mail`, async (step) => {
      const { port, sockets } = await scriptedServer({ ...auth, [step]: end });
      expect(await deliver(port, signIn)).toEqual(notSent("mailbox", false));
      await expect.poll(() => sockets.every((socket) => socket.destroyed)).toBe(true);
    });

    test(`after the dot (${end}) may have the mail`, async () => {
      const { port, sockets } = await scriptedServer({ ...auth, dot: end });
      expect(await deliver(port, signIn)).toEqual({ kind: "ambiguous", detail: expect.any(String) });
      await expect.poll(() => sockets.every((socket) => socket.destroyed)).toBe(true);
    });
  }

  test("in the middle of a long mail has no mail", async () => {
    const { port } = await scriptedServer({ closeAfterBytes: 100_000 });
    const mime = new TextEncoder().encode(`Subject: x\r\n\r\n${"x\r\n".repeat(8_000_000)}`);
    expect(await deliver(port, { wireTimeoutMs: 5_000 }, { mime })).toEqual(notSent("mailbox", false));
  });

  test("by not listening at all has no mail", async () => {
    const { port } = await scriptedServer({});
    for (const close of closers.splice(0)) close();
    expect(await deliver(port)).toEqual(notSent("mailbox", false));
  });

  test("an impossible port is the mailbox's fault, not an exception", async () => {
    expect(await deliver(99_999)).toMatchObject({ kind: "not_sent", scope: "mailbox" });
  });

  test("a byte at a time meets the deadline, and is known to have no mail", async () => {
    const { port } = await scriptedServer({ trickle: true });
    expect(await deliver(port, { wireTimeoutMs: 800 })).toEqual(notSent("mailbox", false));
  });

  test("a byte at a time after the dot meets the deadline too", async () => {
    const { port, sockets } = await scriptedServer({ dot: "silence" });
    const trickling = deliver(port, { wireTimeoutMs: 600 });
    const timer = setInterval(() => sockets[0]?.write("2"), 100);
    expect(await trickling).toEqual({ kind: "ambiguous", detail: expect.any(String) });
    clearInterval(timer);
  });
});

describe("a refusal", () => {
  const cases: [string, Script, string, boolean][] = [
    ["of the connection", { connect: "554 5.7.1 your address is listed" }, "mailbox", true],
    ["of the connection for now", { connect: "421 too many connections" }, "mailbox", false],
    ["of EHLO", { ehlo: "550 go away" }, "mailbox", true],
    ["of the sender", { mail: "550 5.1.8 sender rejected" }, "mailbox", true],
    ["of the sender for now", { mail: "451 4.3.0 later" }, "mailbox", false],
    ["of the size", { mail: "552 5.3.4 too big" }, "message", true],
    ["of the recipient", { rcpt: "550 5.1.1 no such user" }, "recipient", true],
    ["of the recipient for now", { rcpt: "450 4.2.0 greylisted" }, "recipient", false],
    ["of the recipient, to a stranger", { rcpt: "554 5.7.1 Relay access denied" }, "mailbox", true],
    ["of the recipient, unsigned", { rcpt: "530 5.7.0 Authentication required" }, "mailbox", true],
    ["of the recipient, closing", { rcpt: "421 4.7.0 try later" }, "mailbox", false],
    ["of DATA", { data: "554 5.5.1 no valid recipients" }, "message", true],
    ["of DATA for now", { data: "451 4.3.0 later" }, "message", false],
    ["of the content", { dot: "554 5.7.1 looks like spam" }, "message", true],
    ["of the content for now", { dot: "451 4.7.1 later" }, "message", false],
    ["after the dot, closing", { dot: "421 4.3.2 shutting down" }, "mailbox", false],
    ["after the dot, of the recipient", { dot: "550 5.1.1 no such user" }, "recipient", true],
    ["after the dot, of a full mailbox", { dot: "552 5.2.2 mailbox full" }, "recipient", true],
  ];
  for (const pipelining of [false, true]) {
    const ehloLines = pipelining ? ["PIPELINING"] : [];
    test.each(cases)(
      `%s ${pipelining ? "of pipelined commands " : ""}proves it unsent`,
      async (_t, script, scope, permanent) => {
        const { port } = await scriptedServer({ ehloLines, ...script });
        expect(await deliver(port)).toEqual(notSent(scope, permanent, expect.stringMatching(/^[45]\d\d /)));
      },
    );
  }

  test.each([
    ["535 5.7.8 bad credentials", true],
    ["534 5.7.9 application password required", true],
    ["454 4.7.0 temporary failure", false],
  ])("of the password with %s concerns the mailbox", async (auth, permanent) => {
    const { port } = await scriptedServer({ ehloLines: ["AUTH PLAIN LOGIN"], auth });
    expect(await deliver(port, { user: "bob", password: "x" })).toEqual(notSent("mailbox", permanent, auth));
  });

  test("of a day's quota is over tomorrow", async () => {
    const { port } = await scriptedServer({ dot: "550 5.4.5 Daily user sending limit exceeded" });
    expect(await deliver(port)).toMatchObject({
      scope: "mailbox",
      permanent: false,
      retryAfterMs: 3_600_000,
    });
  });

  test("cut off in the middle of its line still is one; half a yes is not", async () => {
    for (const [half, kind] of [
      ["451 4.3.0 try la", "not_sent"],
      ["250 2.0.0 que", "ambiguous"],
      ["45", "ambiguous"],
    ] as [string, WireOutcome["kind"]][]) {
      const { port, sockets } = await scriptedServer({ dot: "silence" });
      const delivering = deliver(port, { wireTimeoutMs: 600 });
      setTimeout(() => sockets[0]?.end(half), 200);
      expect(await delivering).toMatchObject({ kind });
    }
  });

  test.each(["999 what", "hello", "354 go on"])("%j after the dot is none", async (dot) => {
    const { port } = await scriptedServer({ dot });
    expect(await deliver(port)).toMatchObject({ kind: "ambiguous" });
  });

  test("an endless answer is cut off", async () => {
    const { port } = await scriptedServer({ ehlo: `250-${"x".repeat(200_000)}` });
    expect(await deliver(port, { wireTimeoutMs: 2_000 })).toEqual(notSent("mailbox", false));
  });

  test("a server without AUTH is not sent to unsigned", async () => {
    const { port, commands } = await scriptedServer({});
    expect(await deliver(port, { user: "bob", password: "x" })).toEqual(notSent("mailbox", true));
    expect(commands.join()).not.toContain("MAIL");
  });
});

describe("what never reaches the wire", () => {
  test.each([
    ["ada@lovelace.test\r\nRCPT TO:<eve@evil.test>", "recipient"],
    ["ada@lovelace.test> SIZE=1", "recipient"],
    ["ada@lovelace.test\0", "recipient"],
    ["<ada@lovelace.test>", "recipient"],
    ["ada", "recipient"],
    ["", "recipient"],
  ])("a recipient like %j", async (to, scope) => {
    const { port, connections } = await scriptedServer({});
    expect(await deliver(port, {}, { to })).toEqual(notSent(scope, true));
    expect(connections()).toBe(0);
  });

  test("a sender like that", async () => {
    const { port, connections } = await scriptedServer({});
    expect(await deliver(port, {}, { from: "bob@acme.test\nDATA" })).toEqual(notSent("mailbox", true));
    expect(connections()).toBe(0);
  });

  test("a password, in the clear, to another machine", async () => {
    const settings = { host: "mail.acme.test", user: "bob", password: "secret" };
    expect(await deliver(25, settings)).toEqual(notSent("mailbox", true));
  });

  test("an international address to a server that does not take them", async () => {
    const { port, commands } = await scriptedServer({});
    expect(await deliver(port, {}, { to: "用户@lovelace.test" })).toEqual(notSent("recipient", true));
    expect(await deliver(port, {}, { from: "bøb@acme.test" })).toEqual(notSent("mailbox", true));
    expect(commands.join()).not.toContain("MAIL");
  });

  test("unless it does", async () => {
    const { port, commands } = await scriptedServer({ ehloLines: ["SMTPUTF8"] });
    expect(await deliver(port, {}, { to: "用户@lovelace.test" })).toMatchObject({ kind: "sent" });
    expect(commands.join("\n")).toContain("MAIL FROM:<bob@acme.test> SMTPUTF8");
  });
});
