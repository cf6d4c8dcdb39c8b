/**
 * The link under every mail. GET shows a page and changes nothing, for scanners follow links; only a POST — the
 * button, or a mail client's one click (RFC 8058: no cookie, no login, no redirect) — takes the person off.
 */
import { findRecipient } from "../db/opt-out.ts";
import type { System } from "../domain/system.ts";
import { parseUnsubscribeToken } from "../domain/unsubscribe.ts";
import type { Router } from "../http/endpoint.ts";
import { page } from "../http/page.ts";
import { BadRequest } from "../http/problem.ts";
import { addressOf, requireRoom } from "../http/rate-limit.ts";
import type { PageContent } from "../pages/document.ts";
import { badLinkPage, unsubscribedPage, unsubscribePage } from "../pages/unsubscribe.ts";
import { optOut } from "../run.ts";

export function unsubscribeRoutes({ hono }: Router): void {
  hono.get("/u/:token", async (c) => {
    await requireRoom(c.env.systems[0]!, "unsubscribe", addressOf(c.req.raw));
    const person = await personOf(c.env.systems, c.req.param("token"));
    if (!person) return answer(404, badLinkPage());
    return answer(200, person.isOut ? unsubscribedPage() : unsubscribePage(person.workspaceName));
  });
  hono.post("/u/:token", async (c) => {
    await requireRoom(c.env.systems[0]!, "unsubscribe", addressOf(c.req.raw));
    const person = await personOf(c.env.systems, c.req.param("token"));
    if (!person) return answer(404, badLinkPage());
    const { system, workspaceId, contactId } = person;
    await optOut(system, workspaceId, contactId);
    return answer(200, unsubscribedPage());
  });
  hono.all("/u/:token", () => {
    throw new BadRequest("method_not_allowed", "This address takes GET, HEAD, POST.", [], {
      allow: "GET, HEAD, POST",
    });
  });
}

const answer = (status: number, content: PageContent) =>
  page(status, content, { "referrer-policy": "no-referrer" });

async function personOf(systems: System[], token: string) {
  // The secret is one for all shards; the token itself says which one the person lives on.
  const parsed = parseUnsubscribeToken(token, systems[0]?.secret ?? "");
  const system = parsed && systems[parsed.shard];
  if (!parsed || !system) return null;
  const found = await findRecipient(system.db, parsed.contactId);
  return found && { system, contactId: parsed.contactId, ...found };
}
