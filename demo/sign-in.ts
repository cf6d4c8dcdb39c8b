/**
 * The demo's person at the front door: they ask for a link, take it out of the mail that comes, press the button, and
 * are in. By HTTP, as a browser without a script would.
 */
import { linkIn, type MailServer } from "./mail-server.ts";
import { paint, say } from "./screen.ts";
import type { Verdict } from "./verdict.ts";

const mailMaxMs = 20_000;

export async function askForLink(url: string, email: string): Promise<Response> {
  return send(`${url}/sign-in`, { email });
}

export async function signInByMail(
  url: string,
  email: string,
  post: MailServer,
  verdict: Verdict,
): Promise<void> {
  const turned = await fetch(`${url}/app`, { redirect: "manual" });
  verdict.same(
    "a stranger is asked to sign in",
    [303, "/sign-in?next=%2Fapp"],
    [turned.status, turned.headers.get("location")],
  );
  const asked = await askForLink(url, email);
  verdict.same("a sign-in link is asked for", 200, asked.status);
  const link = new URL(await linkTo(email, post));
  const looked = await fetch(link);
  verdict.same("following the link alone signs nobody in", [200, []], [looked.status, cookiesOf(looked)]);

  const press = () =>
    send(`${url}${link.pathname}`, { token: link.searchParams.get("token") ?? "", next: "/app" });
  const entered = await press();
  const headers = { cookie: cookiesOf(entered).join("; ") };
  const home = await fetch(`${url}/app`, { headers });
  const [, heading = ""] = /<h1>(.*?)<\/h1>/.exec(await home.text()) ?? [];
  verdict.same(
    "the link's button signs in",
    [303, 200, "You are an admin in Northwind"],
    [entered.status, home.status, heading],
  );
  const me = (await (await fetch(`${url}/v1/me`, { headers })).json()) as { user?: { email?: string } };
  verdict.same("and the API knows the session, too", email, me.user?.email);
  verdict.same("a link works once", 410, (await press()).status);
  say(`${email} asked for a sign-in link, opened the mail and is in: ${paint(heading, "good")}`);
}

async function linkTo(email: string, post: MailServer): Promise<string> {
  for (const until = Date.now() + mailMaxMs; Date.now() < until; ) {
    const mail = post.accepted.findLast(({ to }) => to === email);
    if (mail) return linkIn(mail);
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`no sign-in link came for ${email}`);
}

/** As a page of Cadenza itself sends it. */
const send = (address: string, form: Record<string, string>): Promise<Response> =>
  fetch(address, {
    method: "POST",
    redirect: "manual",
    headers: { origin: new URL(address).origin, "sec-fetch-site": "same-origin" },
    body: new URLSearchParams(form),
  });

const cookiesOf = ({ headers }: Response): string[] =>
  headers.getSetCookie().map((cookie) => cookie.split(";")[0]!);
