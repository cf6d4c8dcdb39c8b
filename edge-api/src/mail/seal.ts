/**
 * Secrets at rest: AES-256-GCM under a key derived from the Worker's secret (HKDF), a fresh salt and nonce each time.
 * `v1.<salt>.<nonce>.<ciphertext>`, base64url; the version is authenticated, so that none can pass as another.
 */
const version = "v1";
const saltBytes = 16;
const nonceBytes = 12;

export async function seal(text: string, secret: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(saltBytes));
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const key = await keyFrom(secret, salt);
  const sealed = await crypto.subtle.encrypt(cipher(nonce), key, new TextEncoder().encode(text));
  return [version, ...[salt, nonce, new Uint8Array(sealed)].map(toText)].join(".");
}

/** @throws when it was sealed under another secret, or changed since. */
export async function unseal(sealed: string, secret: string): Promise<string> {
  const [found, salt = "", nonce = "", text = "", ...rest] = sealed.split(".");
  if (found !== version || rest.length) throw new Error("This is not a sealed text.");
  try {
    const key = await keyFrom(secret, toBytes(salt));
    const opened = await crypto.subtle.decrypt(cipher(toBytes(nonce)), key, toBytes(text));
    return new TextDecoder().decode(opened);
  } catch {
    throw new Error("A sealed text does not open: it was changed, or the Worker's secret was.");
  }
}

const cipher = (iv: Uint8Array) => ({
  name: "AES-GCM",
  iv,
  additionalData: new TextEncoder().encode(version),
});

async function keyFrom(secret: string, salt: Uint8Array): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "HKDF", false, [
    "deriveKey",
  ]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt, info: new TextEncoder().encode("cadenza seal") };
  return crypto.subtle.deriveKey(derivation, base, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
}

const toText = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const toBytes = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
    character.charCodeAt(0),
  );
