/** The question about a mail nobody is sure of, asked from its enrollment. */
import type { ViewProps } from "../views.ts";
import { SettleQuestion } from "./settle-question.tsx";

export default function SettleView({ panel, view }: ViewProps<"settle">) {
  return <SettleQuestion panel={panel} enrollmentId={view.enrollmentId} />;
}
