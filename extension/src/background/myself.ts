/** Who is signed in, as the API says it; remembered, so that a page can say it without a network. */
import * as z from "zod";
import { refusalOf } from "../api/refusal.ts";
import type { Account } from "../messages/questions.ts";
import { type Area, readFrom } from "../storage/area.ts";
import type { createApi } from "./api.ts";
import type { TokenKeeper } from "./token-keeper.ts";

const remembered = z.strictObject({
  apiUrl: z.string(),
  memberId: z.string(),
  name: z.string(),
  email: z.string(),
  workspace: z.string(),
  role: z.string(),
  mayWork: z.boolean(),
});

const me = z.object({
  member: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ email: z.string() }).nullable(),
  workspace: z.object({ name: z.string() }),
  role: z.string(),
  permissions: z.array(z.string()),
});

type Deps = {
  local: Area;
  keeper: TokenKeeper;
  api: ReturnType<typeof createApi>;
  apiUrl(): Promise<string | null>;
  isAllowed(apiUrl: string): Promise<boolean>;
};

export function createMyself({ local, keeper, api, apiUrl, isAllowed }: Deps) {
  async function recall(): Promise<z.infer<typeof remembered> | null> {
    const [kept, url] = await Promise.all([readFrom(local, "me", remembered), apiUrl()]);
    return kept && kept.apiUrl === url ? kept : null;
  }

  async function read(): Promise<Account> {
    const url = await apiUrl();
    const standing = await keeper.standing();
    if (!url || standing === "no_address") return { standing: "no_address" };
    if (!(await isAllowed(url))) return { standing: "no_permission" };
    if (standing !== "signed_in") return { standing };
    try {
      const { member, user, workspace, role, permissions } = me.parse(await api.once("me.get", {}));
      const known = {
        ...{ apiUrl: url, memberId: member.id, name: member.name, email: user?.email ?? "" },
        ...{ workspace: workspace.name, role, mayWork: permissions.includes("work") },
      };
      await local.set("me", known);
      return { standing: "signed_in", ...shown(known) };
    } catch (error) {
      const { code } = refusalOf(error);
      if (code === "sign_in_expired" || code === "signed_out") return { standing: code };
      // The API takes no token of this connection any more, also none it has just renewed.
      if (code === "unauthenticated") return { standing: "sign_in_expired" };
      const known = await recall();
      return known ? { standing: "signed_in", ...shown(known) } : { standing: "unreachable" };
    }
  }

  return {
    read,
    recall,
    /** @returns what tells one person at one address from any other; null while nobody is known. */
    async accountKey(): Promise<string | null> {
      const known = await recall();
      return known && `${known.apiUrl} ${known.memberId}`;
    },
    forget: () => local.remove("me"),
  };
}

const shown = ({ apiUrl: _, ...account }: z.infer<typeof remembered>) => account;
