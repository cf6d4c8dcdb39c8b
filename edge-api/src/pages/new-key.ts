/** An API key's token, on the one page that shows it. */
import { html } from "hono/html";
import type { Hall, PageContent } from "./document.ts";
import { listed } from "./parts.ts";
import { secretPage, secretSeenPage } from "./secret.ts";
import { until } from "./time.ts";

export type NewKey = {
  name: string;
  scopes: string[];
  isTest: boolean;
  expiresAt: number | null;
  token: string;
};

export const newKeyPage = (hall: Hall, key: NewKey, publicUrl: string): PageContent =>
  secretPage(hall, {
    title: `The token of ${key.name}`,
    about: html`It may ${listed(key.scopes.map((scope) => scopeVerb[scope] ?? scope))}${key.isTest ? " in the test twin, which mails nobody" : ""}${
      key.expiresAt === null
        ? ", until somebody revokes it"
        : html`, until ${until(key.expiresAt, hall.zone)}`
    }.`,
    label: "Token",
    text: key.token,
    use: html`<p>Each request carries it, as <code>Authorization: Bearer cdz_…</code>. To see that it works${key.scopes.includes("read") ? "" : ", with one that may read"}:</p>
<pre class="sample">curl ${publicUrl}/v1/workspace -H "authorization: Bearer $CADENZA_KEY"</pre>`,
    back: "/app/api-keys",
  });

const scopeVerb: Record<string, string> = { admin: "administer", inbound: "hand in mail" };

export const keySeenPage = (hall: Hall): PageContent =>
  secretSeenPage(
    hall,
    "key",
    html`Did you not keep its token? Rotate the key, and the old one ends at once if you like.`,
    "/app/api-keys",
  );
