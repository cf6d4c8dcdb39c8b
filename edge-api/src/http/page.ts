/** A small page we serve to people: no script, its own style sheet and nothing else allowed. */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { escapeHtml } from "../domain/message.ts";

/** For a Content-Security-Policy that lets in this style sheet and no other. */
export const styleSource = (css: string): string =>
  `'sha256-${btoa(String.fromCharCode(...sha256(utf8ToBytes(css))))}'`;

/** @param body trusted HTML: whatever comes from data must have been escaped. */
export function page(status: number, title: string, body: string): Response {
  return new Response(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${style}</style><main><h1>${escapeHtml(title)}</h1>${body}</main></html>`,
    {
      status,
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": `default-src 'none'; style-src ${styleSource(style)}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      },
    },
  );
}

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;display:grid;min-height:100vh;place-items:center;background:light-dark(#fff,#16181b);color:light-dark(#1c1f23,#e8eaed)}
main{max-width:26rem;padding:2rem 1.5rem}h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:0 0 1.5rem}
button{font:inherit;padding:.5rem 1rem;border:0;border-radius:6px;background:light-dark(#1f5fd6,#8ab4ff);color:light-dark(#fff,#10131a);cursor:pointer}
button:focus-visible{outline:2px solid currentColor;outline-offset:2px}`;
