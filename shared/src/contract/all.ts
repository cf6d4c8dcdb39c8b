/** Every contract by route name. A name in routes.ts without one does not compile. */
import type { RouteName } from "../routes.ts";
import { apiKeyContracts } from "./api-keys.ts";
import { auditContracts } from "./audit.ts";
import { companyContracts } from "./companies.ts";
import { contactContracts } from "./contacts.ts";
import type { Contract } from "./contract.ts";
import { dealContracts } from "./deals.ts";
import { engineContracts } from "./engine.ts";
import { enrollmentContracts } from "./enrollments.ts";
import { mailboxContracts } from "./mailboxes.ts";
import { memberContracts } from "./members.ts";
import { scheduleContracts } from "./schedules.ts";
import { sequenceContracts } from "./sequences.ts";
import { suppressionContracts } from "./suppressions.ts";
import { taskContracts } from "./tasks.ts";
import { workspaceContracts } from "./workspace.ts";

export const contracts = {
  ...workspaceContracts,
  ...memberContracts,
  ...apiKeyContracts,
  ...mailboxContracts,
  ...scheduleContracts,
  ...companyContracts,
  ...contactContracts,
  ...dealContracts,
  ...suppressionContracts,
  ...sequenceContracts,
  ...enrollmentContracts,
  ...taskContracts,
  ...engineContracts,
  ...auditContracts,
} as const satisfies Record<RouteName, Contract>;

export type Contracts = typeof contracts;
