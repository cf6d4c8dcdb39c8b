/** The first run: the one workspace that nobody of it makes. */
import { hasWorkspaces, insertFirstWorkspace } from "../db/setup.ts";
import { sameText } from "../domain/sign.ts";
import type { System } from "../domain/system.ts";
import { hashSecret } from "./api-keys.ts";
import { checkedEmail, checkTimeZone } from "./fields.ts";

/** Hashed first: then the comparison takes as long for any length. */
export const isSetupToken = (given: string, expected: string): boolean =>
  sameText(hashSecret(given), hashSecret(expected));

export async function isSetUp(systems: System[]): Promise<boolean> {
  const shards = await Promise.all(systems.map(({ db }) => hasWorkspaces(db)));
  return shards.includes(true);
}

/**
 * @param publicId what the first workspace is called outside.
 * @returns the admin's address in its normal form; null when there is a workspace already.
 */
export async function setUp(
  systems: System[],
  publicId: string,
  asked: { name: string; timeZone: string; admin: { email: string; name: string } },
): Promise<{ email: string } | null> {
  const { db, now, wallNow, newToken } = systems[0]!;
  checkTimeZone(asked.timeZone);
  const email = checkedEmail(asked.admin.email, "/admin/email");
  if (await isSetUp(systems)) return null;
  const { name, timeZone } = asked;
  const made = await insertFirstWorkspace(
    db,
    { publicId, name, timeZone, at: now() },
    { id: newToken(), membershipId: newToken(), email, name: asked.admin.name, at: wallNow() },
  );
  return made ? { email } : null;
}
