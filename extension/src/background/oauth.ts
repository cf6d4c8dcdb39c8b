/**
 * What the extension asks Cadenza's sign-in server: to be known as a program, for tokens, for a pairing code (RFC 8628),
 * and to revoke. A public client: it has no secret, PKCE proves it is the same browser.
 */
import * as z from "zod";
import { refused } from "../api/refusal.ts";
import { newProof, newState } from "./pkce.ts";

export type Ask = (request: Request) => Promise<Response>;

const scope = "read write offline_access";
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
const requestMs = 15_000;

export const tokens = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1),
});
export type Tokens = z.infer<typeof tokens>;

const pairing = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  expires_in: z.number(),
  interval: z.number().default(5),
});
export type Pairing = z.infer<typeof pairing>;

/** What the server refused by one of OAuth's own words: `invalid_grant`, `authorization_pending`. */
export class OAuthRefusal extends Error {
  constructor(readonly error: string) {
    super(error);
  }
}

/** @param redirectUri of this extension and no other: `https://ID.chromiumapp.org/`. */
export function oauthAt(apiUrl: string, redirectUri: string, ask: Ask) {
  const auth = `${apiUrl}/auth`;

  async function post<Answer>(path: string, fields: Record<string, unknown>, schema: z.ZodType<Answer>) {
    const isJson = path === "/oauth2/register" || path === "/device/code";
    const body = isJson ? JSON.stringify(fields) : new URLSearchParams(fields as Record<string, string>);
    const response = await ask(
      new Request(auth + path, {
        method: "POST",
        headers: { "content-type": isJson ? "application/json" : "application/x-www-form-urlencoded" },
        body: body.toString(),
        credentials: "omit",
        signal: AbortSignal.timeout(requestMs),
      }),
    ).catch(() => {
      throw refused("unreachable");
    });
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok) {
      const read = schema.safeParse(answer);
      // Something answers at that address, and it is not Cadenza.
      if (!read.success) throw refused("unreachable", "What answers at that address is not Cadenza.");
      return read.data;
    }
    const { error } = (answer ?? {}) as { error?: unknown };
    if (response.status < 500 && response.status !== 429 && typeof error === "string") {
      throw new OAuthRefusal(error);
    }
    if (response.status === 404) throw refused("unreachable", "What answers at that address is not Cadenza.");
    throw refused("unreachable");
  }

  return {
    /** One program a device: ending one browser's connection leaves the others alone. */
    async register(name: string): Promise<string> {
      const asked = {
        client_name: name,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token", deviceGrant],
        response_types: ["code"],
        scope,
      };
      return (await post("/oauth2/register", asked, z.object({ client_id: z.string().min(1) }))).client_id;
    },

    /** @param show opens the address in a window and gives back where that ended, or nothing. */
    async authorize(clientId: string, show: (url: string) => Promise<string | undefined>): Promise<Tokens> {
      const [proof, state] = [await newProof(), newState()];
      const query = new URLSearchParams({
        client_id: clientId,
        response_type: "code",
        redirect_uri: redirectUri,
        scope,
        state,
        code_challenge: proof.challenge,
        code_challenge_method: "S256",
        resource: apiUrl,
      });
      const ended = URL.parse((await show(`${auth}/oauth2/authorize?${query}`)) ?? "");
      const code = ended?.searchParams.get("code");
      // An answer to another question than ours is nobody's sign-in.
      if (!code || ended?.searchParams.get("state") !== state) throw refused("sign_in_stopped");
      return post(
        "/oauth2/token",
        {
          grant_type: "authorization_code",
          code,
          code_verifier: proof.verifier,
          redirect_uri: redirectUri,
          client_id: clientId,
          resource: apiUrl,
        },
        tokens,
      );
    },

    refresh: (clientId: string, refreshToken: string): Promise<Tokens> =>
      post(
        "/oauth2/token",
        { grant_type: "refresh_token", refresh_token: refreshToken, client_id: clientId, resource: apiUrl },
        tokens,
      ),

    revoke: (clientId: string, token: string): Promise<unknown> =>
      post("/oauth2/revoke", { client_id: clientId, token }, z.unknown()),

    pair: (clientId: string): Promise<Pairing> =>
      post("/device/code", { client_id: clientId, scope, resource: apiUrl }, pairing),

    /** @returns null while nobody has answered yet. */
    async pollPairing(clientId: string, deviceCode: string): Promise<Tokens | null> {
      const asked = {
        grant_type: deviceGrant,
        device_code: deviceCode,
        client_id: clientId,
        resource: apiUrl,
      };
      try {
        return await post("/oauth2/token", asked, tokens);
      } catch (error) {
        const { error: word } = error as Partial<OAuthRefusal>;
        if (word === "authorization_pending" || word === "slow_down") return null;
        throw word ? refused("sign_in_stopped") : error;
      }
    },
  };
}
