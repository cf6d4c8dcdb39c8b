/** The proof that whoever trades a code in is whoever asked for it (RFC 7636). */

export type Proof = { verifier: string; challenge: string };

export async function newProof(): Promise<Proof> {
  const verifier = base64Url(crypto.getRandomValues(new Uint8Array(48)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return { verifier, challenge: base64Url(new Uint8Array(digest)) };
}

export const newState = (): string => base64Url(crypto.getRandomValues(new Uint8Array(24)));

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
