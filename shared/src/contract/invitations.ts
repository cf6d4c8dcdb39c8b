/** Asking people in. An invitation's id is a secret of its mail's link and no row's key: it has no prefix. */
import * as z from "zod";
import { roles } from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import { email, instant, page, pageQuery } from "./fields.ts";

export const invitation = z
  .strictObject({
    id: z.string(),
    email: z.string(),
    role: z.enum(roles),
    invitedBy: z.string().meta({ description: "The name of whoever invites." }),
    createdAt: instant(),
    expiresAt: instant(),
  })
  .meta({ id: "Invitation" });

const exampleId = "Vt3kq0b1nT5wR8yZ2mX7cL4pD6sF9hJa";
const exampleInvitation = {
  id: exampleId,
  email: "noor@northwind.example",
  role: "rep",
  invitedBy: "Ada Alves",
  createdAt: "2026-11-23T09:30:00.000Z",
  expiresAt: "2026-11-30T09:30:00.000Z",
};

export const invitationContracts = {
  "invitations.list": {
    summary: "List open invitations",
    description: "Newest first. What was accepted, declined, withdrawn or has expired is not among them.",
    access: "administer",
    query: z.strictObject(pageQuery),
    response: page(invitation),
    example: { response: { items: [exampleInvitation], nextCursor: null } },
  },
  "invitations.create": {
    summary: "Invite somebody",
    description:
      "Mails them a link that holds for seven days; an older open invitation to the address is withdrawn. Only a signed-in admin can: the mail says who invites. To add somebody with a key, add a member.",
    access: "administer",
    limit: "invite",
    body: z.strictObject({ email: email(), role: z.enum(roles).default("rep") }),
    response: invitation,
    status: 201,
    problems: [
      "member_needed",
      "session_needed",
      "member_exists",
      "too_many_invitations",
      "mail_not_set_up",
      "mail_not_sent",
    ],
    example: { body: { email: "noor@northwind.example", role: "rep" }, response: exampleInvitation },
  },
  "invitations.withdraw": {
    summary: "Withdraw an invitation",
    description: "Its link opens nothing any more.",
    access: "administer",
    params: z.strictObject({ id: z.string().max(200) }),
    problems: ["invitation_not_found"],
    example: { params: { id: exampleId } },
  },
} as const satisfies Record<string, Contract>;
