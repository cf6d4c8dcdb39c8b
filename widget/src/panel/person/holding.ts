/** Placing and releasing a hold, shown at once and undone with one press; and never writing to an address again. */
import type { HoldKind } from "@cadenza/shared/vocabulary";
import { deedTexts } from "../deed-words.ts";
import { firstNameOf, type PanelRecord } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { texts } from "./hold-words.ts";

export type WantedHold = { kind: HoldKind; untilAt: string; note: string | null };

const undoMs = 10_000;

export function placeHold(panel: PanelContext, wanted: WantedHold): Promise<unknown> {
  const t = texts[panel.language];
  const { contact, hold: before, zone } = panel.state.record!;
  const day = panel.formats.date(Date.parse(wanted.untilAt), zone);
  return panel.act({
    name: "hold",
    what: t.hold,
    request: (client) => client("holds.place", { params: { id: contact.id }, body: wanted }),
    done: () => {
      panel.show(null);
      const run = () => void (before ? placeHold(panel, wantedOf(before)) : releaseHold(panel));
      const action = { label: deedTexts[panel.language].undo, run };
      panel.notify({ text: t.placed(firstNameOf(contact), day), tone: "plain", action }, undoMs);
    },
  });
}

export function releaseHold(panel: PanelContext): Promise<unknown> {
  const t = texts[panel.language];
  const { contact, hold: before } = panel.state.record!;
  return panel.act({
    name: "release",
    what: t.release,
    expected: (record: PanelRecord) => ({ ...record, hold: null }),
    request: async (client) => {
      await client("holds.release", { params: { id: contact.id } });
      return true;
    },
    done: () => {
      const run = () => void placeHold(panel, wantedOf(before!));
      const action = before ? { label: deedTexts[panel.language].undo, run } : undefined;
      // Where somebody is being enrolled, they go on with that.
      if (panel.state.view?.name === "hold") panel.show(null);
      panel.notify({ text: t.released, tone: "plain", ...(action && { action }) }, undoMs);
    },
  });
}

/** For good: there is no undo, and whoever does it has written the address. */
export function neverWriteTo(panel: PanelContext, email: string): Promise<unknown> {
  const t = texts[panel.language];
  return panel.act({
    name: "never",
    what: t.neverGo,
    request: (client, idempotencyKey) =>
      client("suppressions.create", { body: { kind: "address", value: email }, idempotencyKey }),
    done: () => {
      panel.show(null);
      panel.notify({ text: t.neverDone(email), tone: "plain" }, undoMs);
    },
  });
}

const wantedOf = ({ kind, untilAt, note }: NonNullable<PanelRecord["hold"]>): WantedHold => ({
  kind,
  untilAt,
  note,
});
