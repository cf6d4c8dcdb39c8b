/** What stands in the audit log, in words: a route is called as in the API, what only a page does is called here. */
import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import type { RouteName } from "@cadenza/shared/routes";
import { routes } from "@cadenza/shared/routes";
import { type PageName, pageRoutes } from "./page-routes.ts";

type Action = RouteName | PageName;

/** What no route of the API does. A page that only shows something is nobody's deed. */
const onPagesOnly: Partial<Record<PageName, string>> = {
  "signIn.enter": "Sign in",
  "signIn.google": "Sign in with Google",
  "signIn.leave": "Sign out",
  "setup.make": "Make the first workspace",
  "invitation.accept": "Accept an invitation",
  "oauth.answer": "Answer a program that asks to act for them",
  "device.answer": "Answer a device that asks to act for them",
};

export function actionText(action: string): string {
  if (Object.hasOwn(onPagesOnly, action)) return onPagesOnly[action as PageName]!;
  return Object.hasOwn(contracts, action) ? contracts[action as RouteName].summary : action;
}

/** Every action there can be, by what it is about. @param chosen is among them, whatever it is. */
export function actionGroups(chosen: string): {
  heading?: string;
  options: { value: string; text: string }[];
}[] {
  const option = (value: string) => ({ value, text: actionText(value) });
  const groups = [...Map.groupBy(actions, (name) => headingOf(name))].map(([heading, names]) => ({
    heading,
    options: names.map(option),
  }));
  const isKnown = chosen === "" || (actions as string[]).includes(chosen);
  return isKnown ? groups : [{ options: [option(chosen)] }, ...groups];
}

const isAudited = (name: RouteName): boolean => {
  const { access, download, limit }: Contract = contracts[name];
  if (access === "public" || access === "service" || access === "read" || access === "inbound") return false;
  return routes[name][0] !== "GET" || Boolean(download) || limit === "export";
};

const actions: Action[] = [
  ...(Object.keys(onPagesOnly) as PageName[]).filter((name) => Object.hasOwn(pageRoutes, name)),
  ...(Object.keys(routes) as RouteName[]).filter(isAudited),
];

/** "embedApps.create" → "Embed apps" */
const headingOf = (name: string): string => {
  const words = name
    .slice(0, name.indexOf("."))
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace("embed apps", "host apps");
  return (headings[words] ?? words).replace(/^./, (letter) => letter.toUpperCase());
};

const headings: Record<string, string> = {
  "sign in": "Signing in and out",
  setup: "Signing in and out",
  invitation: "Signing in and out",
  oauth: "Connected apps",
  device: "Connected apps",
  connections: "Connected apps",
  "api keys": "API keys",
  me: "Themselves",
  audit: "Audit log",
};
