/** What is answered where an id names nothing: the noun's own code. */
import { type IdPrefix, idNouns } from "@cadenza/shared/contract/fields";
import type { FieldError, ProblemCode } from "@cadenza/shared/problem";
import { BadRequest } from "./problem.ts";

/** Of the right form, and names nothing here: not found, wherever it stands, and nobody learns more. */
export function notFound(prefix: IdPrefix, where: FieldError["in"], pointer: string): BadRequest {
  const detail = `There is no such ${idNouns[prefix]} in this workspace.`;
  const code = notFoundCodes[prefix];
  return new BadRequest(code, detail, where === "path" ? [] : [{ in: where, pointer, detail }]);
}

const notFoundCodes: Record<IdPrefix, ProblemCode> = {
  wsp: "workspace_not_found",
  mbr: "member_not_found",
  key: "api_key_not_found",
  mbx: "mailbox_not_found",
  sch: "schedule_not_found",
  cmp: "company_not_found",
  ctc: "contact_not_found",
  dea: "deal_not_found",
  seq: "sequence_not_found",
  ver: "version_not_found",
  enr: "enrollment_not_found",
  tsk: "task_not_found",
  snd: "send_not_found",
  sup: "suppression_not_found",
  aud: "route_not_found",
  ntc: "notice_not_found",
  app: "embed_app_not_found",
};
