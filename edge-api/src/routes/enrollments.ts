/** Enrolling people, and everything about an enrollment and its mails. */
import { enrollMany, enrollOne } from "../commands/enroll-targets.ts";
import {
  cancelEnrollment,
  handOn,
  loadEnrollmentFacts,
  pauseEnrollment,
  reopenEnrollment,
  resumeEnrollment,
  skipStep,
} from "../commands/enrollments.ts";
import { settleSend } from "../commands/sends.ts";
import { listEnrollments, loadEnrollment, loadListed } from "../db/enrollments.ts";
import { pageOf } from "../db/page.ts";
import { listOutbox, listSendsOf, loadSend, type SendRow } from "../db/sends.ts";
import { explain } from "../domain/explain.ts";
import type { EnrollmentId } from "../domain/ids.ts";
import { plan } from "../domain/plan.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

/** A send's key is its id; who it goes to is in what was fixed, where that can be read. */
export const sendOut = (row: SendRow) => ({
  ...row,
  id: { enrollmentId: row.enrollmentId, stepId: row.stepId, cycle: row.cycle },
  to: String((row.snapshot as SendRow["snapshot"] | null)?.to ?? ""),
  waitReason: row.deferReason,
});

export function enrollmentRoutes(app: Router): void {
  endpoint(app, "enrollments.create", ({ params, body, actor, system }) =>
    enrollOne(system, actor, params.id, body),
  );
  endpoint(app, "enrollments.createMany", async ({ params, body, actor, system }) => {
    const items = await enrollMany(system, actor, params.id, body.items, body);
    const enrolled = items.filter(({ outcome }) => outcome === "enrolled").length;
    return { enrolled, refused: items.length - enrolled, items };
  });
  endpoint(app, "enrollments.list", async ({ query, actor, system }) => {
    const { cursor, limit, ...filter } = query;
    const before = cursor && (Number(cursor[0]) as EnrollmentId);
    const items = await listEnrollments(system.db, actor, {
      ...filter,
      before,
      limit: limit + 1,
    });
    return pageOf(items, limit, ({ id }) => [id]);
  });
  endpoint(app, "enrollments.get", ({ params, actor, system }) => loadListed(system.db, actor, params.id));
  endpoint(app, "enrollments.update", ({ params, body, actor, system }) =>
    handOn(system, actor, params.id, body.ownerId),
  );
  endpoint(app, "enrollments.pause", ({ params, body, actor, system }) =>
    pauseEnrollment(system, actor, params.id, body?.detail ?? null),
  );
  endpoint(app, "enrollments.resume", ({ params, actor, system }) =>
    resumeEnrollment(system, actor, params.id),
  );
  endpoint(app, "enrollments.cancel", ({ params, body, actor, system }) =>
    cancelEnrollment(system, actor, params.id, body?.detail ?? null),
  );
  endpoint(app, "enrollments.reopen", ({ params, actor, system }) =>
    reopenEnrollment(system, actor, params.id),
  );
  endpoint(app, "enrollments.skip", ({ params, actor, system }) => skipStep(system, actor, params.id));
  endpoint(app, "enrollments.plan", async ({ params, actor, system }) => {
    const facts = await loadEnrollmentFacts(system, actor, params.id);
    const ended = facts.enrollment.status === "completed" || facts.enrollment.status === "canceled";
    return { zone: facts.zone, touches: ended ? [] : plan(facts, system.now()) };
  });
  endpoint(app, "enrollments.explain", async ({ params, actor, system }) =>
    explain(await loadEnrollmentFacts(system, actor, params.id), system.now()),
  );
  endpoint(app, "enrollments.sends", async ({ params, actor, system }) => {
    const { id } = await loadEnrollment(system.db, actor, params.id);
    return { items: (await listSendsOf(system.db, actor, id)).map(sendOut) };
  });

  endpoint(app, "sends.list", async ({ query, actor, system }) => {
    const { cursor, limit, state } = query;
    const after = cursor?.map(Number);
    const rows = await listOutbox(system.db, actor, { state, after, limit: limit + 1 });
    return pageOf(rows.map(sendOut), limit, (row) => [
      row.dueAt ?? 0,
      row.enrollmentId,
      row.stepId,
      row.cycle,
    ]);
  });
  endpoint(app, "sends.get", async ({ params, actor, system }) =>
    sendOut(await loadSend(system.db, actor, params.id)),
  );
  endpoint(app, "sends.settle", async ({ params, body, actor, system }) =>
    sendOut(await settleSend(system, actor, params.id, body.arrived)),
  );
}
