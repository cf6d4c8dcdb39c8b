/**
 * Every way a request can be refused: the stable `code`, and the status and title that go with it (RFC 9457).
 * Commands throw an AppError with a code; only http/ and clients look at the status. Never go from status to code.
 */
export const problems = {
  // The request as such
  malformed_json: { status: 400, title: "The body is not JSON" },
  unauthenticated: { status: 401, title: "Who is asking is not known" },
  scope_missing: { status: 403, title: "The key may not do this" },
  role_missing: { status: 403, title: "Your role may not do this" },
  member_needed: { status: 403, title: "Only a person may do this" },
  session_needed: { status: 403, title: "Only a signed-in person may do this" },
  live_mode_needed: { status: 403, title: "A test key may not do this" },
  not_a_member: { status: 403, title: "You do not belong to this workspace" },
  not_yours: { status: 403, title: "It belongs to somebody else" },
  foreign_page: { status: 403, title: "Another page asked in your name" },
  route_not_found: { status: 404, title: "There is no such address" },
  method_not_allowed: { status: 405, title: "This address does not take that method" },
  revision_conflict: { status: 412, title: "Somebody changed it meanwhile" },
  body_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The body is of another type" },
  invalid_request: { status: 422, title: "Some fields are not right" },
  rate_limited: { status: 429, title: "Too many requests" },
  precondition_required: { status: 428, title: "Say which revision you change" },
  internal: { status: 500, title: "Something broke on our side" },
  mail_not_sent: { status: 502, title: "The mail could not be sent" },
  mail_not_set_up: { status: 503, title: "No mail can go out from here" },

  // Idempotency-Key
  idempotency_key_reused: { status: 422, title: "This Idempotency-Key was used for another request" },
  idempotency_in_progress: {
    status: 409,
    title: "The first request with this Idempotency-Key is still running",
  },

  // A host's token, and the session it was exchanged for
  embed_token_malformed: { status: 401, title: "The host's token cannot be read" },
  embed_algorithm_refused: { status: 401, title: "The host's token is not signed with HS256" },
  embed_issuer_wrong: { status: 401, title: "The host's token is not of the app its secret belongs to" },
  embed_kid_unknown: { status: 401, title: "The host's token names a secret nobody has" },
  embed_kid_revoked: { status: 401, title: "The host's secret was revoked" },
  embed_signature_wrong: { status: 401, title: "The host's token is not signed with that secret" },
  embed_claim_wrong: { status: 401, title: "A claim of the host's token is missing or not right" },
  embed_audience_wrong: { status: 401, title: "The host's token is for somebody else" },
  embed_token_expired: { status: 401, title: "The host's token has expired" },
  embed_token_not_yet_valid: { status: 401, title: "The host's token does not hold yet" },
  embed_token_too_long_lived: { status: 401, title: "The host's token lives too long" },
  embed_app_disabled: { status: 403, title: "The host app is disabled" },
  embed_origin_refused: { status: 403, title: "The host app does not run there" },
  embed_token_elsewhere: { status: 403, title: "The host's token belongs to another page" },
  embed_member_unknown: { status: 403, title: "The host's user is no member here" },

  // Nouns. Another workspace's id is not found, too.
  workspace_not_found: { status: 404, title: "No such workspace" },
  member_not_found: { status: 404, title: "No such member" },
  member_exists: { status: 409, title: "There is a member with this address" },
  member_removed: { status: 409, title: "The member was removed" },
  last_admin: { status: 409, title: "The last admin stays one" },
  too_many_members: { status: 409, title: "The workspace has no room for more members" },
  invitation_not_found: { status: 404, title: "No such open invitation" },
  invitation_for_another: { status: 403, title: "The invitation is for another address" },
  email_not_verified: { status: 403, title: "The address has to be proven first" },
  too_many_invitations: { status: 409, title: "Too many invitations are open" },
  notice_not_found: { status: 404, title: "No such notice" },
  connection_not_found: { status: 404, title: "No such connection" },
  api_key_not_found: { status: 404, title: "No such API key" },
  api_key_over: { status: 409, title: "The API key has ended or was replaced" },
  api_key_would_outlive: { status: 403, title: "A key makes none that outlives it" },
  embed_app_not_found: { status: 404, title: "No such host app" },
  embed_secret_not_found: { status: 404, title: "The host app has no such secret" },
  embed_secret_limit: { status: 409, title: "The host app has two secrets already" },
  mailbox_not_found: { status: 404, title: "No such mailbox" },
  mailbox_exists: { status: 409, title: "There is a mailbox with this address" },
  schedule_not_found: { status: 404, title: "No such schedule" },
  schedule_exists: { status: 409, title: "There is a schedule with this name" },
  company_not_found: { status: 404, title: "No such company" },
  company_exists: { status: 409, title: "There is a company with this name" },
  contact_not_found: { status: 404, title: "No such contact" },
  contact_ambiguous: { status: 409, title: "These belong to different contacts" },
  address_taken: { status: 409, title: "The address belongs to another contact" },
  deal_not_found: { status: 404, title: "No such deal" },
  reference_not_found: { status: 404, title: "No record has this external reference" },
  reference_ambiguous: { status: 409, title: "Several records have this external reference" },
  reference_taken: { status: 409, title: "The external reference belongs to another record" },
  suppression_not_found: { status: 404, title: "No such suppression" },
  hold_not_found: { status: 404, title: "No hold on this person" },
  sequence_not_found: { status: 404, title: "No such sequence" },
  sequence_exists: { status: 409, title: "There is a sequence with this name" },
  version_not_found: { status: 404, title: "No such sequence version" },
  sequence_not_ready: { status: 422, title: "The sequence cannot be published yet" },
  sequence_archived: { status: 409, title: "The sequence is archived" },
  sequence_not_active: { status: 409, title: "The sequence is not active" },
  sequence_not_paused: { status: 409, title: "The sequence is not paused" },
  enrollment_not_found: { status: 404, title: "No such enrollment" },
  enrollment_not_active: { status: 409, title: "The enrollment is not active" },
  enrollment_not_paused: { status: 409, title: "The enrollment is not paused" },
  enrollment_ended: { status: 409, title: "The enrollment has ended" },
  enrollment_not_ended: { status: 409, title: "The enrollment has not ended" },
  enrollment_all_steps_done: { status: 409, title: "All its steps are done" },
  enrollment_unreadable: { status: 409, title: "The enrollment's data cannot be read" },
  send_not_found: { status: 404, title: "No such send" },
  send_in_flight: { status: 409, title: "A mail is on the wire" },
  send_uncertain: { status: 409, title: "A mail has to be settled first" },
  send_not_uncertain: { status: 409, title: "There is nothing to settle" },
  task_not_found: { status: 404, title: "No such task" },
  task_not_open: { status: 409, title: "The task is not open" },
  task_not_manual_email: { status: 409, title: "The task is not a manual email" },
  task_wants_settlement: { status: 409, title: "The task asks about a send" },
  task_wants_approval: { status: 409, title: "The mail has to be approved, skipped or sent by hand" },
  draft_not_sendable: { status: 422, title: "The draft cannot be sent" },
  mail_unreadable: { status: 422, title: "The mail cannot be read" },
  busy: { status: 409, title: "Others are changing it at this moment" },

  // Why somebody is not enrolled
  no_email: { status: 409, title: "The person has no email address" },
  invalid_email: { status: 409, title: "The person's address is not valid" },
  suppressed: { status: 409, title: "The address is suppressed" },
  on_hold: { status: 409, title: "The person is on hold" },
  own_address: { status: 409, title: "The address is one of your own mailboxes" },
  already_enrolled: { status: 409, title: "The person is already in this sequence" },
  enrolled_before: { status: 409, title: "The person was in this sequence before" },
  not_published: { status: 409, title: "The sequence was never published" },
  no_mailbox: { status: 409, title: "There is no mailbox to send from" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** One field that is not right: `pointer` is RFC 6901 into the part of the request that `in` names. */
export type FieldError = { in: "body" | "query" | "path" | "header"; pointer: string; detail: string };

/** What `application/problem+json` holds. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  requestId: string;
  errors?: FieldError[];
};
