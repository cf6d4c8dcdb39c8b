/** Addresses behind which nobody in particular reads, or nobody at all: told to whoever enrolls one, never refused. */

/** What is before the `@`, as it is usually written for a machine or a department (RFC 2142 and its relatives). */
const roles =
  /^(no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer-daemon|postmaster|hostmaster|webmaster|abuse|bounces?|notifications?|info|contact|kontakt|contacto|contato|hello|office|sales|support|help|helpdesk|service|admin|administrator|billing|accounts?|accounting|invoices?|hr|jobs|careers|marketing|press|security|privacy|team|all|everyone|newsletter|unsubscribe)$/;

export const isRoleAddress = (email: string): boolean =>
  roles.test(email.slice(0, email.lastIndexOf("@")).replace(/\+.*$/, ""));
