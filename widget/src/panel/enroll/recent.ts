/** The sequences people were enrolled in from this page, the last one first: whoever enrolls one enrolls the next. */
const recentMax = 20;
const recent: string[] = [];

export function remember(sequenceId: string): void {
  const others = recent.filter((id) => id !== sequenceId);
  recent.splice(0, recent.length, sequenceId, ...others.slice(0, recentMax - 1));
}

export function recentFirst<Sequence extends { id: string }>(sequences: readonly Sequence[]): Sequence[] {
  const place = ({ id }: Sequence) => {
    const at = recent.indexOf(id);
    return at < 0 ? recentMax : at;
  };
  return [...sequences].sort((one, other) => place(one) - place(other));
}
