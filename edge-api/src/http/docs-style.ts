/** The docs' one style sheet: quiet, light and dark, from 320 px up. */
import { tokens } from "../pages/tokens.ts";

export const docsStyle = `${tokens}
:root { font: 15px/1.55 system-ui, "Inter", "Segoe UI", sans-serif; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { :root { scroll-behavior: auto; } }
body { margin: 0 auto; max-width: 72rem; padding: 0 16px 64px; }
h1, h2, h3, h4, p, dl, dd, ul { margin: 0; padding: 0; }
h1 { font-size: 26px; line-height: 1.25; letter-spacing: -.01em; } h2 { font-size: 20px; } h3 { font-size: 16px; } h4 { font-size: 13px; }
h3 a { color: inherit; }
code, pre { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
nav { padding: 24px 0 16px; border-bottom: 1px solid var(--line); }
nav ul { list-style: none; } nav > ul { display: flex; flex-wrap: wrap; gap: 0 16px; } nav ul ul { display: none; }
nav li a { display: inline-block; min-height: 24px; padding: 4px 0; }
.brand { font-weight: 600; margin-bottom: 8px; } .brand a { color: inherit; }
header { padding: 32px 0 8px; } header p { margin-top: 12px; max-width: 44rem; }
section { padding-top: 40px; } section > h2 { padding-bottom: 8px; }
section > p { max-width: 44rem; }
article { border-top: 1px solid var(--line); padding: 24px 0; scroll-margin-top: 8px; }
article > * + * { margin-top: 8px; } article > p { max-width: 44rem; } article > h4 { margin-top: 16px; }
.route { overflow-wrap: anywhere; } .route b { font: 600 12px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; color: var(--soft); margin-right: 4px; }
dl, .fields { border-top: 1px solid var(--line); max-width: 44rem; list-style: none; } dt, .fields li { padding-top: 6px; overflow-wrap: anywhere; } dd { color: var(--soft); padding-bottom: 2px; }
.fields em { font-style: normal; font-size: 12px; color: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: 0 4px; white-space: nowrap; }
dt:target { background: var(--raise); box-shadow: -8px 0 0 var(--accent); }
pre { background: var(--raise); border-radius: 6px; padding: 12px; overflow-x: auto; max-width: 44rem; margin: 12px 0 0; }
details { max-width: 44rem; } details[open] { padding-bottom: 8px; } details .fields { margin-top: 8px; }
summary { cursor: pointer; min-height: 24px; font-size: 13px; font-weight: 600; color: var(--soft); padding: 2px 0; }
.codes { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 16px; padding-top: 8px; }
@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 0 48px; }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; border: 0; padding: 32px 8px 32px 0; font-size: 14px; }
  nav > ul { display: block; } nav > ul > li { padding-bottom: 8px; } nav > ul > li > a { font-weight: 600; color: inherit; }
  nav ul ul { display: block; } nav ul ul a { color: var(--soft); padding: 1px 0; min-height: 0; }
  dl.two { display: grid; grid-template-columns: max-content 1fr; gap: 0 24px; } dl.two dd { padding-top: 6px; }
}
`;
