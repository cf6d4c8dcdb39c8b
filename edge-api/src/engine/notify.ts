/**
 * Mails members what they should hear of. A turn takes a few members, each with everything that is new for them.
 *
 * Invariant: a notice is taken before its mail goes out, and given back only where the server provably did not take it:
 * never two mails about one thing, and where a Worker dies in between the notice is still in the list.
 */

import type { Mode, NoticeKind } from "@cadenza/shared/vocabulary";
import type { MemberId, NoticeId } from "../domain/ids.ts";
import { choiceOf, type NoticeChoice, type NoticeFacts, nextDigest, sayNotice } from "../domain/notice.ts";

export interface NotifyDeps {
  now(): number;
  listDueMembers(
    now: number,
    limit: number,
  ): Promise<
    {
      memberId: MemberId;
      email: string;
      removedAt: number | null;
      mode: Mode;
      notify: string | null;
      timeZone: string;
      workspaceName: string;
    }[]
  >;
  takeDue(
    memberId: MemberId,
    now: number,
    choice: { daily: NoticeKind[]; never: NoticeKind[]; digestAt: number },
  ): Promise<(NoticeFacts & { id: NoticeId })[]>;
  giveBack(ids: NoticeId[], dueAt: number): Promise<void>;
  mail(to: string, subject: string, lines: string[]): Promise<void>;
  logError(message: string, error: unknown): void;
}

const membersATurn = 20;
const retryMs = 15 * 60_000;

/** @returns how many mails went out. */
export async function notify(deps: NotifyDeps): Promise<number> {
  let mailed = 0;
  const now = deps.now();
  for (const member of await deps.listDueMembers(now, membersATurn)) {
    const choice = choiceOf(parsed(member.notify));
    // Who is gone is told nothing, and from a test workspace nobody is.
    const isMute = member.removedAt !== null || member.mode === "test";
    const taken = await deps.takeDue(member.memberId, now, {
      never: isMute ? (Object.keys(choice) as NoticeKind[]) : kindsWith(choice, "never"),
      daily: kindsWith(choice, "daily"),
      digestAt: nextDigest(now, member.timeZone),
    });
    if (!taken.length) continue;
    try {
      await deps.mail(member.email, subjectOf(taken, member.workspaceName), taken.map(sayNotice));
      mailed += 1;
    } catch (error) {
      deps.logError("a notice could not be mailed; it is tried again", error);
      await deps.giveBack(
        taken.map(({ id }) => id),
        now + retryMs,
      );
    }
  }
  return mailed;
}

const kindsWith = (choice: NoticeChoice, mail: string): NoticeKind[] =>
  (Object.keys(choice) as NoticeKind[]).filter((kind) => choice[kind] === mail);

function parsed(text: string | null): Record<string, unknown> | null {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

function subjectOf(taken: NoticeFacts[], workspaceName: string): string {
  const [first] = taken;
  const text = taken.length === 1 && first ? sayNotice(first) : `${taken.length} things to look at`;
  return `${text.replace(/\s+/g, " ").slice(0, 120)} · ${workspaceName.replace(/\s+/g, " ").slice(0, 60)}`;
}
