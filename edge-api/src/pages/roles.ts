/** What the roles are for, in a sentence each; what they may in detail is the table of shared/access.ts. */
import type { Role } from "@cadenza/shared/vocabulary";

export const roleText: Record<Role, string> = {
  admin: "An admin does everything, and decides who belongs here.",
  manager: "A manager builds sequences and sees everybody’s work.",
  rep: "A rep enrolls people and works their own tasks and mailbox.",
  viewer: "A viewer reads what is shared, and changes nothing.",
};
