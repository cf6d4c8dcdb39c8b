/**
 * Keeps the tokens: the access token until the browser closes, the refresh token over restarts, both where only the
 * extension's own pages can look. Nothing hands one out but `accessToken`, which only the background calls.
 *
 * Invariant: one refresh at a time. A refresh token shown twice after its time ends the whole connection.
 */
import * as z from "zod";
import { refused } from "../api/refusal.ts";
import { type Area, readFrom } from "../storage/area.ts";
import { OAuthRefusal, type oauthAt, type Pairing, type Tokens } from "./oauth.ts";

const device = z.strictObject({ apiUrl: z.string(), clientId: z.string() });
const grant = z.strictObject({
  apiUrl: z.string(),
  clientId: z.string(),
  /** Null once the server took no more of them: the person has to sign in again. */
  refreshToken: z.string().nullable(),
});
type Grant = z.infer<typeof grant>;
const access = z.strictObject({ token: z.string(), endsAt: z.number() });
const pairingKept = z.strictObject({ clientId: z.string(), deviceCode: z.string(), endsAt: z.number() });

export type Standing = "no_address" | "signed_out" | "sign_in_expired" | "signed_in";

export type TokenKeeperDeps = {
  local: Area;
  session: Area;
  now(): number;
  apiUrl(): Promise<string | null>;
  oauth(apiUrl: string): ReturnType<typeof oauthAt>;
  /** The browser's window for signing in. */
  show(url: string): Promise<string | undefined>;
  deviceName(): string;
};

/** A token that ends while a request is on its way is as good as none. */
const renewAheadMs = 30_000;

export function createTokenKeeper({ local, session, now, apiUrl, oauth, show, deviceName }: TokenKeeperDeps) {
  let renewing: Promise<string> | null = null;

  async function here(): Promise<string> {
    const url = await apiUrl();
    if (!url) throw refused("no_address");
    return url;
  }

  /** Of the address that is set now: what was granted by another is not shown to it. */
  async function granted(): Promise<Grant | null> {
    const [kept, url] = await Promise.all([readFrom(local, "grant", grant), apiUrl()]);
    return kept && kept.apiUrl === url ? kept : null;
  }

  async function keep(apiUrl: string, clientId: string, given: Tokens): Promise<string> {
    await local.set("grant", { apiUrl, clientId, refreshToken: given.refresh_token } satisfies Grant);
    await session.set("access", { token: given.access_token, endsAt: now() + given.expires_in * 1_000 });
    return given.access_token;
  }

  /** The program this browser is known as; made once for an address. */
  async function clientId(url: string): Promise<string> {
    const known = await readFrom(local, "device", device);
    if (known?.apiUrl === url) return known.clientId;
    const made = { apiUrl: url, clientId: await oauth(url).register(deviceName()) };
    await local.set("device", made);
    return made.clientId;
  }

  async function renew(): Promise<string> {
    const held = await granted();
    if (!held) throw refused("signed_out");
    if (!held.refreshToken) throw refused("sign_in_expired");
    const { refresh } = oauth(held.apiUrl);
    const given = await refresh(held.clientId, held.refreshToken).catch(async (error) => {
      if (!(error instanceof OAuthRefusal)) throw error;
      await local.set("grant", { ...held, refreshToken: null } satisfies Grant);
      // Known by another name next time: this one may be what is no longer known.
      await local.remove("device");
      await session.remove("access");
      throw refused("sign_in_expired");
    });
    // Somebody signed out meanwhile, or another in: these are nobody's.
    if ((await granted())?.refreshToken !== held.refreshToken) throw refused("signed_out");
    return keep(held.apiUrl, held.clientId, given);
  }

  return {
    async standing(): Promise<Standing> {
      if (!(await apiUrl())) return "no_address";
      const held = await granted();
      return !held ? "signed_out" : held.refreshToken ? "signed_in" : "sign_in_expired";
    },

    /** @param refusedToken one the API did not take, whatever its end says. */
    async accessToken(refusedToken?: string): Promise<string> {
      const [held, kept] = await Promise.all([granted(), readFrom(session, "access", access)]);
      const isGood = held?.refreshToken && kept && kept.endsAt - renewAheadMs > now();
      if (isGood && kept.token !== refusedToken) return kept.token;
      renewing ??= renew().finally(() => {
        renewing = null;
      });
      return renewing;
    },

    async signIn(): Promise<void> {
      const url = await here();
      const id = await clientId(url);
      await keep(url, id, await oauth(url).authorize(id, show));
    },

    async pair(): Promise<Omit<Pairing, "device_code">> {
      const url = await here();
      const id = await clientId(url);
      const { device_code: deviceCode, ...shown } = await oauth(url).pair(id);
      const endsAt = now() + shown.expires_in * 1_000;
      await session.set("pairing", { clientId: id, deviceCode, endsAt });
      return shown;
    },

    /** @returns false while nobody has typed the code. */
    async pollPairing(): Promise<boolean> {
      const url = await here();
      const asked = await readFrom(session, "pairing", pairingKept);
      if (!asked || asked.endsAt < now()) {
        throw refused("sign_in_stopped", "The code has run out. Ask for another.");
      }
      const given = await oauth(url).pollPairing(asked.clientId, asked.deviceCode);
      if (!given) return false;
      await keep(url, asked.clientId, given);
      await session.remove("pairing");
      return true;
    },

    /** Signed out here whatever the server says; there too, as far as it can be reached. */
    async signOut(): Promise<void> {
      const held = await granted();
      await local.remove("grant");
      await session.remove(["access", "pairing"]);
      if (held?.refreshToken)
        await oauth(held.apiUrl)
          .revoke(held.clientId, held.refreshToken)
          .catch(() => {});
    },
  };
}

export type TokenKeeper = ReturnType<typeof createTokenKeeper>;
