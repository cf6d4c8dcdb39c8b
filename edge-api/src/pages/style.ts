/** The one style sheet of the pages people are served: on a 4-px grid, hairlines for boxes, right from 320 px up. */
import { tokens } from "./tokens.ts";

export const pageStyle = `${tokens}
:root { font: 15px/1.5 system-ui, "Inter", "Segoe UI", sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
body { margin: 0; min-height: 100vh; }
h1, h2, h3, p, ul, dl, dd, fieldset { margin: 0; padding: 0; border: 0; } ul { list-style: none; }
h1 { font-size: 22px; line-height: 1.3; letter-spacing: -.01em; font-weight: 600; text-wrap: balance; }
h2 { font-size: 16px; line-height: 1.5; font-weight: 600; } h3, .name, h2.name { font-size: 15px; font-weight: 600; }
code { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.small { font-size: 13px; } .brand { font-weight: 600; color: inherit; }

.slip { max-width: 25rem; margin: 0 auto; padding: 48px 16px; }
.slip .brand { display: inline-block; min-height: 24px; margin-bottom: 32px; color: var(--soft); }
.slip main > * + *, .stack > * + * { margin-top: 16px; } .slip main > h1 + p { margin-top: 8px; }
.slip main > :is(h2, hr) { margin-top: 32px; } hr { border: 0; border-top: 1px solid var(--line); margin-bottom: 0; }
@media (min-height: 40rem) and (min-width: 40rem) { .slip { padding-top: 14vh; } }

.bar { border-bottom: 1px solid var(--line); }
.bar > div { max-width: 52rem; margin: 0 auto; padding: 12px 16px 0; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 16px; align-items: center; }
.bar .where { display: flex; gap: 8px; min-width: 0; align-items: baseline; } .bar .where > a { min-height: 24px; }
.bar .where > a + a { color: var(--soft); } .bar .where > a + a::before { content: "/"; color: var(--line); margin-right: 8px; }
.bar nav { grid-column: 1 / -1; } .bar nav ul { display: flex; flex-wrap: wrap; gap: 0 20px; }
.bar nav a { display: inline-block; padding: 8px 0; color: var(--soft); border-bottom: 2px solid transparent; }
.bar nav a[aria-current] { color: var(--ink); border-color: var(--accent); }
.hall { max-width: 52rem; margin: 0 auto; padding: 32px 16px 64px; }
.hall > * + * { margin-top: 12px; } .hall > section { margin-top: 40px; } .hall > section > * + * { margin-top: 12px; }
.hall > p, .hall > section > p { max-width: 38rem; }

label, legend, .label { display: block; font-weight: 550; margin-bottom: 4px; padding: 0; }
input:not([type=hidden], [type=checkbox]), select, textarea { display: block; width: 100%; min-height: 40px; padding: 7px 12px; font: inherit; font-size: 16px; color: inherit;
  background: var(--ground); border: 1px solid var(--faint); border-radius: 6px; } textarea { resize: vertical; }
.check-box { display: flex; gap: 12px; font-weight: 400; padding: 4px 0; margin: 0; align-items: baseline; } .check-box input { flex: none; width: 16px; height: 16px; margin: 0; translate: 0 3px; accent-color: var(--accent); } .check-box .soft { display: block; }
pre { margin: 0; font: 13px/1.6 ui-monospace, "SF Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--raise); border-radius: 6px; padding: 12px 16px; }
.copy pre { user-select: all; -webkit-user-select: all; border: 1px solid var(--line); cursor: copy; }
select { padding-right: 8px; } [aria-invalid=true] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
.hint { color: var(--soft); font-size: 13px; margin-top: 4px; } .error { color: var(--bad); font-size: 13px; margin-top: 4px; }
.error::before { content: ""; display: inline-block; width: 0; height: 0; border: 4px solid; border-radius: 1px; margin-right: 8px; translate: 0 -1px; }
button, .button { display: inline-block; font: inherit; line-height: 1.5; min-height: 36px; padding: 6px 14px; border-radius: 6px; cursor: pointer; text-align: center;
  color: var(--ink); background: var(--ground); border: 1px solid var(--faint); } .button:hover { text-decoration: none; }
:is(.go, .slip form > button:not(.plain, .other)) { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 550; }
button.plain { border-color: transparent; color: var(--soft); background: none; padding-inline: 6px; margin-inline: -6px; min-height: 32px; padding-block: 4px; } .stop { color: var(--bad); border-color: var(--bad); }
.slip form > button:not(.plain) { width: 100%; min-height: 40px; } .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; } .apart { justify-content: space-between; }
@media (hover: hover) { button:hover, .button:hover { border-color: var(--ink); } :is(.go, .slip form > button:not(.plain, .other)):hover { border-color: var(--accent); filter: brightness(1.08); } button.plain:hover { border-color: transparent; color: var(--ink); } }

.note { border-left: 3px solid var(--faint); padding: 4px 0 4px 12px; max-width: 38rem; } .note b { font-weight: 600; }
.note.good { border-color: var(--good); } .note.bad { border-color: var(--bad); } .note.warn { border-color: var(--warn); } .note.warn b { color: var(--warn); } .note.good b { color: var(--good); } .note.bad b { color: var(--bad); }
.state { color: var(--soft); white-space: nowrap; } .state::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border: 2px solid; border-radius: 50%; box-sizing: border-box; }
.state.on { color: var(--good); } .state.on::before { background: currentColor; } .state.waiting { color: var(--warn); } .state.waiting::before { border-width: 1px; box-shadow: inset -3px 0 currentColor; } .state.new { color: var(--accent); } .state.new::before { background: currentColor; } .state.off::before { background: currentColor; border-radius: 0; }
.count { font-weight: 600; font-size: 13px; color: var(--accent); }
.over .name, .over > p:first-child { color: var(--soft); font-weight: 400; }
.log > li { display: grid; grid-template-columns: 3rem minmax(0, 1fr); gap: 4px 12px; padding: 8px 0; align-items: baseline; } .log .name { font-weight: 550; } .log a { color: inherit; } .log a.name:not(:hover) { text-decoration: none; } .log a:not(.name) { text-decoration: underline 1px var(--faint); text-underline-offset: 2px; } .log a.soft { color: var(--soft); }
.list > li { border-top: 1px solid var(--line); padding: 12px 0; } .list > li:last-child { border-bottom: 1px solid var(--line); }
.person { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start; } .person > :first-child { flex: 1 1 100%; } :is(.name, h3) em { font: inherit; font-size: 13px; color: var(--soft); font-weight: 400; }
.person .row select { width: auto; max-width: 100%; min-height: 36px; padding-block: 5px; font-size: 15px; } .person .row > label { margin: 0; font-weight: 400; } .person > details[open] { flex: 1 1 100%; }
.choice { display: flex; gap: 16px; justify-content: space-between; align-items: center; }
summary { cursor: pointer; min-height: 24px; color: var(--soft); padding: 6px; width: fit-content; border-radius: 6px; } summary:hover { color: var(--ink); }
details[open] > :not(summary) { background: var(--raise); border-radius: 6px; padding: 12px 16px; margin: 4px 0; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); gap: 4px 24px; } dt { color: var(--soft); }
.check > li { padding: 4px 0 4px 24px; position: relative; } .check > li::before { content: ""; position: absolute; left: 2px; top: 9px; width: 10px; height: 5px; border: solid var(--good); border-width: 0 0 2px 2px; rotate: -45deg; }
.check > .no { color: var(--soft); } .check > .no::before { border-width: 0 0 2px; border-color: var(--faint); rotate: none; top: 11px; }
.fields { display: grid; gap: 16px; max-width: 25rem; } .fields > button { justify-self: start; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (min-width: 44rem) {
  .person > :first-child { flex: 1 1 12rem; } .person > details[open] > summary { margin-left: auto; }
  .pairs.fields { grid-template-columns: 1fr 1fr; max-width: none; } .pairs > .row { margin-top: 27px; min-height: 40px; align-self: start; }
  .wide.fields { grid-template-columns: 2fr 1fr auto; max-width: 44rem; align-items: start; } .wide.fields > button { margin-top: 27px; min-height: 40px; }
}
@media (forced-colors: active) { .go { border: 2px solid ButtonText; } .bar nav a[aria-current] { border-color: Highlight; } .note { border-left-style: double; } .check > li::before { border-color: CanvasText; } }
@media (prefers-reduced-motion: no-preference) { button, .button, .bar nav a { transition: border-color 120ms, color 120ms; } }
`;
