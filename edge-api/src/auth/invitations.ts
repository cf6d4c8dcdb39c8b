/**
 * Inviting, accepting and declining, each by the person who is signed in. better-auth decides who may and keeps the
 * invitations; what it refuses is said in our codes. The routes and the served pages call these.
 */
import type { ProblemCode } from "@cadenza/shared/problem";
import type { Role } from "@cadenza/shared/vocabulary";
import { isAPIError } from "better-auth/api";
import { findMembership } from "../db/directory.ts";
import {
  findInvitation,
  type OpenInvitation,
  voidInvitations,
  withdrawInvitation,
} from "../db/invitations.ts";
import { type MemberRow, syncMember } from "../db/members.ts";
import { AppError } from "../domain/errors.ts";
import { normaliseEmail } from "../domain/message.ts";
import type { System } from "../domain/system.ts";
import { type Auth, invitationDays } from "./auth.ts";
import { invitationMail } from "./mails.ts";

type Reached = { auth: Auth; systems: System[] };
/** Who is signed in; `headers` hold their session's cookie. */
type SignedIn = { user: { id: string; email: string; name: string }; headers: Headers };

/** Mails somebody a link to a workspace. Nothing is kept of an invitation whose mail was not taken. */
export async function invite(
  { auth, systems }: Reached,
  { headers }: SignedIn,
  organizationId: string,
  asked: { email: string; role: Role },
): Promise<OpenInvitation> {
  const first = systems[0]!;
  const email = normaliseEmail(asked.email);
  if (!email) throw new AppError("invalid_request", "Mail cannot be sent to this address.", "/email");
  if (!first.sendSystemMail) {
    throw new AppError("mail_not_set_up", "The operator has to set SYSTEM_MAIL_URL and SYSTEM_MAIL_FROM.");
  }
  const body = { email, role: asked.role, organizationId };
  const { id } = await orRefusal(auth.api.createInvitation({ headers, body }));
  const invitation = await findInvitation(first.db, id, first.wallNow());
  if (!invitation) throw new AppError("busy", "Somebody else invited the same person at this moment.");
  await voidInvitations(first.db, organizationId, email, invitation).run();
  try {
    await first.sendSystemMail(mailOf(invitation, first.publicUrl));
  } catch (error) {
    first.logError("an invitation was not mailed", error);
    await withdrawInvitation(first.db, organizationId, id);
    throw new AppError("mail_not_sent", "The mail server did not take the invitation: nobody was invited.");
  }
  return invitation;
}

/** Makes the signed-in person a member and puts their session into the workspace. Each invitation works once. */
export async function acceptInvitation(
  { auth, systems }: Reached,
  { user, headers }: SignedIn,
  invitationId: string,
): Promise<{ organizationId: string; member: MemberRow }> {
  const directory = systems[0]!.db;
  const open = await findInvitation(directory, invitationId, systems[0]!.wallNow());
  if (!open) throw gone();
  const { organizationId } = open;
  try {
    await orRefusal(auth.api.acceptInvitation({ headers, body: { invitationId } }));
  } catch (error) {
    // Another invitation, or an admin, was faster: the directory holds one membership a person.
    if (error instanceof AppError || !(await findMembership(directory, user.id, organizationId))) throw error;
    await voidInvitations(directory, organizationId, open.email).run();
    throw new AppError("member_exists", "You belong to this workspace already.");
  }
  await voidInvitations(directory, organizationId, open.email).run();
  const membership = await findMembership(directory, user.id, organizationId);
  if (!membership) throw gone();
  const { db, now } = systems[membership.shard]!;
  const { id: userId, email, name } = user;
  const person = { userId, email, name: name || email, role: membership.role, at: now() };
  return { organizationId, member: await syncMember(db, membership.workspaceId, person) };
}

export async function declineInvitation(
  { auth }: Pick<Reached, "auth">,
  { headers }: Pick<SignedIn, "headers">,
  invitationId: string,
): Promise<void> {
  await orRefusal(auth.api.rejectInvitation({ headers, body: { invitationId } }));
}

const mailOf = ({ id, email, role, workspaceName, invitedBy }: OpenInvitation, publicUrl: string) =>
  invitationMail({
    ...{ publicUrl, id, email, role },
    workspace: workspaceName,
    inviter: invitedBy,
    days: invitationDays,
  });

const gone = () =>
  new AppError("invitation_not_found", "It was used, withdrawn or has expired. Ask for a new one.");

/** What better-auth's organization plugin refuses with, and what that is here. */
const refusals: Record<string, [ProblemCode, string, pointer?: string]> = {
  INVITATION_NOT_FOUND: ["invitation_not_found", gone().message],
  YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION: [
    "invitation_for_another",
    "The invitation went to another address than the one you are signed in with.",
  ],
  EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION: [
    "email_not_verified",
    "Sign in with a link mailed to your address: that proves it is yours.",
  ],
  USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION: [
    "member_exists",
    "Somebody has this address already.",
    "/email",
  ],
  INVITATION_LIMIT_REACHED: ["too_many_invitations", "A hundred are open. Withdraw some first."],
  ORGANIZATION_MEMBERSHIP_LIMIT_REACHED: ["too_many_members", "The workspace is full."],
  INVALID_EMAIL: ["invalid_request", "Mail cannot be sent to this address.", "/email"],
  MEMBER_NOT_FOUND: ["not_a_member", "You do not belong to this workspace any more."],
  YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION: ["role_missing", "This needs the role `admin`."],
  UNAUTHORIZED: ["unauthenticated", "Your session has ended. Sign in again."],
};

async function orRefusal<Result>(asked: Promise<Result>): Promise<Result> {
  try {
    return await asked;
  } catch (error) {
    const refusal = isAPIError(error) && refusals[error.body?.code ?? ""];
    throw refusal ? new AppError(...refusal) : error;
  }
}
