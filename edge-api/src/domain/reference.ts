/** Which records a host means by "lead 4711" where it does not say in which system. */
import { type ContactKind, type EntityType, entityTypes } from "@cadenza/shared/vocabulary";

type Named = {
  /** What the reference calls it. */
  type: string;
  entity: "contact" | "company" | "deal";
  entityId: number;
  /** Of a contact. */
  kind: ContactKind | null;
};

/**
 * What the reference calls it counts before what it became here: a lead who is a customer by now is the host's lead
 * 4711 still. A type of the host's own ("person") fits by what we know it to be. @returns each record once.
 */
export function fittingReferences<Row extends Named>(rows: Row[], wanted: EntityType): Row[] {
  const able = rows.filter(({ entity }) => entity === (wanted === "deal" ? "deal" : "contact"));
  const called = able.filter(({ type }) => type.toLowerCase() === wanted);
  const became = able.filter(
    ({ type, kind }) => !isEntityType(type.toLowerCase()) && (wanted === "deal" || kind === wanted),
  );
  const fitting = called.length ? called : became;
  return [...new Map(fitting.map((row) => [row.entityId, row])).values()];
}

const isEntityType = (type: string): boolean => (entityTypes as readonly string[]).includes(type);
