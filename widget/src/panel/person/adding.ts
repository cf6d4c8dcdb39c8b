/** Adds the person a host's record is about, and the deal where it is one, under the host's own id. */
import { type Client, ProblemError } from "@cadenza/shared/client";
import type { RecordKey } from "../../events.ts";
import { fullNameOf } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { texts } from "./words.ts";

export type AddedPerson = Record<
  "email" | "firstName" | "lastName" | "companyName" | "title" | "dealName",
  string
>;
/** Where the host does not say what its system is called. */
const unnamedSystem = "host";

type Entity = Extract<RecordKey, { entity: unknown }>;
type Added = { wrong: Partial<Record<string, string>> | null };

/** @returns what is wrong with a field, by its name; null where the panel has said what failed. */
export function addRecord(panel: PanelContext, key: RecordKey, person: AddedPerson): Promise<Added | null> {
  const t = texts[panel.language];
  const name = person.firstName || fullNameOf({ ...person, email: person.email || null });
  return panel.act<Added>({
    name: "add",
    what: t.add,
    request: async (client, idempotencyKey) => {
      try {
        const deal = isDeal(key) ? await findDeal(client, key) : null;
        if (deal === "nameless") throw refusal(t.dealWithoutContact);
        const contactId = await addPerson(client, key, person, idempotencyKey);
        if (deal === "unknown") {
          const body = { name: person.dealName, contactId, references: [referenceOf(key as Entity)] };
          await client("deals.create", { body, idempotencyKey: `${idempotencyKey}-deal` });
        } else if (deal) {
          await client("deals.update", { params: { id: deal.id }, body: { contactId } });
        }
        return { wrong: null };
      } catch (error) {
        const { errors = [] } = (error as Partial<ProblemError>).problem ?? {};
        const fields = errors.map(({ pointer, detail }) => [pointer.slice(1), detail] as const);
        const shown = fields.filter(([field]) => field in person);
        if (shown.length === 0) throw error;
        return { wrong: Object.fromEntries(shown) };
      }
    },
    done: ({ wrong }) => {
      if (wrong) return;
      panel.show(null);
      panel.notify({ text: t.added(name), tone: "plain" }, 10_000);
    },
  });
}

const isDeal = (key: RecordKey): key is Entity => "entity" in key && key.entity === "deal";

const referenceOf = ({ system = unnamedSystem, entity, id }: Entity) => ({ system, type: entity, id });

async function addPerson(client: Client, key: RecordKey, person: AddedPerson, idempotencyKey: string) {
  const { email, firstName, lastName, companyName, title } = person;
  const named = "entity" in key && !isDeal(key) ? (key as Entity) : null;
  // The panel asks by this address, whichever one is written to.
  const asked = "email" in key && key.email.toLowerCase() !== email.toLowerCase() ? [key.email] : [];
  const { contact } = await client("contacts.create", {
    body: {
      ...Object.fromEntries(
        Object.entries({ email, firstName, lastName, companyName, title }).filter(([, value]) => value),
      ),
      ...(named?.entity === "party" && { kind: "party" as const }),
      otherEmails: asked,
      references: named ? [referenceOf(named)] : [],
    },
    idempotencyKey,
  });
  return contact.id;
}

/**
 * A deal may be known and have no contact, which is as unknown to a panel.
 * @returns null where it has one by now; `nameless` where the host does not say in which system it is to be found.
 */
async function findDeal(client: Client, { system, id }: Entity) {
  try {
    await client("record.get", { query: { entity: "deal", id, ...(system && { system }) } });
    return null;
  } catch (error) {
    const { code } = error as Partial<ProblemError>;
    if (code === "reference_not_found") return "unknown";
    if (code !== "contact_not_found") throw error;
    if (!system) return "nameless";
    const { dealId } = await client("lookup.get", { query: { system, type: "deal", id } });
    return { id: dealId! };
  }
}

const refusal = (detail: string) =>
  new ProblemError({ type: "", title: "", status: 409, code: "reference_taken", detail, requestId: "" });
