/**
 * A page we serve to people, with the headers that keep it ours: its own style sheet and nothing else. No script, unless
 * it shows an element of the widget: then our own files, and requests to us.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { type PageContent, renderPage } from "../pages/document.ts";
import { pageStyle } from "../pages/style.ts";

/** For a Content-Security-Policy that lets in this style sheet and no other. */
export const styleSource = (css: string): string =>
  `'sha256-${btoa(String.fromCharCode(...sha256(utf8ToBytes(css))))}'`;

/** An origin, or a scheme. URL parsers let `;` and `,` stand in a host, which would end this list and begin another. */
const source = /^[a-z][a-z0-9+.-]*:(\/\/[a-z0-9._[\]:-]+)?$/;

let pageStyleSource: string | undefined;

export async function page(
  status: number,
  content: PageContent,
  headers: Record<string, string> = {},
): Promise<Response> {
  pageStyleSource ??= styleSource(pageStyle);
  // A form's answer may lead elsewhere (to Google, to the program that asked): browsers ask this list then, too.
  const targets = ["'self'", ...(content.formTargets ?? []).filter((target) => source.test(target))].join(
    " ",
  );
  const scripts = content.hasWidget ? " script-src 'self'; connect-src 'self';" : "";
  return new Response(String(await renderPage(content)), {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none';${scripts} style-src ${pageStyleSource}; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`,
      // Under `no-referrer` a browser says `Origin: null` with our own forms, and they would be refused as foreign.
      "referrer-policy": "same-origin",
      ...headers,
    },
  });
}
