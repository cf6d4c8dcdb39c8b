/** Who is signed in, said to Cadenza: on the CRM's server, which alone has the secret (docs/embed.md, "Sign a token"). */
import { createHmac } from "node:crypto";

export type Registered = { cadenza: string; app: string; kid: string; secret: string };
export type User = { id: string; email: string; name: string };

const heldS = 15 * 60;

export function cadenzaToken({ cadenza, app, kid, secret }: Registered, user: User): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const now = Math.floor(Date.now() / 1_000);
  const { id: sub, email, name } = user;
  const claims = { iss: app, aud: cadenza, sub, email, name, iat: now, exp: now + heldS };
  const signed = `${encode({ alg: "HS256", typ: "JWT", kid })}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
