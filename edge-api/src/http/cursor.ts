/** Where a page goes on, as an opaque text. It names a place in a list, never who may read it. */
import type { CursorKey } from "../db/page.ts";

export const encodeCursor = (key: CursorKey): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(key))))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

export function decodeCursor(text: string): CursorKey | null {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) =>
      c.charCodeAt(0),
    );
    const key: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const isKey = Array.isArray(key) && key.length > 0 && key.length <= 4;
    return isKey && key.every((part) => typeof part === "string" || Number.isFinite(part)) ? key : null;
  } catch {
    return null;
  }
}
