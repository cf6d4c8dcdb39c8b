/** The colours and the ground of everything we serve: one accent, greys that hold in light and in dark. */
export const tokens = `
:root { color-scheme: light dark;
  --ink: light-dark(#16191d, #eceef0); --soft: light-dark(#5b636d, #9aa3ad); --faint: light-dark(#78818c, #7d8792);
  --line: light-dark(#e3e6ea, #2a2e34); --ground: light-dark(#ffffff, #15171a); --raise: light-dark(#f6f7f9, #1b1e22);
  --accent: light-dark(#1f5fd0, #7fabf7); --on-accent: light-dark(#ffffff, #0b1526);
  --good: light-dark(#1c6b43, #79c79d); --warn: light-dark(#8a5200, #e3b062); --bad: light-dark(#a3262c, #f08b8f);
  background: var(--ground); color: var(--ink); }
* { box-sizing: border-box; }
a { color: var(--accent); text-decoration: none; } a:hover, main p a:not(.button) { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 2px; }
:is(a, summary, button, input, select, textarea, pre):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -100vw; } .skip:focus { left: 16px; top: 8px; background: var(--ground); padding: 4px 8px; z-index: 1; }
.soft { color: var(--soft); }
`;
