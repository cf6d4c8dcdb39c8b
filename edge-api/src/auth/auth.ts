/**
 * People sign in through better-auth: magic links, Google, sessions, invitations, and OAuth for other programs. It
 * keeps its tables on the first shard (db/auth-schema.ts). Everything it is told about this Worker is in this file;
 * which of its addresses are open to the world is in routes/auth.ts.
 */
import { oauthDeviceAuthorization, oauthProvider } from "@better-auth/oauth-provider";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { APIError, isAPIError } from "better-auth/api";
import { type BetterAuthOptions, betterAuth } from "better-auth/minimal";
import { createAccessControl } from "better-auth/plugins/access";
import { jwt } from "better-auth/plugins/jwt";
import { magicLink } from "better-auth/plugins/magic-link";
import { organization } from "better-auth/plugins/organization";
import { authDatabase } from "../db/auth-database.ts";
import * as authSchema from "../db/auth-schema.ts";
import { isExpected, listMemberships } from "../db/directory.ts";
import { deriveKey } from "../domain/sign.ts";
import type { System } from "../domain/system.ts";
import { signInMail } from "./mails.ts";

/** What an operator may switch on. */
export type AuthSettings = {
  google?: { clientId: string; clientSecret: string };
};

/** Under this path better-auth answers; also part of the OAuth issuer's name. */
export const authPath = "/auth";

const minuteS = 60;
const dayS = 24 * 60 * minuteS;
/** Long enough to change from phone to desk, short enough to be worthless in an old mail. */
const magicLinkS = 15 * minuteS;
export const signInMinutes = magicLinkS / minuteS;
const sessionS = 30 * dayS;
const invitationS = 7 * dayS;
export const invitationDays = invitationS / dayS;
/** A JWT holds until it ends, whatever is revoked: so it ends soon. */
export const accessTokenS = 5 * minuteS;
const refreshTokenS = 30 * dayS;

/** Only what our own routes call of the library's organization plugin. */
const accessControl = createAccessControl({
  organization: [],
  member: ["create", "update", "delete"],
  invitation: ["create", "cancel"],
} as const);
const nothing = accessControl.newRole({});
const roles = {
  admin: accessControl.newRole({
    member: ["create", "update", "delete"],
    invitation: ["create", "cancel"],
  }),
  manager: nothing,
  rep: nothing,
  viewer: nothing,
};

/**
 * drizzle wraps what D1 says in an error of its own, but the library tells "somebody else has just inserted it" by the
 * words of the message: two isolates that start at once would both fail without them.
 *
 * The library keeps tokens as hashes, but not what a device polls with: that is hashed here, on its way in and wherever
 * it is looked for.
 */
function adapter({ db, secret }: System): ReturnType<typeof drizzleAdapter> {
  const make = drizzleAdapter(authDatabase(db), { provider: "sqlite", schema: authSchema });
  const hashed = (code: unknown) => deriveKey(secret, `device ${code}`);
  return (options) => {
    const made = make(options);
    const create = made.create.bind(made);
    const findOne = made.findOne.bind(made);
    return {
      ...made,
      create: ({ data, ...asked }) => {
        const { deviceCode } = data as { deviceCode?: unknown };
        const kept = asked.model === "deviceCode" ? { ...data, deviceCode: hashed(deviceCode) } : data;
        return create({ ...asked, data: kept }).catch((error: unknown) => {
          const cause = (error as { cause?: unknown }).cause;
          throw cause instanceof Error ? cause : error;
        });
      },
      findOne: ({ where, ...asked }) =>
        findOne({
          ...asked,
          where: where.map((clause) =>
            clause.field === "deviceCode" ? { ...clause, value: hashed(clause.value) } : clause,
          ),
        }),
    } as typeof made;
  };
}

