/** In place of a view whose answer is on its way, or did not come. */
import { Button } from "../parts/button.tsx";
import { Bones } from "./draw.tsx";
import type { PanelContext } from "./open.ts";
import type { Asked } from "./use-answer.ts";

type Props = { panel: PanelContext; asked: Pick<Asked<"tasks.get">, "failure" | "again"> };

export function Unanswered({ panel, asked: { failure, again } }: Props) {
  if (!failure) return <Bones />;
  const { words } = panel;
  return (
    <div class="block now" role="alert">
      <h3>{failure.code === "unreachable" ? words.unreachable : failure.detail}</h3>
      <div class="row">
        <Button onClick={again}>{words.retry}</Button>
      </div>
    </div>
  );
}
