/** A person's answer to a program that asks to act for them, handed to the library that keeps codes and tokens. */
import { isAPIError } from "better-auth/api";
import type { Auth } from "./auth.ts";

/**
 * @param query the question as the library signed it.
 * @returns where the program waits for its answer; null when the question is not (or no longer) one.
 */
export async function answerConsent(
  auth: Auth,
  headers: Headers,
  { query, accepted }: { query: string; accepted: boolean },
): Promise<string | null> {
  const { baseURL = "", basePath = "" } = auth.options;
  // Through its front door: the library reads the question off the request before the endpoint runs.
  const response = await auth.handler(
    new Request(`${baseURL}${basePath}/oauth2/consent`, {
      method: "POST",
      headers: {
        cookie: headers.get("cookie") ?? "",
        origin: new URL(baseURL).origin,
        "content-type": "application/json",
      },
      body: JSON.stringify({ accept: accepted, oauth_query: query }),
    }),
  );
  const answer = response.ok ? ((await response.json()) as { url?: string }) : null;
  return answer?.url ?? null;
}

export async function findDevice(
  auth: Auth,
  headers: Headers,
  code: string,
): Promise<{ clientId: string; scope: string } | null> {
  const found = await orNull(auth.api.deviceVerify({ query: { user_code: code }, headers }));
  const { status, client_id: clientId, scope } = (found ?? {}) as Partial<Record<string, string>>;
  return status === "pending" && clientId ? { clientId, scope: scope ?? "" } : null;
}

/** @returns false when the code was answered before, has run out, or is somebody else's. */
export async function answerDevice(
  auth: Auth,
  headers: Headers,
  { code, accepted }: { code: string; accepted: boolean },
): Promise<boolean> {
  const asked = { body: { userCode: code }, headers };
  return (await orNull(accepted ? auth.api.deviceApprove(asked) : auth.api.deviceDeny(asked))) !== null;
}

/** The library refuses by throwing; anything else it throws is a bug. */
async function orNull<Answer>(work: Promise<Answer>): Promise<Answer | null> {
  try {
    return await work;
  } catch (error) {
    if (isAPIError(error)) return null;
    throw error;
  }
}
