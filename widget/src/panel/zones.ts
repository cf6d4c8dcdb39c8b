/** Whether clocks in the two zones show something else at that instant. */
export function differs(at: number, zone: string, other: string): boolean {
  const shown = (timeZone: string) =>
    new Intl.DateTimeFormat("en", { timeZone, day: "numeric", hour: "numeric", minute: "numeric" }).format(
      at,
    );
  return zone !== other && shown(zone) !== shown(other);
}
