/** What each question of a page is answered with. */

import { refused } from "../api/refusal.ts";
import type { ApiRoute } from "../api/relayed-routes.ts";
import type { Answering } from "../messages/answer.ts";
import type { Waiting } from "../messages/questions.ts";
import { keepSettings, loadSettings } from "../storage/settings.ts";
import { findSubject, keepSubject } from "../storage/subjects.ts";
import type { Badge } from "./badge.ts";
import type { Desk } from "./desk.ts";

export function createAnswering(desk: Desk, badge: Badge): Answering {
  const { local, session, keeper, api, myself, outbox } = desk;

  async function arrived() {
    const account = await myself.read();
    void desk.resume();
    void badge.refresh();
    return account;
  }

  async function leave(): Promise<void> {
    await keeper.signOut();
    await outbox.clear();
    await myself.forget();
    const kept = Object.keys(await session.all()).filter((key) => key.startsWith("subject:"));
    await session.remove(kept);
    await badge.refresh();
  }

  async function waiting(): Promise<Waiting[]> {
    const account = await myself.accountKey();
    return (await outbox.list())
      .filter((parcel) => parcel.account === account)
      .map(({ key, route, addedAt, refusal }) => ({
        ...{ key, route, addedAt },
        refusal: refusal && { detail: refusal.detail },
      }));
  }

  async function change(route: ApiRoute, request: Record<string, unknown>, key?: string) {
    if (!key) return api.once(route, request);
    const account = (await myself.accountKey()) ?? ((await myself.read()) && (await myself.accountKey()));
    if (!account) throw refused("signed_out");
    return outbox.submit({ key, account, route, request });
  }

  return {
    "account.read": async () => {
      const account = await myself.read();
      // A page that opens shows the list: the number on the button is to agree with it.
      if (account.standing === "signed_in") void badge.refresh();
      return account;
    },
    "account.signIn": async () => {
      await keeper.signIn();
      return arrived();
    },
    "account.signOut": async () => {
      await leave();
      return null;
    },
    "account.pair": async () => {
      const { user_code: code, verification_uri: url, expires_in, interval } = await keeper.pair();
      return { code, url, expiresInS: expires_in, intervalS: interval };
    },
    "account.pollPairing": async () => {
      const isDone = await keeper.pollPairing();
      if (isDone) await arrived();
      return { isDone };
    },
    "settings.read": () => loadSettings(local),
    "settings.choose": async (chosen) => {
      const before = await loadSettings(local);
      const after = { ...before, ...chosen };
      if (after.apiUrl !== null) after.apiUrl = desk.parseApiUrl(after.apiUrl);
      // What one address granted is of no use at another, and none of its business.
      if (after.apiUrl !== before.apiUrl) await leave();
      await keepSettings(local, after);
      return after;
    },
    "api.ask": async ({ route, idempotencyKey, ...request }) => {
      if (api.isRead(route)) return api.read(route, request);
      const answer = await change(route, request, idempotencyKey);
      if (route.startsWith("tasks.") || route.startsWith("enrollments.")) void badge.refresh();
      return answer;
    },
    "outbox.list": waiting,
    "outbox.send": async () => {
      const account = await myself.accountKey();
      if (account) await outbox.hurry(account);
      return waiting();
    },
    "outbox.drop": async ({ key }) => {
      await outbox.drop(key);
      return waiting();
    },
    "subject.read": ({ tabId }) => findSubject(session, tabId),
    "subject.choose": async ({ tabId, subject }) => {
      await keepSubject(session, tabId, subject);
      return null;
    },
    "update.read": async () => ({ isReady: (await session.all()).update === true }),
    "update.apply": async () => {
      await session.remove("update");
      chrome.runtime.reload();
      return null;
    },
  };
}
