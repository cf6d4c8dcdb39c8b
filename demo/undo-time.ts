/**
 * Who was enrolled so recently that somebody may still take it back. Undo is offered for seconds of the person's own
 * time, of which the stepped clock knows nothing: it has to stand still that long.
 */

/** @returns whether any of these was first seen less than that long ago. */
export type Newcomers = (ids: string[], wallNow: number) => boolean;

export function newcomers(undoMs: number): Newcomers {
  const seenAt = new Map<string, number>();
  return (ids, wallNow) => {
    for (const id of ids) if (!seenAt.has(id)) seenAt.set(id, wallNow);
    return ids.some((id) => wallNow - seenAt.get(id)! < undoMs);
  };
}
