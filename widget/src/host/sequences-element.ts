/** `<cadenza-sequences>`: the page on which sequences are built. */
import type { SequencesOptions } from "../sequences/page.ts";
import { elementOf } from "./element.ts";

/** `at-home` (any value): stands on Cadenza's own page, asks by its session and keeps what is open in the address. */
export class CadenzaSequences extends elementOf<SequencesOptions>(
  async () => (await import("../sequences/open.ts")).openSequences,
) {}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-sequences": CadenzaSequences;
  }
}
