/** The iframe for hosts that let no foreign script into their pages. Who may frame it is the app's own list. */
import { findFrameOrigins } from "../db/embed-apps.ts";
import type { System } from "../domain/system.ts";
import type { Router } from "../http/endpoint.ts";
import { page, styleSource } from "../http/page.ts";
import { parseId } from "../http/public-id.ts";
import { frameStyle, renderFrame } from "../pages/embed-frame.ts";
import { nothingHerePage } from "../pages/refusals.ts";
import { servedBy } from "./widget.ts";

export function embedFrameRoutes({ hono }: Router): void {
  // It leads to the newest, as the panel's entry does.
  hono.get("/embed/frame.js", async (c) => {
    const { frame } = await servedBy(c);
    return c.body(`import "/${frame}";\n`, 200, {
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=300",
    });
  });
  hono.get("/embed/:app/frame", async (c) => {
    const origins = await originsOf(c.env.systems, c.req.param("app"));
    if (!origins) return page(404, nothingHerePage());
    return new Response(String(await renderFrame(origins)), {
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": contentSecurityPolicy(origins),
        // Its own requests are to say where they come from, and a host may embed it under COEP.
        "referrer-policy": "same-origin",
        "cross-origin-resource-policy": "cross-origin",
      },
    });
  });
}

async function originsOf(systems: System[], id: string): Promise<string[] | null> {
  const app = parseId("app", id);
  const system = app && systems.find(({ shard }) => shard === app.shard);
  return app && system ? findFrameOrigins(system.db, app.key) : null;
}

/** Our own script files and one style sheet, requests to us, and the app's own pages around it. */
const contentSecurityPolicy = (origins: string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styleSource(frameStyle)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    `frame-ancestors ${origins.join(" ")}`,
  ].join("; ");
