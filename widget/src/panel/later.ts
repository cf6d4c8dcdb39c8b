/** What can be done and what happened: one file, fetched after the first screen. */
import "../host/later-routes.ts";
import { wholeEnglish } from "../messages/en-rare.ts";
import { type Deed, deeds } from "./deeds.ts";
import { Doings } from "./doings.tsx";
import { Foot } from "./foot.tsx";
import { Happened } from "./happened.tsx";
import type { PanelEnrollment } from "./headline.ts";
import type { PanelContext } from "./open.ts";

export { act } from "./act.ts";
export { follow } from "./focus.ts";

/** What a panel is given as soon as it is here. */
export const partsOf = (panel: PanelContext) => ({
  Doings,
  Foot,
  Happened,
  words: panel.language === "en" ? wholeEnglish : panel.words,
  do: (deed: Deed, enrollment: PanelEnrollment) => deeds[deed](panel, enrollment),
});
