/**
 * Getting in and out without a script: a link by mail, or Google. Following a link changes nothing, only its button
 * does; every sign-in makes a session of its own and ends the one before.
 */
import { contracts } from "@cadenza/shared/contract/all";
import { signInMinutes } from "../auth/auth.ts";
import { asksGoogle, endSession, mailSignInLink, signInByToken, startGoogle } from "../auth/sign-in.ts";
import { checkedEmail } from "../commands/fields.ts";
import { isExpected, listMemberships } from "../db/directory.ts";
import type { Router } from "../http/endpoint.ts";
import { submit } from "../http/form.ts";
import { nextPath } from "../http/next-path.ts";
import { page } from "../http/page.ts";
import { addressOf, requireRoom } from "../http/rate-limit.ts";
import { auditPerson, redirect, servePage, type Visit } from "../http/serve-page.ts";
import { nothingEntered } from "../pages/parts.ts";
import {
  confirmPage,
  deadLinkPage,
  failedPage,
  linkSentPage,
  notExpectedPage,
  signInPage,
  type WaysIn,
} from "../pages/sign-in.ts";

const address = contracts["invitations.create"].body.pick({ email: true });

export function signInRoutes(app: Router): void {
  servePage(app, "signIn.ask", async (visit) => {
    const { searchParams } = visit.url;
    const next = nextOf(visit, searchParams);
    // `again`: somebody wants to be sure who sits there.
    if (!searchParams.has("again") && (await visit.findPerson())) return redirect(next || "/app");
    const failure = searchParams.get("error");
    return page(200, signInPage({ waysIn: waysIn(visit), entered: nothingEntered, next, failure }));
  });

  servePage(app, "signIn.mail", async (visit) => {
    const { first, form, request } = visit;
    const next = nextOf(visit, form);
    if (!waysIn(visit).mail) return redirect("/sign-in");
    const asked = await submit(form, ["email"], address, async (typed) =>
      checkedEmail(typed.email, "/email"),
    );
    if (!asked.ok) {
      return page(asked.status, signInPage({ waysIn: waysIn(visit), entered: asked.entered, next }));
    }
    const email = asked.result;
    await requireRoom(first, "signInFrom", addressOf(request));
    await requireRoom(first, "signInMail", email);
    // Not waited for: how long it takes would tell whether there is such a person.
    await visit.later(mailToExpected(visit, email, next));
    return page(200, linkSentPage(email, signInMinutes, next));
  });

  servePage(app, "signIn.google", async (visit) => {
    if (!waysIn(visit).google) return redirect("/sign-in");
    await requireRoom(visit.first, "signInFrom", addressOf(visit.request));
    const next = nextOf(visit, visit.form);
    const { location, cookies } = await startGoogle(visit.auth, next, visit.request.headers);
    return redirect(location, cookies);
  });

  servePage(app, "signIn.confirm", async (visit) => {
    const { searchParams } = visit.url;
    return page(200, confirmPage(searchParams.get("token") ?? "", nextOf(visit, searchParams)));
  });

  servePage(app, "signIn.enter", async (visit) => {
    const { auth, first, form, request } = visit;
    await requireRoom(first, "guess", addressOf(request));
    const next = nextOf(visit, form);
    const entered = await signInByToken(auth, form.get("token") ?? "", request.headers);
    if (!entered.ok) {
      return entered.reason === "not_expected"
        ? page(403, notExpectedPage())
        : page(410, deadLinkPage({ waysIn: waysIn(visit), next }));
    }
    const { user, cookies } = entered;
    const homes = await listMemberships(first.db, user.id);
    await auditPerson(visit, "signIn.enter", user, homes[0]?.organizationId ?? null);
    // With one workspace there is nothing to choose.
    return redirect(next || (homes.length === 1 ? "/app" : "/workspaces"), cookies);
  });

  servePage(app, "signIn.failed", async ({ url }) =>
    page(400, failedPage(url.searchParams.get("error") ?? "")),
  );

  servePage(app, "signIn.leave", async (visit) => {
    const person = await visit.findPerson();
    if (person) await auditPerson(visit, "signIn.leave", person.user, person.organizationId);
    return redirect("/sign-in", await endSession(visit.auth, visit.request.headers));
  });
}

const waysIn = ({ first, auth }: Visit): WaysIn => ({
  mail: first.sendSystemMail !== null,
  google: asksGoogle(auth),
});

const nextOf = ({ first }: Visit, from: URLSearchParams): string =>
  nextPath(from.get("next"), first.publicUrl) ?? "";

async function mailToExpected({ auth, first, request }: Visit, email: string, next: string): Promise<void> {
  if (!(await isExpected(first.db, email, first.wallNow()))) return;
  await mailSignInLink(auth, email, next, request.headers);
}
