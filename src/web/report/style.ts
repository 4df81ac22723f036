import { MAP_STYLE } from "./map-style.ts";

/** The page's style sheet. The layers of the map are switched by it alone; `pixel` is in map units. */
export function styleFor(cameras: number, pixel: number): string {
  const layers = Array.from({ length: cameras }, (_, i) => layerRule(`#layer-${i}`, `.camera${i}`));
  return `${PAGE_STYLE}${MAP_STYLE}${PRINT_STYLE}.map{--unit:${pixel}}\n${layers.join("")}`;
}

function layerRule(choice: string, layer: string): string {
  return `.map-figure:has(${choice}:checked) ${layer}{visibility:visible}.map-figure:has(${choice}:checked) .all{visibility:hidden}\n`;
}

const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ground: #f6f7f8; --ink: #1b2026; --soft: #5d6772; --line: #dde1e5;
  --pass: #12796f; --blur: #a86200; --drop: #bd2541; --accent: #2a5bb8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16191d; --ground: #1d2126; --ink: #e7eaed; --soft: #9aa4ae; --line: #333a42;
    --pass: #4cc0b0; --blur: #f0b04f; --drop: #ff6f85; --accent: #8db2f5;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 0 0 12px; }
h3 { font-size: 14px; margin: 20px 0 4px; }
section { margin-top: 44px; }
.kind { margin: 0 0 4px; color: var(--soft); font-size: 13px; letter-spacing: .02em; }
.when { margin: 6px 0 24px; color: var(--soft); }
.when span::before { content: "·"; margin: 0 6px; }
.sum { margin: 0 0 10px; font-size: 17px; color: var(--soft); }
.sum > span { white-space: nowrap; }
.sum b { font-size: 24px; font-weight: 650; color: var(--ink); font-variant-numeric: tabular-nums; }
.sum .pass-text b { color: var(--pass); } .sum .blur-text b { color: var(--blur); } .sum .drop-text b { color: var(--drop); }
.pass-text b, b.pass-text { color: var(--pass); } b.blur-text { color: var(--blur); }
.share { display: block; width: 100%; height: 10px; border-radius: 5px; }
.set { margin: 10px 0 0; font-size: 12px; color: var(--soft); overflow-wrap: anywhere; }
.soft { color: var(--soft); font-weight: 400; }
.note { margin: 8px 0 0; font-size: 13px; color: var(--soft); }
code { font: 12px ui-monospace, monospace; }
rect.pass { fill: var(--pass); } rect.blur { fill: var(--blur); } rect.drop { fill: var(--drop); }
rect.doubt { fill: url(#hatch); } #hatch path { stroke: var(--drop); stroke-width: 1.6; }
.defs { position: absolute; width: 0; height: 0; }
.scroll { overflow-x: auto; margin-top: 16px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
caption { text-align: left; font-weight: 600; padding: 8px 0; }
th, td { text-align: left; vertical-align: baseline; padding: 6px 16px 6px 0; border-top: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--soft); font-size: 12px; border-top: 0; padding-bottom: 4px; white-space: nowrap; }
tfoot th, tfoot td { font-weight: 600; border-top: 2px solid var(--line); }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th b { font-weight: 600; }
th:last-child, td:last-child { padding-right: 0; }
.wide { min-width: 170px; }
.number { display: inline-block; min-width: 20px; padding: 0 5px; border-radius: 10px; background: var(--ink); color: var(--paper); font-size: 12px; font-weight: 600; text-align: center; line-height: 20px; }
details { margin-top: 20px; } summary { cursor: pointer; font-weight: 600; }
ul { margin: 4px 0; padding-left: 20px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; padding: 0; margin: 10px 0 0; font-size: 13px; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: 6px; }
.legend svg { width: 26px; height: 14px; flex: none; }
.timeline { display: grid; grid-template-columns: minmax(0, max-content) 1fr; gap: 10px 14px; align-items: center; }
.strip-name { font-size: 13px; max-width: 130px; overflow: hidden; text-overflow: ellipsis; }
.strip { width: 100%; height: 28px; display: block; background: var(--ground); }
.strip rect, .share rect { shape-rendering: crispEdges; }
.strip .lit { fill: var(--ink); }
.strip text { font-size: 10px; font-weight: 600; fill: var(--paper); }
.strip .beside { fill: var(--ink); }
.visit { fill: var(--ink); fill-opacity: .72; }
.axis { width: 100%; height: 20px; overflow: visible; }
.axis text { font-size: 11px; fill: var(--soft); font-variant-numeric: tabular-nums; }
.axis line, .axis path { stroke: var(--soft); stroke-width: 1; } .axis path { stroke: none; }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 18px; margin-top: 14px; }
figure { margin: 0; }
.samples img { display: block; width: 100%; border-radius: 4px; }
.samples figcaption { font-size: 13px; margin-top: 6px; }
@media (max-width: 600px) {
  main { padding: 20px 14px 48px; } h1 { font-size: 24px; } .sum b { font-size: 20px; }
  .timeline { grid-template-columns: 1fr; gap: 3px; } .strip-name { margin-top: 6px; }
}
`;

const PRINT_STYLE = `@media print {
  :root { color-scheme: light; --paper: #fff; --ground: #f3f4f5; --ink: #111; --soft: #555; --line: #ccc; --pass: #12796f; --blur: #a86200; --drop: #bd2541; }
  body { font-size: 11px; } main { max-width: none; padding: 0; } section { margin-top: 24px; }
  table { font-size: 11px; } tfoot { display: table-row-group; } .zoom, .layers { display: none; }
  svg, .number { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  tr, figure, .timeline { break-inside: avoid; } h2, caption { break-after: avoid; } .scroll { overflow: visible; }
}
`;
