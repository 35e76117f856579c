/** The whole look: screen, phone, paper. Colours keep a contrast of 4.5:1 at least, and never speak alone. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #fff; --tint: #f6f8fa; --matched: #2f6f4f; --explained: #b7791f; --bad: #b42318; --accent: #24508f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #a3acb6; --line: #3b434c; --paper: #14181d; --tint: #1d232a; --matched: #63b98c; --explained: #e0ac55; --bad: #ff8f82; --accent: #8db7f2; } }
* { box-sizing: border-box; }
html { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", "DejaVu Sans", sans-serif; color: var(--ink); background: var(--paper); }
body { margin: 0 auto; max-width: 66rem; padding: 1.25rem; overflow-wrap: break-word; }
.choose { position: absolute; opacity: 0; width: 1px; height: 1px; }
.languages { display: flex; gap: .25rem; justify-content: flex-end; font-size: .875rem; }
.languages label { padding: .25rem .75rem; border: 1px solid var(--line); border-radius: 1rem; cursor: pointer; color: var(--soft); }
#show-en:checked ~ .languages [for="show-en"], #show-de:checked ~ .languages [for="show-de"] { background: var(--accent); border-color: var(--accent); color: var(--paper); }
#show-en:focus-visible ~ .languages [for="show-en"], #show-de:focus-visible ~ .languages [for="show-de"] { outline: 3px solid var(--explained); outline-offset: 2px; }
#show-en:checked ~ #de, #show-de:checked ~ #en { display: none; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1rem 0 .25rem; }
.subtitle { color: var(--soft); margin: 0 0 1.25rem; font-size: 1.1rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .25rem; }
h3 small { font-weight: 400; color: var(--soft); }
a { color: var(--accent); }
code { font: .85em/1.4 ui-monospace, "Liberation Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.result { display: flex; gap: .75rem; align-items: baseline; padding: .9rem 1.1rem; border: 1px solid; border-left-width: .5rem; border-radius: .35rem; background: var(--tint); font-size: 1.1rem; }
.result.good, .result.explained { border-color: var(--matched); } .result.bad { border-color: var(--bad); }
.result .sign { font-weight: 700; } .result.good .sign, .result.explained .sign { color: var(--matched); } .result.bad .sign, strong.bad { color: var(--bad); }
.facts { margin: 1rem 0; } .facts div { display: grid; grid-template-columns: 13rem 1fr; gap: 1rem; padding: .3rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); } dd { margin: 0; }
nav ul { columns: 2; padding-left: 1.2rem; margin: .5rem 0; }
table { width: 100%; border-collapse: collapse; margin: .75rem 0; font-size: .93rem; }
caption { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line); }
tbody th { font-weight: 400; } tfoot th, tfoot td { font-weight: 600; border-bottom: 0; }
.figures { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { display: block; width: 100%; min-width: 7rem; height: .8rem; margin-top: .35rem; }
.bar .matched { fill: var(--matched); } .bar .explained { fill: var(--explained); } .bar .bad { fill: var(--bad); } .bar .took { fill: var(--accent); } .bar .track { fill: var(--line); }
.bars { width: 38%; }
.legend { font-size: .875rem; color: var(--soft); } .key { margin-right: 1.25rem; white-space: nowrap; } .key::before { content: ""; display: inline-block; width: .8rem; height: .8rem; margin-right: .4rem; vertical-align: -.1rem; background: currentColor; }
.key.matched::before { background: var(--matched); } .key.explained::before { background: var(--explained); } .key.bad::before { background: var(--bad); }
.note, .decision { color: var(--soft); font-size: .9rem; } .blank { color: var(--soft); border-bottom: 1px dotted var(--soft); }
.line { display: inline-block; width: 18rem; max-width: 100%; border-bottom: 1px solid var(--soft); height: 1.2em; }
.sign-off table { table-layout: fixed; } .sign-off th:first-child { width: 25%; } .sign-off td, .sign-off th { height: 3.2rem; } .sign-off td span { display: block; white-space: nowrap; }
footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; border-top: 1px solid var(--line); padding-top: .75rem; }
@media (max-width: 42rem) {
  body { padding: .9rem; } h1 { font-size: 1.5rem; } nav ul { columns: 1; }
  .facts div { grid-template-columns: 1fr; gap: 0; }
  table, tbody, tfoot, tr, th, td { display: block; width: 100%; } thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  tr { border-bottom: 1px solid var(--line); padding: .5rem 0; } th, td { border: 0; padding: .12rem 0; }
  tbody th { font-weight: 600; } td { display: flex; justify-content: space-between; gap: 1rem; text-align: right; white-space: normal; }
  td::before { content: attr(data-label); color: var(--soft); text-align: left; flex: none; max-width: 45%; } .sign-off td:empty { min-height: 1.6rem; border-bottom: 1px dotted var(--line); } .bars { width: 100%; }
  td[data-label=""] { display: block; } .sign-off th:first-child { width: 100%; } .sign-off th, .sign-off td { height: auto; } .sign-off td { flex-wrap: wrap; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --tint: #fff; --matched: #2f6f4f; --explained: #b7791f; --bad: #b42318; --accent: #24508f; }
  @page { size: A4; margin: 18mm 16mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; color: #444; } }
  html { font-size: 10.5pt; } body { max-width: none; padding: 0; } .languages, .choose, nav { display: none; }
  h2, h3 { break-after: avoid; } tr, .result, .facts div, .short { break-inside: avoid; } tfoot { display: table-row-group; } thead { display: table-header-group; } .sign-off { break-inside: avoid; }
  .bar, .key::before { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
