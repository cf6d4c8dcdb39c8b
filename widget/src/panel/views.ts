/** What opens inside a panel, each fetched when it is opened. */
import type { ComponentType } from "preact";
import type { PanelContext } from "./open.ts";

export type OpenView =
  | { name: "enroll" }
  | { name: "add" }
  | { name: "task"; taskId: string }
  | { name: "plan"; enrollmentId: string }
  | { name: "stop"; enrollmentId: string }
  | { name: "fix"; enrollmentId: string }
  | { name: "settle"; enrollmentId: string }
  | { name: "hold" }
  | { name: "timeline" }
  | { name: "rare" };

export type ViewName = OpenView["name"];
export type ViewProps<Name extends ViewName> = {
  panel: PanelContext;
  view: Extract<OpenView, { name: Name }>;
};
export type View = ComponentType<{ panel: PanelContext; view: OpenView }>;

const loaders: { [Name in ViewName]: () => Promise<{ default: ComponentType<ViewProps<Name>> }> } = {
  enroll: () => import("./enroll/enroll-view.tsx"),
  add: () => import("./person/add-view.tsx"),
  fix: () => import("./person/fix-view.tsx"),
  hold: () => import("./person/hold-view.tsx"),
  task: () => import("./task/task-view.tsx"),
  settle: () => import("./task/settle-view.tsx"),
  plan: () => import("./enrollment/plan-view.tsx"),
  stop: () => import("./enrollment/stop-view.tsx"),
  rare: () => import("./rare/rare-view.tsx"),
  timeline: () => import("./timeline/timeline-view.tsx"),
};

/** @returns the view's component. What could not be fetched is fetched once more when it is asked for again. */
export const loadView = async (name: ViewName): Promise<View> => (await loaders[name]()).default as View;
