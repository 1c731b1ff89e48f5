#pragma once

#include <string_view>

namespace halfulp {

/// The style of a page: for telephones and desktops, light and dark. gnuplot draws on white, in black and grey: these follow
/// the page, its colours stay.
inline constexpr std::string_view page_style = R"css(:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1c1e21; --faint: #5f6670; --line: #d5d9de; --stripe: #f5f6f8; --grid: #d9dce0;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #15171a; --ink: #e6e8eb; --faint: #a2a9b3; --line: #383d44; --stripe: #1d2024; --grid: #33373d; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 16px; }
h1 { font-size: 1.7em; line-height: 1.2; margin: 0.4em 0; }
h2 { font-size: 1.3em; margin: 2em 0 0.4em; padding-top: 0.5em; border-top: 1px solid var(--line); }
h3 { font-size: 1.05em; margin: 1.6em 0 0.3em; }
p { margin: 0.5em 0; max-width: 75ch; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 12px 0; }
a { color: inherit; }
.table { overflow-x: auto; margin: 12px 0; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 10px; text-align: left; vertical-align: top; white-space: nowrap; }
th { color: var(--faint); font-weight: 600; border-bottom: 1px solid var(--line); }
td.long { white-space: normal; min-width: 26ch; overflow-wrap: anywhere; }
tbody tr:nth-child(even) { background: var(--stripe); }
figure { margin: 16px 0 28px; }
figcaption { color: var(--faint); font-size: 14px; max-width: 80ch; }
svg { display: block; width: 100%; height: auto; }
svg rect[fill="#ffffff"] { fill: none; }
svg g[fill="black"], svg g[fill="rgb(0,0,0)"] { fill: var(--ink); }
svg g[color="black"], svg [color="rgb(  0,   0,   0)"] { color: var(--ink); }
svg path[stroke="black"], svg [stroke="rgb(  0,   0,   0)"] { stroke: var(--ink); }
svg [stroke="rgb(200, 200, 200)"] { stroke: var(--grid); }
.narrow { display: none; }
@media (max-width: 640px) {
  .wide { display: none; }
  .narrow { display: block; }
  main { padding: 12px; }
  h1 { font-size: 1.4em; }
}
)css";

}  // namespace halfulp
