// The style sheet of report.html. It must not name a resource outside of the page.
#pragma once

namespace circuit::analysis {

inline constexpr const char* html_style = R"(
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --soft: #59636e; --line: #d5dae0;
  --bar: #2563a8; --panel: #f5f7f9; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171b; --ink: #e4e8ec; --soft: #a0aab4; --line: #363d45; --bar: #6fa8e6; --panel: #1d2126; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 0; }
a { color: var(--bar); }
.lead, caption, .type { color: var(--soft); }
.type { font-weight: normal; font-size: .875rem; margin-left: .5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
.number { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.notes { background: var(--panel); border-left: 4px solid var(--bar);
  padding: .75rem 1rem .75rem 2rem; margin: 1rem 0; }
article { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: .75rem 2rem; padding: 1.25rem 0;
  border-top: 1px solid var(--line); }
article h3, article p { grid-column: 1 / -1; margin: 0; }
svg { width: 100%; height: auto; display: block; }
svg rect { fill: var(--bar); }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg line { stroke: var(--line); }
@media (max-width: 40rem) { article { grid-template-columns: minmax(0, 1fr); } }
@media print { article { break-inside: avoid; } }
)";

}  // namespace circuit::analysis
