/**
 * The kinds of value the API speaks: ids, instants, days, cursors, names, addresses. On the wire they are all JSON;
 * a mark beside the schema tells the server what each one is inside (http/wire.ts reads it).
 */
import * as z from "zod";
import { customKeysMax } from "../vocabulary.ts";

export const idNouns = {
  wsp: "workspace",
  mbr: "member",
  key: "API key",
  mbx: "mailbox",
  sch: "schedule",
  cmp: "company",
  ctc: "contact",
  dea: "deal",
  seq: "sequence",
  ver: "sequence version",
  enr: "enrollment",
  tsk: "task",
  snd: "send",
  sup: "suppression",
  aud: "audit entry",
  ntc: "notice",
  app: "host app",
} as const;
export type IdPrefix = keyof typeof idNouns;

declare const brand: unique symbol;
export type PublicId<Prefix extends IdPrefix = IdPrefix> = string & { readonly [brand]: Prefix };
export type Instant = string & { readonly [brand]: "instant" };
export type Cursor = string & { readonly [brand]: "cursor" };
export type ActorName = string & { readonly [brand]: "actor" };
/** A list whose items are checked one by one, so that a bad one is answered by itself and the others go through. */
export type Each<Item> = { readonly [brand]: "each"; readonly item: Item };

export type Mark =
  | { kind: "id"; prefix: IdPrefix }
  | { kind: "instant" | "cursor" | "actor" }
  | { kind: "each"; item: z.ZodType };

/** A zod registry: marks are inherited by what `.optional()`, `.describe()` and the like make of a schema. */
export const marks = z.registry() as unknown as {
  add(schema: z.core.$ZodType, mark: Mark): void;
  get(schema: z.core.$ZodType): Mark | undefined;
};

const marked = <Output, Input>(schema: z.ZodType, mark: Mark): z.ZodType<Output, Input> => {
  marks.add(schema, mark);
  return schema as unknown as z.ZodType<Output, Input>;
};

const aNoun = (prefix: IdPrefix): string =>
  `${/^[aeiou]/i.test(idNouns[prefix]) ? "an" : "a"} ${idNouns[prefix]}`;

/** `enr_…`: what names a row outside the Worker. */
export const publicId = <Prefix extends IdPrefix>(prefix: Prefix) =>
  marked<PublicId<Prefix>, string>(
    z
      .string()
      .max(80)
      .regex(new RegExp(`^${prefix}_[0-9A-Za-z]+$`), `Write the id of ${aNoun(prefix)}: ${prefix}_…`)
      .meta({ description: `The id of ${aNoun(prefix)}.`, examples: [exampleIds[prefix]] }),
    { kind: "id", prefix },
  );

/** An instant: ISO 8601 with an offset going in, UTC coming out. */
export const instant = () =>
  marked<Instant, string>(
    z.iso.datetime({ offset: true, error: "Write an instant: 2026-11-23T09:30:00Z" }).meta({
      description: "An instant, ISO 8601; answers are in UTC.",
      examples: ["2026-11-23T09:30:00.000Z"],
    }),
    { kind: "instant" },
  );

const cursor = () => marked<Cursor, string>(z.string().min(1).max(200), { kind: "cursor" });

/** Who did it: `key_…`, `mbr_…`, `engine`, `person`, or `host` for a host app before its user was known. */
export const actorName = () =>
  marked<ActorName, string>(
    z.string().meta({ description: "Who did it: `mbr_…`, `key_…`, `engine`, `person` or `host`." }),
    {
      kind: "actor",
    },
  );

/** An item that is checked by itself: the handler gets it, or what is wrong with it. */
export const each = <Item extends z.ZodType>(item: Item) =>
  marked<Each<z.output<Item>>, z.input<Item>>(z.unknown(), { kind: "each", item });

export const day = () => z.iso.date("Write a day: 2026-12-24");

/** Control characters, line and paragraph separators, half characters: what could end a mail header early. */
const oneLine = /^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u;
const manyLines = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;

/** One line of text: a name, a title. What holds a line break or a control character is refused, not repaired. */
export const line = (max: number) =>
  z.string().max(max).regex(oneLine, "Line breaks and control characters are not allowed here").trim();
export const requiredLine = (max: number) => line(max).min(1, "This must not be empty");
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(manyLines, "Control characters other than line breaks and tabs are not allowed here");

/** Checked in full on the server, where the address is brought to its one normal form. */
export const email = () =>
  line(254)
    .regex(/^[^\s@]+@[^\s@]+$/, "Write an e-mail address, like dana@example.com")
    .meta({
      examples: ["dana@example.com"],
    });

export const timeZone = () =>
  line(64).meta({ description: "An IANA time zone.", examples: ["Europe/Lisbon"] });
export const country = () =>
  z
    .string()
    .regex(/^[A-Z]{2}$/, "Write the two letters of the country: PT")
    .meta({ description: "ISO 3166-1, two letters.", examples: ["PT"] });

const customValue = z.union([text(2_000), z.number(), z.boolean(), z.null()], {
  error: "Write text of at most 2000 characters, a number, true, false or null",
});
const customKey = z.string().regex(/^(?!__proto__$)[a-z0-9_]{1,64}$/, "A key is 1 to 64 of a-z, 0-9 and _");

/** Fields of the workspace's own. In a change, a key that is named is replaced and `null` takes it away. */
export const custom = () =>
  z
    .record(customKey, customValue)
    .refine((fields) => Object.keys(fields).length <= customKeysMax, `At most ${customKeysMax} custom fields`)
    .meta({
      description: "The workspace's own fields; `null` removes one.",
      examples: [{ plan: "pro", seats: 12 }],
    });

/** Names a record the way another system does: "lead 4711 in hubspot". */
export const reference = z
  .strictObject({ system: requiredLine(64), type: requiredLine(64), id: requiredLine(200) })
  .meta({ id: "Reference", examples: [{ system: "hubspot", type: "lead", id: "4711" }] });

export const revision = () =>
  z.number().int().meta({ description: "Rises with every change; send it back as If-Match." });

/** What every list takes. */
export const pageQuery = {
  cursor: cursor().meta({ description: "`nextCursor` of the page before." }).optional(),
  limit: z.coerce.number<number>().int().min(1).max(200).default(50).meta({ description: "Rows a page." }),
};

export const page = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    items: z.array(item),
    nextCursor: cursor().nullable().meta({ description: "Null on the last page." }),
  });

/** Stand-ins for docs: of the right form, and nobody's. */
export const exampleIds: Record<IdPrefix, string> = Object.fromEntries(
  Object.keys(idNouns).map((prefix) => [prefix, `${prefix}_0000example`]),
) as Record<IdPrefix, string>;
