/** Who a member is, by name: each is asked about once, however often they are met on a page. */
import type { Client } from "@cadenza/shared/client";
import { useEffect, useState } from "preact/hooks";
import type { PanelContext } from "./open.ts";

const known = new WeakMap<Client, Map<string, Promise<string | null>>>();

/** @returns null where nobody can be asked, or nobody is there. */
function nameOf(client: Client, id: string): Promise<string | null> {
  const names = known.get(client) ?? new Map<string, Promise<string | null>>();
  known.set(client, names);
  let name = names.get(id);
  if (!name) {
    name = client("members.get", { params: { id } }).then(
      (member) => member.name,
      () => {
        // Asked again by whoever meets them next: it may have been the connection.
        names.delete(id);
        return null;
      },
    );
    names.set(id, name);
  }
  return name;
}

/** @param ids those that are no `mbr_…` are left out. @returns the names that have arrived so far. */
export function useMemberNames(panel: PanelContext, ids: readonly (string | null)[]): Map<string, string> {
  const [names, setNames] = useState(new Map<string, string>());
  const members = [...new Set(ids)].filter((id): id is string => !!id?.startsWith("mbr_")).sort();
  const asked = members.join();
  useEffect(() => {
    let isOver = false;
    const found = members.map(async (id) => [id, await nameOf(panel.client, id)] as const);
    void Promise.all(found).then((pairs) => {
      if (isOver) return;
      setNames(new Map(pairs.filter((pair): pair is [string, string] => pair[1] !== null)));
    });
    return () => {
      isOver = true;
    };
  }, [asked]);
  return names;
}
