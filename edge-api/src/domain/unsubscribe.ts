/**
 * The link under every mail (RFC 8058): names one person, signed, and never expires, for a person may opt out of a
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
