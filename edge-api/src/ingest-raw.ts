/** A raw mail → what it stops. Both ways in (the API and Email Routing) end here. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { WorkspaceId } from "./domain/ids.ts";
import type { System } from "./domain/system.ts";
import { type IngestResult, ingest } from "./engine/ingest.ts";
import { parseInbound } from "./mail/inbound.ts";
import { ingestDeps } from "./run.ts";

export async function ingestRaw(
  system: System,
  workspaceId: WorkspaceId,
  raw: Uint8Array,
): Promise<IngestResult | null> {
  const mail = await parseInbound(raw);
  return mail && ingest(ingestDeps(system), workspaceId, mail, `sha256:${bytesToHex(sha256(raw))}`);
}
