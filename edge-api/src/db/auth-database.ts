/**
 * The drizzle handle the sign-in library is given: it knows which of the library's tables belong together, so that a
 * session comes with its person in one query. Without that the library asks twice, and prints what fails of the second
 * to the console, parameters and all.
 */
import { relations } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as tables from "./auth-schema.ts";

const { user, session, account, member, organization, invitation } = tables;

/** Named as the library looks for them. */
const related = {
  userRelations: relations(user, ({ many }) => ({ accounts: many(account), sessions: many(session) })),
  sessionRelations: relations(session, ({ one }) => ({
    user: one(user, { fields: [session.userId], references: [user.id] }),
  })),
  accountRelations: relations(account, ({ one }) => ({
    user: one(user, { fields: [account.userId], references: [user.id] }),
  })),
  organizationRelations: relations(organization, ({ many }) => ({
    members: many(member),
    invitations: many(invitation),
  })),
  memberRelations: relations(member, ({ one }) => ({
    user: one(user, { fields: [member.userId], references: [user.id] }),
    organization: one(organization, { fields: [member.organizationId], references: [organization.id] }),
  })),
  invitationRelations: relations(invitation, ({ one }) => ({
    organization: one(organization, { fields: [invitation.organizationId], references: [organization.id] }),
  })),
};

export const authDatabase = (d1: D1Database) => drizzle(d1, { schema: { ...tables, ...related } });