/** @param first the shard that holds the directory. Of its clocks only the wall's is asked. */
export function buildAuth(first: System, settings: AuthSettings = {}) {
  const { publicUrl } = first;
  const isHttps = publicUrl.startsWith("https:");
  const mail = async (message: Parameters<NonNullable<System["sendSystemMail"]>>[0]) => {
    if (!first.sendSystemMail) throw new Error("SYSTEM_MAIL_URL is not set: no mail can go out");
    await first.sendSystemMail(message);
  };
  const options = {
    appName: "Cadenza",
    baseURL: publicUrl,
    basePath: authPath,
    secret: deriveKey(first.secret, "sessions"),
    trustedOrigins: [new URL(publicUrl).origin],
    database: adapter(first),
    session: { expiresIn: sessionS, updateAge: dayS, cookieCache: { enabled: false } },
    advanced: {
      // `__Host-`: no page on a neighbouring name can plant a session of its own here. The library's own prefix is weaker.
      cookiePrefix: isHttps ? "__Host-cadenza" : "cadenza",
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isHttps },
      ipAddress: { ipAddressHeaders: ["cf-connecting-ip"] },
      database: { joins: true },
    },
    // http/rate-limit.ts counts, for these addresses as for all others.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      level: "error",
      log: (_level, message, ...more) => first.logError("sign-in", cause(message, more)),
    },
    onAPIError: {
      errorURL: new URL("/sign-in/failed", publicUrl).href,
      // The library would print what it cannot answer to the console, parameters and all: whoever asked it logs it.
      onError: (error) => {
        if (!isAPIError(error)) throw error;
        if (error.status === "INTERNAL_SERVER_ERROR") first.logError("sign-in", error);
      },
    },
    ...(settings.google && { socialProviders: { google: { ...settings.google, mapProfileToUser } } }),
    // Who is in the directory was named by somebody who may, and has no password: whoever Google says reads the
    // address's mail is that person, also before their first link by mail.
    account: {
      accountLinking: { enabled: true, trustedProviders: [], requireLocalEmailVerified: false },
      updateAccountOnSignIn: false,
    },
    disabledPaths: ["/token"],
    databaseHooks: {
      account: {
        create: {
          // Google said who it is, and nothing else is ever asked of it: its tokens are not kept.
          before: async (account) => ({
            data: { ...account, accessToken: null, refreshToken: null, idToken: null },
          }),
        },
      },
      user: {
        create: {
          // Nobody signs themselves up: somebody who may has named them first.
          before: async (user) => {
            if (!(await isExpected(first.db, user.email, first.wallNow()))) {
              throw new APIError("FORBIDDEN", {
                code: "NOT_INVITED",
                message: "Nobody invited this address.",
              });
            }
            return { data: user };
          },
        },
      },
      session: {
        create: {
          // A session starts in a workspace: with only one, there is nothing to choose.
          before: async (session) => {
            const [home] = await listMemberships(first.db, session.userId);
            return { data: { ...session, activeOrganizationId: home?.organizationId ?? null } };
          },
        },
      },
    },
    plugins: [
      magicLink({
        expiresIn: magicLinkS,
        storeToken: "hashed",
        sendMagicLink: async ({ email, token, metadata }) => {
          const next = typeof metadata?.next === "string" ? metadata.next : "";
          await mail(signInMail({ publicUrl, email, token, next, minutes: signInMinutes }));
        },
      }),
      organization({
        ac: accessControl,
        roles,
        creatorRole: "admin",
        allowUserToCreateOrganization: false,
        disableOrganizationDeletion: true,
        membershipLimit: 10_000,
        invitationExpiresIn: invitationS,
        cancelPendingInvitationsOnReInvite: true,
        requireEmailVerificationOnInvitation: true,
        schema: {
          organization: {
            additionalFields: {
              shard: { type: "number", required: true, input: false },
              workspaceKey: { type: "number", required: true, input: false },
            },
          },
        },
      }),
      // Its key is for programs' tokens; a session needs none, and must not stop where that key cannot be read.
      jwt({ jwks: { keyPairConfig: { alg: "ES256" } }, disableSettingJwtHeader: true }),
      oauthProvider({
        loginPage: "/oauth/sign-in",
        consentPage: "/oauth/consent",
        scopes: ["read", "write", "offline_access"],
        grantTypes: ["authorization_code", "refresh_token"],
        accessTokenExpiresIn: accessTokenS,
        refreshTokenExpiresIn: refreshTokenS,
        // Two requests that refresh at once both get an answer; later reuse ends the whole family.
        refreshTokenReuseInterval: 15,
        // What a token is for; a token for anything else is not ours.
        resources: [publicUrl],
        clientRegistrationDefaultResources: [publicUrl],
        allowDynamicClientRegistration: true,
        allowUnauthenticatedClientRegistration: true,
        clientRegistrationDefaultScopes: ["read", "offline_access"],
        clientRegistrationAllowedScopes: ["write"],
        rateLimit: {
          token: false,
          authorize: false,
          introspect: false,
          revoke: false,
          register: false,
          userinfo: false,
        },
      }),
      oauthDeviceAuthorization({ verificationUri: "/device", expiresIn: "15m", interval: "5s" }),
    ],
  } satisfies BetterAuthOptions;
  return betterAuth(options);
}

/** What the library has to say beside its message is an error, what one said, or nothing that may be logged. */
function cause(message: unknown, more: unknown[]): Error {
  const text = more.find((given) => typeof given === "string");
  const error = more.find((given) => given instanceof Error) ?? (text && new Error(text));
  return new Error(String(message), { cause: error });
}

/** An address Google has not confirmed is nobody's: without one the library lets nobody in. */
const mapProfileToUser = ({ email_verified }: { email_verified: boolean }): { email?: undefined } =>
  email_verified === true ? {} : { email: undefined };

export type Auth = ReturnType<typeof buildAuth>;
