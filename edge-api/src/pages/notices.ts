/** What a member should hear of: their own list, the newest first. */
import { html } from "hono/html";
import type { Hall, Html, PageContent } from "./document.ts";
import { doneNote, state } from "./parts.ts";
import { instant } from "./time.ts";

/** The id is the API's; the text is the sentence that is mailed, too. */
export type NoticeLine = { id: string; text: string; at: number; isRead: boolean };

export type Notices = {
  notices: NoticeLine[];
  /** Only what is unread is shown. */
  onlyUnread: boolean;
  isFirstPage: boolean;
  /** Where older ones are. */
  more: string | null;
  done: string | null;
};

const dones: Record<string, [word: string, text: string]> = {
  read: ["Read.", "What comes from now on is new again."],
};

export const noticesPage = (hall: Hall, shown: Notices): PageContent => {
  const newest = shown.notices.find(({ isRead }) => !isRead);
  return {
    title: "Notices",
    hall,
    body: html`${doneNote(dones, shown.done)}
<div class="row apart"><p>${shown.onlyUnread ? html`<a href="/app/notices">All notices</a>` : html`<a href="/app/notices?unread=true">Only unread ones</a>`} · <a href="/app/settings">What you are told by mail</a></p>
${newest ? html`<form method="post" action="/app/notices/${newest.id}/read"><button>${shown.isFirstPage ? "Mark all as read" : "Mark these and older ones as read"}</button></form>` : ""}</div>
${shown.notices.length ? html`<ul class="list">${shown.notices.map((notice) => noticeLine(notice, hall.zone))}</ul>` : nothing(shown)}
${shown.more ? html`<p><a href="${shown.more}">Older notices</a></p>` : ""}`,
  };
};

const noticeLine = (
  { text, at, isRead }: NoticeLine,
  zone: string,
): Html => html`<li${isRead ? html` class="over"` : ""}>
<p${isRead ? "" : html` class="name"`}>${text}</p>
<p class="small soft">${isRead ? "" : html`${state("new", "unread")} · `}${instant(at, zone)}</p></li>`;

const nothing = ({ onlyUnread, isFirstPage }: Notices): Html =>
  onlyUnread || !isFirstPage
    ? html`<p class="soft">${onlyUnread ? "You have read them all." : "No older ones."}</p>`
    : html`<p class="soft">Nothing yet. When somebody answers you, a mail comes back, or one of your mailboxes stops, it stands here,
and in your mail if you like.</p>`;
