/** The background's parts put together over the browser: who is signed in, the API in their name, the outbox. */
import { parseApiUrl, patternOf } from "../api/address.ts";
import { refused } from "../api/refusal.ts";
import type { ApiRoute } from "../api/relayed-routes.ts";
import type { Area } from "../storage/area.ts";
import { loadSettings } from "../storage/settings.ts";
import { createApi } from "./api.ts";
import { createMyself } from "./myself.ts";
import { oauthAt } from "./oauth.ts";
import { createOutbox, type Parcel } from "./outbox.ts";
import { createTokenKeeper } from "./token-keeper.ts";

/** The browser wakes nobody earlier. */
const alarmMinMs = 30_000;

export function createDesk(local: Area, session: Area) {
  const clock = {
    now: () => Date.now(),
    random: () => Math.random(),
    sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
  };
  const apiUrl = async () => (await loadSettings(local)).apiUrl;
  const isAllowed = (url: string) => chrome.permissions.contains({ origins: [patternOf(url)] });
  const oauth = (url: string) =>
    oauthAt(url, chrome.identity.getRedirectURL(), async (request) => {
      if (!(await isAllowed(url))) throw refused("no_permission");
      return fetch(request);
    });

  const keeper = createTokenKeeper({
    ...{ local, session, now: clock.now, apiUrl, oauth },
    show: (url) =>
      chrome.identity.launchWebAuthFlow({ url, interactive: true }).catch(() => {
        throw refused("sign_in_stopped");
      }),
    deviceName: () => `Cadenza in ${browserName(navigator.userAgent)}`,
  });
  const api = createApi({
    ...clock,
    ...{ apiUrl, isAllowed },
    accessToken: keeper.accessToken,
    fetch: (request) => fetch(request),
  });
  const myself = createMyself({ local, keeper, api, apiUrl, isAllowed });
  const outbox = createOutbox({
    ...clock,
    area: local,
    send: ({ route, request, key }: Parcel) =>
      api.once(route as ApiRoute, { ...request, idempotencyKey: key }),
    wakeAt: (at) => void chrome.alarms.create("outbox", { when: Math.max(at, Date.now() + alarmMinMs) }),
  });

  return {
    ...{ local, session, keeper, api, myself, outbox, parseApiUrl },
    async resume(): Promise<void> {
      const account = await myself.accountKey();
      if (account) await outbox.resume(account);
    },
  };
}

export type Desk = ReturnType<typeof createDesk>;

function browserName(userAgent: string): string {
  const names = { Edg: "Edge", OPR: "Opera", Vivaldi: "Vivaldi" };
  const found = Object.entries(names).find(([mark]) => userAgent.includes(`${mark}/`));
  return found?.[1] ?? "Chrome";
}
