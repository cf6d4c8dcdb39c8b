/**
 * A place that keeps values by key: `chrome.storage.local` (over restarts) or `.session` (until the browser closes).
 * What comes out is read through a schema: an older version may have written it.
 */
import type * as z from "zod";

export type Area = {
  /** Everything there, by key. */
  all(): Promise<Record<string, unknown>>;
  set(key: string, value: unknown): Promise<void>;
  remove(keys: string | string[]): Promise<void>;
};

export const areaOf = (area: chrome.storage.StorageArea): Area => ({
  all: () => area.get(null),
  set: (key, value) => area.set({ [key]: value }),
  remove: (keys) => area.remove(keys),
});

/** @returns null where nothing was kept, or nothing that can still be read. */
export async function readFrom<Value>(
  area: Area,
  key: string,
  schema: z.ZodType<Value>,
): Promise<Value | null> {
  return schema.safeParse((await area.all())[key]).data ?? null;
}

/** For tests, and wherever nothing is to be kept. Values go through JSON, as the browser's do. */
export function areaInMemory(kept: Record<string, string> = {}): Area & { kept: Record<string, string> } {
  return {
    kept,
    all: async () =>
      Object.fromEntries(Object.entries(kept).map(([key, text]) => [key, JSON.parse(text) as unknown])),
    set: async (key, value) => {
      kept[key] = JSON.stringify(value);
    },
    remove: async (keys) => {
      for (const key of [keys].flat()) delete kept[key];
    },
  };
}
