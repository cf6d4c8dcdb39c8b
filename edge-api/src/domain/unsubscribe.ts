/**
 * The link under every mail (RFC 8058), and the mail that asks for the same (RFC 2369): names one person, signed, and never expires, for a person may opt out of a
 * mail they find years later.
 */
import type { ContactId } from "./ids.ts";
import { macLength, macOf, sameText } from "./sign.ts";

export function unsubscribeToken(person: { shard: number; contactId: ContactId }, secret: string): string {
  const name = `${person.shard.toString(36)}.${person.contactId.toString(36)}`;
  return `${name}.${macOf("unsubscribe", name, secret)}`;
}

export function parseUnsubscribeToken(
  token: string,
  secret: string,
): { shard: number; contactId: ContactId } | null {
  const match = new RegExp(`^([0-9a-z]{1,4})\\.([0-9a-z]{1,11})\\.([0-9a-z]{${macLength}})$`).exec(token);
  const [, shard = "", contact = "", mac = ""] = match ?? [];
  if (!match || !sameText(macOf("unsubscribe", `${shard}.${contact}`, secret), mac)) return null;
  return { shard: Number.parseInt(shard, 36), contactId: Number.parseInt(contact, 36) as ContactId };
}

/** Asks by mail for what the link does; the same token says who. */
export function unsubscribeMailto(address: string, url: string): string {
  const at = address.lastIndexOf("@");
  const to = `${encodeURIComponent(address.slice(0, at))}${address.slice(at)}`;
  return `mailto:${to}?subject=${encodeURIComponent(`unsubscribe ${url.slice(url.lastIndexOf("/") + 1)}`)}`;
}

/** Whom such a mail takes off: whoever sends it, for it may be a mail program's robot or another address of theirs. */
export function parseUnsubscribeSubject(subject: string, secret: string) {
  const [, token] = /^\s*unsubscribe\s+(\S+)\s*$/i.exec(subject) ?? [];
  return token ? parseUnsubscribeToken(token.toLowerCase(), secret) : null;
}
