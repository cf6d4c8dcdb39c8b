/** What can be done and what happened: one file, fetched after the first screen. */
import "../host/later-routes.ts";
import { wholeEnglish } from "../messages/en-rare.ts";
import { type Deed, deeds } from "./deeds.ts";
import { Doings } from "./doings.tsx";
import { Foot } from "./foot.tsx";
import { Happened } from "./happened.tsx";
import type { PanelEnrollment } from "./headline.ts";
import type { Notice, PanelContext } from "./open.ts";

export { act } from "./act.ts";
export { follow } from "./focus.ts";

const yourZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What a panel is given as soon as it is here. */
export const partsOf = (panel: PanelContext) => ({
  Doings,
  Foot,
  Happened,
  yourZone,
  notify(notice: Notice, forMs?: number) {
    panel.set({ notice });
    if (forMs) setTimeout(() => panel.state.notice === notice && panel.set({ notice: null }), forMs);
  },
  words: panel.language === "en" ? wholeEnglish : panel.words,
  do: (deed: Deed, enrollment: PanelEnrollment) => deeds[deed](panel, enrollment),
});
