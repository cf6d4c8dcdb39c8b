/** What a host's page asks our frame to show, read out of a message or the frame's address: text of a sane length, or nothing. */
import type { KnownPerson, PanelOptions, RecordKey } from "../events.ts";

export type Look = Pick<PanelOptions, "record" | "person" | "locale"> & { style?: Record<string, string> };

/** What a host's style sheet cannot say across a frame, and how it is called there. */
const styles = {
  colorScheme: "color-scheme",
  accent: "--cadenza-accent",
  onAccent: "--cadenza-on-accent",
  ground: "--cadenza-ground",
  font: "--cadenza-font",
  radius: "--cadenza-radius",
};

const textMax = 300;

export function lookIn(given: Record<string, unknown>): Look {
  const text = (name: string, from = given): string | undefined => {
    const value = from[name];
    return typeof value === "string" && value !== "" && value.length <= textMax ? value : undefined;
  };
  const {
    entityType = "lead",
    entityId: id,
    system,
    contactId,
    email,
  } = texts(["entityType", "entityId", "system", "contactId", "email"]);
  const record =
    id !== undefined
      ? { entity: entityType, id, ...(system !== undefined && { system }) }
      : contactId !== undefined
        ? { contactId }
        : email !== undefined
          ? { email }
          : null;
  const locale = text("locale");
  const style = Object.entries(styles).flatMap(([name, property]) => {
    const value = text(name);
    return value === undefined ? [] : [[property, value]];
  });
  return {
    // Whoever else is named is another person: what was known of the last one is not theirs.
    ...(record && { record: record as RecordKey, person: personIn(given.person) }),
    ...(locale !== undefined && { locale }),
    ...(style.length > 0 && { style: Object.fromEntries(style) }),
  };

  function texts(names: string[]): Record<string, string | undefined> {
    return Object.fromEntries(names.map((name) => [name, text(name)]));
  }
  function personIn(person: unknown): KnownPerson | undefined {
    if (typeof person !== "object" || person === null) return undefined;
    const names = ["email", "firstName", "lastName", "companyName", "title"] as const;
    const known = names.flatMap((name) => {
      const value = text(name, person as Record<string, unknown>);
      return value === undefined ? [] : [[name, value]];
    });
    return Object.fromEntries(known);
  }
}
