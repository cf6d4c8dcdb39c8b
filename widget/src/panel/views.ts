/** What opens inside a panel, each fetched when it is first opened. */
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
type View = ComponentType<{ panel: PanelContext; view: OpenView }>;

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

const fetched = new Map<ViewName, View | "failed">();

/** @returns the view when it is there; else null, and `arrived` is called once it is or cannot be. */
export function viewOf(name: ViewName, arrived: () => void): View | "failed" | null {
  const view = fetched.get(name);
  if (view) return view;
  loaders[name]()
    .then(({ default: loaded }) => fetched.set(name, loaded as View))
    .catch(() => fetched.set(name, "failed"))
    .finally(arrived);
  return null;
}

/** A view that could not be fetched is fetched once more when somebody opens it again. */
export function giveAnotherTry(name: ViewName): void {
  if (fetched.get(name) === "failed") fetched.delete(name);
}
