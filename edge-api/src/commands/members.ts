/** Who belongs to a workspace. */
import type { Role } from "@cadenza/shared/vocabulary";
import { insertMember, type MemberRow } from "../db/members.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { System } from "../domain/system.ts";
import { checkedEmail } from "./fields.ts";

export async function createMember(
  { db, now }: System,
  { workspaceId }: Actor,
  asked: { email: string; name: string; role: Role },
): Promise<MemberRow> {
  const email = checkedEmail(asked.email, "/email");
  const member = await insertMember(db, { ...asked, email, workspaceId, createdAt: now() });
  if (!member) throw new AppError("member_exists", "Somebody has this address already.", "/email");
  return member;
}
