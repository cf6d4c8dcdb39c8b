/** What a member should hear of: their list, and how they want to hear it. */

import { chooseNotices, loadMember } from "../db/members.ts";
import { listNotices, type NoticeRow, readNotices } from "../db/notices.ts";
import { AppError } from "../domain/errors.ts";
import { choiceOf, sayNotice } from "../domain/notice.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function noticeRoutes(app: Router): void {
  endpoint(app, "notices.list", async ({ system, actor, query }) => {
    const asked = { ...query, unread: query.unread === "true" };
    const page = await listNotices(system.db, actor.workspaceId, actor.memberId!, asked);
    return { ...page, items: page.items.map(told) };
  });
  endpoint(app, "notices.read", async ({ system, actor, params }) => {
    const read = await readNotices(system.db, actor.workspaceId, actor.memberId!, params.id, system.now());
    if (read === null) throw new AppError("notice_not_found", "You have no such notice.");
    return { read };
  });
  endpoint(app, "me.noticeChoice", async ({ system, actor }) =>
    choiceOf((await loadMember(system.db, actor.workspaceId, actor.memberId!)).notify),
  );
  endpoint(app, "me.chooseNotices", async ({ system, actor, body }) => {
    const { notify } = await loadMember(system.db, actor.workspaceId, actor.memberId!);
    const chosen = { ...choiceOf(notify), ...body };
    await chooseNotices(system.db, actor.workspaceId, actor.memberId!, chosen);
    return choiceOf(chosen);
  });
}

const told = (row: NoticeRow) => ({ ...row, text: sayNotice(row) });
