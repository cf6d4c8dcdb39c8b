/** A member's notices on a page of their own. */
import { listNotices, readNotices } from "../db/notices.ts";
import { AppError } from "../domain/errors.ts";
import { sayNotice } from "../domain/notice.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import type { Router } from "../http/endpoint.ts";
import { page } from "../http/page.ts";
import { hallOf, keyIn, redirect, servePage } from "../http/serve-page.ts";
import { noticesPage } from "../pages/notices.ts";

const noticesShown = 50;

export function noticePages(app: Router): void {
  servePage(app, "app.notices", async (visit) => {
    const { system, actor, url } = visit;
    const onlyUnread = url.searchParams.get("unread") === "true";
    const cursor = decodeCursor(url.searchParams.get("after") ?? "") ?? undefined;
    const found = await listNotices(system.db, actor.workspaceId, actor.memberId!, {
      ...{ limit: noticesShown, cursor, unread: onlyUnread },
    });
    const on = found.nextCursor && {
      after: encodeCursor(found.nextCursor),
      ...(onlyUnread && { unread: "true" }),
    };
    const shown = {
      notices: found.items.map((row) => ({
        ...{ id: visit.publicId("ntc", row.id), text: sayNotice(row), at: row.at },
        isRead: row.readAt !== null,
      })),
      ...{ onlyUnread, isFirstPage: cursor === undefined },
      more: on && `/app/notices?${new URLSearchParams(on)}`,
      done: url.searchParams.get("done"),
    };
    return page(200, noticesPage(await hallOf(visit, "notices"), shown));
  });

  servePage(app, "notices.read", async (visit) => {
    const { system, actor } = visit;
    const read = await readNotices(
      ...([system.db, actor.workspaceId, actor.memberId!, keyIn(visit, "ntc"), system.now()] as const),
    );
    if (read === null) throw new AppError("notice_not_found", "You have no such notice.");
    return redirect("/app/notices?done=read");
  });
}
