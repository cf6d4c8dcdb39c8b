/** What a member finds after signing in: where they are, who else is here, what they set for themselves. */
import { contracts } from "@cadenza/shared/contract/all";
import { noticeKinds } from "@cadenza/shared/vocabulary";
import { renameMyself } from "../commands/me.ts";
import { chooseNotices, loadMember } from "../db/members.ts";
import { loadWorkspace } from "../db/workspaces.ts";
import { choiceOf } from "../domain/notice.ts";
import type { Router } from "../http/endpoint.ts";
import { submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { hallOf, type MemberVisit, redirect, servePage } from "../http/serve-page.ts";
import { homePage } from "../pages/home.ts";
import { type Entered, nothingEntered } from "../pages/parts.ts";
import { settingsPage } from "../pages/settings.ts";

export function appPages(app: Router): void {
  servePage(app, "app.home", async (visit) => {
    const { system, actor, person, url } = visit;
    const { sendingStoppedAt } = await loadWorkspace(system.db, actor.workspaceId);
    const { name, email } = person.user;
    const joined = url.searchParams.get("done") === "joined";
    const home = { name, email, role: actor.role!, sendingStopped: sendingStoppedAt !== null, joined };
    return page(200, homePage(await hallOf(visit, "home"), home));
  });

  servePage(app, "app.settings", async (visit) => showSettings(visit, 200, nothingEntered));

  servePage(app, "me.update", async (visit) => {
    const { form, system, actor, person, first } = visit;
    const signedIn = { directory: first.db, user: person.user };
    const named = await submit(form, ["name"], contracts["me.update"].body, (asked) =>
      renameMyself(system, actor, actor.memberId!, signedIn, asked.name),
    );
    return named.ok ? redirect("/app/settings?done=name") : showSettings(visit, named.status, named.entered);
  });

  servePage(app, "me.chooseNotices", async (visit) => {
    const { form, system, actor } = visit;
    const schema = contracts["me.chooseNotices"].body;
    const chosen = await submit(form, noticeKinds, schema, async (asked) => {
      const { notify } = await loadMember(system.db, actor.workspaceId, actor.memberId!);
      const choice = { ...choiceOf(notify), ...asked };
      await chooseNotices(system.db, actor.workspaceId, actor.memberId!, choice);
    });
    return chosen.ok
      ? redirect("/app/settings?done=notices")
      : showSettings(visit, chosen.status, nothingEntered);
  });
}

async function showSettings(visit: MemberVisit, status: number, entered: Entered): Promise<Response> {
  const { system, actor, person, url } = visit;
  const { name, notify } = await loadMember(system.db, actor.workspaceId, actor.memberId!);
  const done = url.searchParams.get("done");
  const shown = { name, email: person.user.email, told: choiceOf(notify), entered, done };
  return page(status, settingsPage(await hallOf(visit, "settings"), shown));
}
