/** Filling in a missing value from a panel: what the server finds wrong with it comes back as words for its field. */
import { type Client, ProblemError } from "@cadenza/shared/client";
import type { PanelContext } from "../open.ts";
import { fieldTexts } from "./field-words.ts";
import { fillIn, type Gap } from "./gap.ts";

export async function fill(
  panel: PanelContext,
  client: Client,
  gap: Gap,
  value: string,
): Promise<{ wrong: string | null }> {
  try {
    await fillIn(client, panel.state.record!, gap, value);
    return { wrong: null };
  } catch (error) {
    const { code, problem } = error as Partial<ProblemError>;
    if (code === "revision_conflict" && problem) {
      // Read again before somebody tries again, which is then about what is there now.
      await panel.refresh();
      throw new ProblemError({ ...problem, detail: fieldTexts[panel.language].changedMeanwhile });
    }
    const wrong = problem?.errors?.[0]?.detail;
    if (wrong) return { wrong };
    throw error;
  }
}
