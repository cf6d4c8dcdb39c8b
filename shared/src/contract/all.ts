/** Every contract by route name. A name in routes.ts without one does not compile. */
import type { RouteName } from "../routes.ts";
import { apiKeyContracts } from "./api-keys.ts";
import { auditContracts } from "./audit.ts";
import { companyContracts } from "./companies.ts";
import { connectionContracts } from "./connections.ts";
import { contactDataContracts } from "./contact-data.ts";
import { contactContracts } from "./contacts.ts";
import type { Contract } from "./contract.ts";
import { dealContracts } from "./deals.ts";
import { embedContracts } from "./embed-apps.ts";
import { engineContracts } from "./engine.ts";
import { enrollmentContracts } from "./enrollments.ts";
import { invitationContracts } from "./invitations.ts";
import { mailboxContracts } from "./mailboxes.ts";
import { meContracts } from "./me.ts";
import { memberContracts } from "./members.ts";
import { noticeContracts } from "./notices.ts";
import { recordContracts } from "./record.ts";
import { scheduleContracts } from "./schedules.ts";
import { sequenceContracts } from "./sequences.ts";
import { suppressionContracts } from "./suppressions.ts";
import { taskContracts } from "./tasks.ts";
import { templateContracts } from "./templates.ts";
import { workspaceContracts } from "./workspace.ts";

export const contracts = {
  ...workspaceContracts,
  ...memberContracts,
  ...invitationContracts,
  ...meContracts,
  ...apiKeyContracts,
  ...mailboxContracts,
  ...scheduleContracts,
  ...companyContracts,
  ...contactContracts,
  ...contactDataContracts,
  ...dealContracts,
  ...recordContracts,
  ...suppressionContracts,
  ...sequenceContracts,
  ...templateContracts,
  ...enrollmentContracts,
  ...taskContracts,
  ...engineContracts,
  ...embedContracts,
  ...auditContracts,
  ...connectionContracts,
  ...noticeContracts,
} as const satisfies Record<RouteName, Contract>;

export type Contracts = typeof contracts;
