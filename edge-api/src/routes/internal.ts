/** What the operator does, with the service token: workspaces are made, and the brake over all of them. */
import { createWorkspace, resumeAllSending, stopAllSending } from "../commands/workspaces.ts";
import type { WorkspaceId } from "../domain/ids.ts";
import { endpoint, type Router } from "../http/endpoint.ts";
import { withToken } from "./api-keys.ts";

export function internalRoutes(app: Router): void {
  endpoint(app, "internal.createWorkspace", async ({ system, systems, publicId, body }) => {
    const place = { directory: systems[0]!.db, publicIdOf: (id: WorkspaceId) => publicId("wsp", id) };
    const { workspace, member, ...key } = await createWorkspace(system, place, body);
    return { workspace, member, ...withToken(system, key) };
  });
  endpoint(app, "internal.stopSending", async ({ systems }) => ({
    sendingStoppedAt: await stopAllSending(systems),
  }));
  endpoint(app, "internal.resumeSending", async ({ systems }) => {
    await resumeAllSending(systems);
    return { sendingStoppedAt: null };
  });
}
