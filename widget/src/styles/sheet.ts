/** The panel's style sheet, made once and shared by every panel: constructed, so that no host's policy is in its way. */
import css from "./panel.css?inline";

let made: CSSStyleSheet | undefined;

export function sheet(): CSSStyleSheet {
  if (!made) {
    made = new CSSStyleSheet();
    made.replaceSync(css);
  }
  return made;
}
