/** What the person chose on the options page. */
import * as z from "zod";
import { languages } from "../words/languages.ts";
import { type Area, readFrom } from "./area.ts";

export const settings = z.strictObject({
  /** Cadenza's address, without a slash at the end; null until somebody says it. */
  apiUrl: z.string().nullable(),
  language: z.enum(languages),
});
export type Settings = z.infer<typeof settings>;

const atFirst: Settings = { apiUrl: process.env.PLASMO_PUBLIC_CADENZA_URL || null, language: "auto" };

export const loadSettings = async (area: Area): Promise<Settings> =>
  (await readFrom(area, "settings", settings)) ?? atFirst;

export const keepSettings = (area: Area, chosen: Settings): Promise<void> => area.set("settings", chosen);
