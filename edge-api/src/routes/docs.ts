/** The API's own description: for machines at /openapi.json, for people at /docs. Both are made from the contracts. */
import { renderDocs } from "../http/docs-page.ts";
import { docsStyle } from "../http/docs-style.ts";
import type { Router } from "../http/endpoint.ts";
import { openApiDocument } from "../http/openapi.ts";
import { styleSource } from "../http/page.ts";

/** It changes with a deploy only. */
const cacheControl = "public, max-age=300";

export function docsRoutes({ hono }: Router): void {
  hono.get("/openapi.json", (c) => {
    const { json } = described(c.env.systems[0]!.publicUrl);
    return c.body(json, 200, { "content-type": "application/json", "cache-control": cacheControl });
  });
  hono.get("/docs", (c) => {
    const { html } = described(c.env.systems[0]!.publicUrl);
    return c.body(html, 200, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": cacheControl,
      "content-security-policy": contentSecurityPolicy(),
    });
  });
}

let known: { publicUrl: string; json: string; html: string } | undefined;

/** Made at the first request and kept: most isolates never need it. */
function described(publicUrl: string): { json: string; html: string } {
  if (known?.publicUrl !== publicUrl) {
    const document = openApiDocument(publicUrl);
    known = { publicUrl, json: JSON.stringify(document), html: renderDocs(document) };
  }
  return known;
}

/** Our own style sheet and nothing else at all. */
const contentSecurityPolicy = (): string =>
  `default-src 'none'; style-src ${styleSource(docsStyle)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
