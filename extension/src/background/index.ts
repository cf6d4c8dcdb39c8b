/**
 * The background worker: all of the extension that knows the token. The browser ends it after half a minute of rest and
 * starts it again for the next event, so every listener is registered here, at once, and nothing is kept in variables
 * that has to last.
 */
import * as z from "zod";
import { answer } from "../messages/answer.ts";
import { areaOf } from "../storage/area.ts";
import { keepSubject } from "../storage/subjects.ts";
import { createAnswering } from "./answering.ts";
import { createBadge } from "./badge.ts";
import { createDesk } from "./desk.ts";
import { offerMenu, proposeFrom } from "./menu.ts";

// What it would compile, the extension's Content-Security-Policy forbids.
z.config({ jitless: true });

const local = areaOf(chrome.storage.local);
const session = areaOf(chrome.storage.session);
// Scripts in other pages, ours too, do not get to see what is kept.
void chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" });
void chrome.sidePanel.setPanelBehavior({ openPanelOnActionClick: true });

const desk = createDesk(local, session);
const badge = createBadge(desk);
const answering = createAnswering(desk, badge);
const own = { id: chrome.runtime.id, origin: new URL(chrome.runtime.getURL("")).origin };

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  void answer(answering, own, message, sender).then(reply);
  // The answer comes later.
  return true;
});

chrome.runtime.onInstalled.addListener(() => {
  offerMenu();
  void settleDown();
});
chrome.runtime.onStartup.addListener(() => void settleDown());

// What waited for the worker that died goes out with the next one, whatever it was woken for.
void desk.resume();

/** The least a browser takes for an alarm that repeats is half a minute. */
async function settleDown(): Promise<void> {
  await chrome.alarms.create("badge", { periodInMinutes: 5 });
  await badge.refresh();
}
chrome.alarms.onAlarm.addListener(({ name }) => {
  if (name === "badge") void badge.refresh();
  if (name === "outbox") void desk.resume();
});

chrome.contextMenus.onClicked.addListener((clicked, tab) => {
  if (tab?.id === undefined) return;
  // At once: the browser opens it for a click only, and what is asked first would come between.
  void chrome.sidePanel.open({ tabId: tab.id });
  void proposeFrom(session, tab.id, clicked);
});
chrome.tabs.onRemoved.addListener((tabId) => void keepSubject(session, tabId, null));

// Not at once: whoever types in the side panel would lose it. They are told, and say when.
chrome.runtime.onUpdateAvailable.addListener(() => void session.set("update", true));
