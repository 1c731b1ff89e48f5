#pragma once

#include <string_view>

namespace halfulp {

/// The style of a page: for telephones and desktops, light and dark. gnuplot draws on white, in black and grey: these follow
/// the page, its colours stay.
inline constexpr std::string_view page_style = R"css(:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1c1e21; --faint: #5f6670; --line: #d5d9de; --stripe: #f5f6f8; --grid: #d9dce0;
  --shade: #1c1e2133;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #15171a; --ink: #e6e8eb; --faint: #a2a9b3; --line: #383d44; --stripe: #1d2024; --grid: #33373d;
    --shade: #000000b3; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 16px; }
h1 { font-size: 1.7em; line-height: 1.2; margin: 0.4em 0; }
h2 { font-size: 1.3em; margin: 2em 0 0.4em; padding-top: 0.5em; border-top: 1px solid var(--line); }
h3 { font-size: 1.05em; margin: 1.6em 0 0.3em; }
p { margin: 0.5em 0; max-width: 75ch; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 12px 0; }
a { color: inherit; }
/* A table that goes on to the right has a shade there: the paper, which scrolls along, covers it at the end. */
.table { overflow-x: auto; margin: 12px 0; border: 1px solid var(--line); border-radius: 6px;
  background: linear-gradient(to left, var(--paper) 50%, transparent) right / 36px 100% no-repeat local,
    linear-gradient(to left, var(--shade), transparent) right / 16px 100% no-repeat scroll, var(--paper); }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 8px; text-align: left; vertical-align: top; white-space: nowrap; }
th { color: var(--faint); font-weight: 600; border-bottom: 1px solid var(--line); white-space: normal; vertical-align: bottom; }
th:first-child, td:first-child:not(.long) { position: sticky; left: 0; background: var(--paper);
  border-right: 1px solid var(--line); }
td.long { white-space: normal; min-width: 26ch; overflow-wrap: anywhere; }
tbody tr + tr td { border-top: 1px solid var(--stripe); }
details { margin: 12px 0; }
summary { color: var(--faint); font-size: 14px; cursor: pointer; }
figure { margin: 16px 0 28px; max-width: 1080px; }
figcaption { color: var(--faint); font-size: 14px; max-width: 80ch; }
svg { display: block; width: 100%; height: auto; }
svg text { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
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
  td:first-child { white-space: normal; min-width: 11ch; }
}
)css";

}  // namespace halfulp
