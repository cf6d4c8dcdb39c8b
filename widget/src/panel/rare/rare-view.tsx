/** Where there is no record to show: nobody knows this person, may not see them, or the page has not said who asks. */
import { Button } from "../../parts/button.tsx";
import { Plain } from "../first-screen.tsx";
import type { PanelContext } from "../open.ts";
import { texts } from "./words.ts";

export default function RareView({ panel }: { panel: PanelContext }) {
  const { phase, failure } = panel.state;
  const words = texts[panel.language];
  if (phase === "unconnected") return <Plain title={words.notConnected} text={words.notConnectedWhy} />;
  if (phase === "unknown") {
    return (
      <Plain title={words.unknown} text={words.unknownWhy}>
        <Button go onClick={() => panel.show({ name: "add" })}>
          {words.add}
        </Button>
      </Plain>
    );
  }
  return (
    <Plain title={words.noAccess} text={failure?.detail}>
      <Button onClick={() => void panel.refresh()}>{panel.words.retry}</Button>
    </Plain>
  );
}
