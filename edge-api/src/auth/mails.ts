/** The mails about getting in, as text and HTML. They carry no tracking and one link each. */
import type { Role } from "@cadenza/shared/vocabulary";
import { escapeHtml } from "../domain/message.ts";
import type { SystemMail } from "../domain/system.ts";

export function signInMail(asked: {
  publicUrl: string;
  email: string;
  token: string;
  /** Where to go afterwards: a path of ours, or nothing. */
  next: string;
  minutes: number;
}): SystemMail {
  const link = new URL("/sign-in/confirm", asked.publicUrl);
  link.searchParams.set("token", asked.token);
  if (asked.next) link.searchParams.set("next", asked.next);
  return withLink(asked.email, "Your sign-in link for Cadenza", {
    before: `Somebody, hopefully you, wants to sign in to Cadenza as ${asked.email}.`,
    verb: "Sign in",
    link: link.href,
    after: `The link works once, within ${asked.minutes} minutes. If it was not you, do nothing: nobody gets in without this mail.`,
  });
}

export function invitationMail(asked: {
  publicUrl: string;
  id: string;
  email: string;
  role: Role;
  workspace: string;
  inviter: string;
  days: number;
}): SystemMail {
  const link = new URL(`/invitations/${encodeURIComponent(asked.id)}`, asked.publicUrl);
  return withLink(asked.email, `${oneLine(asked.inviter)} invites you to ${oneLine(asked.workspace)}`, {
    before: `${asked.inviter} invites you to the workspace ${asked.workspace} in Cadenza, as ${asked.role}.`,
    verb: "Accept the invitation",
    link: link.href,
    after: `The invitation is for ${asked.email} and holds for ${asked.days} days.`,
  });
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, 80);

function withLink(
  to: string,
  subject: string,
  { before, verb, link, after }: { before: string; verb: string; link: string; after: string },
): SystemMail {
  return {
    to,
    subject,
    text: `${before}\n\n${verb}:\n${link}\n\n${after}\n`,
    html: `<p>${escapeHtml(before)}</p><p><a href="${escapeHtml(link)}">${escapeHtml(verb)}</a></p><p>${escapeHtml(after)}</p>`,
  };
}
