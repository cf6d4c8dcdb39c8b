/** How sure a share is: half the width of Wilson's interval at 95 %, in whole percents. Pure. */
const z = 1.96;
/** Of fewer a share says nothing. */
const leastSent = 10;

export function doubtOf(hits: number, of: number): { percent: number; margin: number } | null {
  if (of < leastSent || hits > of) return null;
  const share = hits / of;
  const spread = Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const margin = (z * spread) / (1 + (z * z) / of);
  return { percent: Math.round(share * 100), margin: Math.max(1, Math.round(margin * 100)) };
}
