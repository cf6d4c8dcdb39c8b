/** A person's name as it is shown, or null. */
export const nameOf = (person: { firstName: string | null; lastName: string | null } | undefined) =>
  [person?.firstName, person?.lastName].filter(Boolean).join(" ") || null;
