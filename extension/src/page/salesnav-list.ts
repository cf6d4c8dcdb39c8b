/** `salesnav.list`: the rows of a lead list or a lead search. */
import type { ListPage, Page, PageFacts, Person, Reader } from "./facts.ts";
import { isLinkedIn } from "./linkedin-address.ts";
import { leastSure } from "./linkedin-profile.ts";
import { learn, nothingRead, warn } from "./person.ts";
import { learnProfile, learnRole, personNamed, textOf } from "./salesnav-person.ts";
import { type SalesNavFinder, salesnav } from "./salesnav-selectors.ts";

export const salesnavList: Reader = {
  name: "salesnav.list",
  detect: ({ url }) => isLinkedIn(url) && /^\/sales\/(?:lists\/people|search\/people)\b/.test(url.pathname),
  extract: (page) => readList(page),
};

function readList({ document, url, prepended }: Page): PageFacts {
  const find = salesnav(prepended);
  const main = find.first(document, "main");
  const marked = main ? rowsIn(main, find) : [];
  const rows = marked.flatMap((row) => readRow(row, find, url) ?? []);
  const isDrawing = marked.some(hasOutlineBeside);
  if (rows.length === 0) return nothingRead("salesnav.list", ["not_loaded"]);
  return {
    type: "list",
    reader: "salesnav.list",
    rows,
    self: null,
    threadSubject: null,
    confidence: rows.every((row) => leastSure(row) === "high") ? "high" : "medium",
    warnings: isDrawing ? ["not_loaded"] : [],
  } satisfies ListPage;
}

/** Sales Navigator shows 25 or 100 at once. */
const rowsMax = 100;

/** The row around each name; where rows are unmarked, as wide around it as no other name stands in it. */
function rowsIn(main: Element, find: SalesNavFinder): Element[] {
  const names = find
    .all(main, "name")
    .filter((one) => one.localName !== "img" && textOf(one) !== null)
    .slice(0, rowsMax);
  const rows = names.map((name) => {
    const row = find.closest(name, "row");
    if (row && main.contains(row)) return row;
    let block: Element = name;
    for (let up = name.parentElement; up && up !== main; up = up.parentElement) {
      if (names.some((other) => other !== name && up.contains(other) && textOf(other) !== textOf(name)))
        break;
      block = up;
    }
    return block;
  });
  return [...new Set(rows)];
}

/** A row of the same list that holds no text is an outline, and will be somebody. */
function hasOutlineBeside(row: Element): boolean {
  const list = row.closest("ol, ul, tbody, [role=list], [role=grid], [role=table]");
  return [...(list?.querySelectorAll(row.localName) ?? [])].some(
    (other) => !/\S/.test(other.textContent ?? ""),
  );
}

function readRow(row: Element, find: SalesNavFinder, base: URL): Person | null {
  const named = find.all(row, "name").find((one) => one.localName !== "img" && textOf(one) !== null) ?? null;
  const person = personNamed(named, "row");
  if (!person) return null;
  learnRole(person, find.first(row, "title"), find.first(row, "company"), "row");
  learn(person, "headline", textOf(find.first(row, "headline")), "row", "high");
  learn(person, "location", textOf(find.first(row, "location")), "row", "high");
  learnProfile(person, row, find, base);
  if (person.title === null && person.company === null && person.profileUrl === null)
    warn(person, "name_only");
  return person;
}
