/** Building sequences, and what they would do. */
import { previewSequence } from "../commands/preview.ts";
import {
  archiveSequence,
  createSequence,
  pauseSequence,
  publishSequence,
  resumeSequence,
  updateDraft,
} from "../commands/sequences.ts";
import { pageOf } from "../db/page.ts";
import {
  listSequences,
  listStepNumbers,
  listVersions,
  loadSequence,
  type SequenceRow,
} from "../db/sequences.ts";
import type { SequenceId, VersionId } from "../domain/ids.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

const withSteps = (row: SequenceRow) => ({ ...row, steps: row.draft });

export function sequenceRoutes(app: Router): void {
  endpoint(app, "sequences.list", async ({ query, actor, system }) => {
    const { cursor, limit, ...filter } = query;
    const before = cursor && (Number(cursor[0]) as SequenceId);
    const rows = await listSequences(system.db, actor, { ...filter, before, limit: limit + 1 });
    const items = rows.map(({ sequence, ...counts }) => ({
      ...sequence,
      ...counts,
      stepCount: sequence.draft.length,
    }));
    return pageOf(items, limit, ({ id }) => [id]);
  });
  endpoint(app, "sequences.create", async ({ body, actor, system }) =>
    withSteps(await createSequence(system, actor, body)),
  );
  endpoint(app, "sequences.get", async ({ params, actor, system }) =>
    withSteps(await loadSequence(system.db, actor, params.id)),
  );
  endpoint(app, "sequences.update", async ({ params, body, ifRev, actor, system }) =>
    withSteps(await updateDraft(system, actor, params.id, body, ifRev)),
  );
  endpoint(app, "sequences.publish", async ({ params, actor, system }) => {
    const { sequence, version } = await publishSequence(system, actor, params.id);
    return { sequence: withSteps(sequence), version };
  });
  endpoint(app, "sequences.versions", async ({ params, query, actor, system }) => {
    const { cursor, limit } = query;
    const { id } = await loadSequence(system.db, actor, params.id);
    const before = cursor && (Number(cursor[0]) as VersionId);
    const rows = await listVersions(system.db, actor.workspaceId, id, { before, limit: limit + 1 });
    return pageOf(rows, limit, (version) => [version.id]);
  });
  endpoint(app, "sequences.numbers", async ({ params, actor, system }) => {
    const { id } = await loadSequence(system.db, actor, params.id);
    return { steps: await listStepNumbers(system.db, id) };
  });
  endpoint(app, "sequences.pause", async ({ params, actor, system }) =>
    withSteps(await pauseSequence(system, actor, params.id)),
  );
  endpoint(app, "sequences.resume", async ({ params, actor, system }) =>
    withSteps(await resumeSequence(system, actor, params.id)),
  );
  endpoint(app, "sequences.archive", async ({ params, actor, system }) =>
    withSteps(await archiveSequence(system, actor, params.id)),
  );
  endpoint(app, "sequences.preview", ({ params, body, actor, system }) =>
    previewSequence(system, actor, params.id, body),
  );
}
