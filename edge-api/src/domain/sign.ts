/** Short signatures over what leaves the Worker and comes back: Message-IDs, unsubscribe links. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** 64 bits: nobody guesses one online. */
const macBytes = 8;
export const macLength = 13;

/** Base36, so that it survives systems that fold case. `purpose` keeps one kind of token from passing as another. */
export function macOf(purpose: string, text: string, secret: string): string {
  const digest = hmac(sha256, utf8ToBytes(secret), utf8ToBytes(`${purpose} ${text}`));
  return BigInt(`0x${bytesToHex(digest.subarray(0, macBytes))}`)
    .toString(36)
    .padStart(macLength, "0");
}

/** A key for one purpose, in hex: what signs sessions must not also sign links. */
export const deriveKey = (secret: string, purpose: string): string =>
  bytesToHex(hmac(sha256, utf8ToBytes(secret), utf8ToBytes(`cadenza key ${purpose}`)));

/** Takes as long for a wrong first character as for a wrong last one. */
export function sameText(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i += 1) difference |= left.charCodeAt(i) ^ right.charCodeAt(i);
  return difference === 0;
}
