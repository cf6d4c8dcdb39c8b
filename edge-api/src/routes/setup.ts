/** The first run, and where `/` leads. */
import { contracts } from "@cadenza/shared/contract/all";
import { asksGoogle, mailSignInLink } from "../auth/sign-in.ts";
import { isSetUp, isSetupToken, setUp } from "../commands/setup.ts";
import { findUser } from "../db/directory.ts";
import { firstWorkspaceId } from "../db/setup.ts";
import { isTimeZone } from "../domain/schedule.ts";
import type { Router } from "../http/endpoint.ts";
import { submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { encodeId } from "../http/public-id.ts";
import { addressOf, requireRoom } from "../http/rate-limit.ts";
import { auditPerson, redirect, servePage, type Visit } from "../http/serve-page.ts";
import { type Entered, nothingEntered } from "../pages/parts.ts";
import {
  alreadySetUpPage,
  type Mailed,
  noTokenPage,
  setUpPage,
  setupNames,
  setupPage,
  type Zones,
} from "../pages/setup.ts";

export function setupRoutes(app: Router): void {
  servePage(app, "start", async (visit) => {
    if (await visit.findPerson()) return redirect("/app");
    return redirect((await isSetUp(visit.systems)) ? "/sign-in" : "/setup");
  });

  servePage(app, "setup.ask", async (visit) => {
    if (await isSetUp(visit.systems)) return page(410, alreadySetUpPage());
    return visit.setupToken ? show(visit, 200, nothingEntered) : page(200, noTokenPage());
  });

  servePage(app, "setup.make", async (visit) => {
    const { first, form, request, setupToken, systems } = visit;
    if (!setupToken) return page(403, noTokenPage());
    await requireRoom(first, "guess", addressOf(request));
    if (!isSetupToken(form.get("token") ?? "", setupToken)) {
      const values = Object.fromEntries(setupNames.map((name) => [name, form.get(name) ?? ""]));
      return show(visit, 403, { values, errors: { token: "This is not the set-up token." } });
    }
    const schema = contracts["internal.createWorkspace"].body;
    const publicId = encodeId("wsp", 0, firstWorkspaceId);
    const made = await submit(form, setupNames, schema, (asked) => setUp(systems, publicId, asked));
    if (!made.ok) return show(visit, made.status, made.entered);
    if (!made.result) return page(409, alreadySetUpPage());
    const { email } = made.result;
    const admin = await findUser(first.db, { email });
    if (admin) await auditPerson(visit, "setup.make", admin, publicId);
    const mailed = await mailLink(visit, email);
    return page(201, setUpPage(form.get("name") ?? "", email, mailed, asksGoogle(visit.auth)));
  });
}

async function mailLink({ auth, first, request, requestId }: Visit, email: string): Promise<Mailed> {
  if (!first.sendSystemMail) return "not_set_up";
  try {
    await mailSignInLink(auth, email, "", request.headers);
    return "sent";
  } catch (error) {
    first.logError(`${requestId} the first sign-in link was not mailed`, error);
    return "refused";
  }
}

const show = (visit: Visit, status: number, entered: Entered) =>
  page(status, setupPage(entered, zoneOf(visit), allZones()));

/** Where the request came from, as far as Cloudflare can tell. */
function zoneOf({ request }: Visit): string {
  const { timezone } = (request.cf ?? {}) as { timezone?: unknown };
  return typeof timezone === "string" && isTimeZone(timezone) ? timezone : "UTC";
}

/** The runtime keeps the names of 1993; people look for today's. */
const today: Record<string, string> = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Godthab": "America/Nuuk",
  "America/Indianapolis": "America/Indiana/Indianapolis",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};

let zonesByRegion: Zones | undefined;

function allZones(): Zones {
  if (zonesByRegion) return zonesByRegion;
  const regions = new Map<string, string[]>();
  for (const zone of Intl.supportedValuesOf("timeZone")
    .map((name) => today[name] ?? name)
    .sort()) {
    const [region = "", place] = zone.split("/");
    if (place) regions.set(region, [...(regions.get(region) ?? []), zone]);
  }
  const rest = [...regions].map(([heading, zones]) => ({ heading, zones }));
  zonesByRegion = [{ heading: "Universal", zones: ["UTC"] }, ...rest];
  return zonesByRegion;
}
