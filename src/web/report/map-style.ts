/** The map's part of the style sheet. `--unit` is map units for a pixel; lines keep their width at every zoom. */
export const MAP_STYLE = `
:root {
  --land: #f6f7f8; --military: #6d4fb0; --defence-industry: #3560b5; --government: #56657a; --housing-compound: #8a6a2f; --other: #72756f;
}
@media (prefers-color-scheme: dark) {
  :root { --land: #1d2126; --military: #a98fe6; --defence-industry: #7ea4f0; --government: #9fb0c6; --housing-compound: #cdaa6a; --other: #a9ada5; }
}
@media print {
  :root { --land: #f6f7f8; --military: #6d4fb0; --defence-industry: #3560b5; --government: #56657a; --housing-compound: #8a6a2f; --other: #72756f; }
}
.map-box { position: relative; }
.map { display: block; width: 100%; aspect-ratio: 16 / 10; background: var(--land); border: 1px solid var(--line); border-radius: 6px; cursor: grab; touch-action: pan-y; }
.map:active { cursor: grabbing; }
.map:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.military { --zone: var(--military); } .defence-industry { --zone: var(--defence-industry); } .government { --zone: var(--government); }
.housing-compound { --zone: var(--housing-compound); } .other { --zone: var(--other); }
.map .view use, .key-view { fill: color-mix(in srgb, var(--ink) 5%, var(--land)); stroke: color-mix(in srgb, var(--ink) 5%, var(--land)); stroke-linejoin: round; }
.map .standoff use { fill: color-mix(in srgb, var(--zone) 16%, var(--land)); stroke: color-mix(in srgb, var(--zone) 16%, var(--land)); stroke-linejoin: round; }
.map .zones use, .key-zone { fill: color-mix(in srgb, var(--zone) 38%, var(--land)); fill-rule: evenodd; stroke: var(--zone); stroke-width: 1.5px; }
.map .zones use { stroke-width: calc(1.5px * var(--unit)); }
.map .zones .to-blur use { stroke-dasharray: calc(5px * var(--unit)) calc(4px * var(--unit)); }
.map path, .map circle { vector-effect: non-scaling-stroke; }
.to-blur.key-zone { stroke-dasharray: 5 4; }
.key-standoff { fill: color-mix(in srgb, var(--government) 16%, var(--land)); stroke: none; }
.key-view { stroke: var(--line); }
.fixed { transform: scale(var(--unit)); }
.layer { visibility: hidden; } .all { visibility: visible; }
.map .layer path, .casing, .unknown, .legend path { fill: none; stroke-linecap: round; stroke-linejoin: round; }
.casing { stroke: var(--land); stroke-width: 8; }
path.unknown { stroke: var(--soft); stroke-width: 2.5; stroke-dasharray: .1 6; }
path.pass { stroke: var(--pass); stroke-width: 3; }
path.blur { stroke: var(--blur); stroke-width: 5; stroke-dasharray: 7 6; stroke-linecap: butt; }
path.drop { stroke: var(--drop); stroke-width: 6; }
.map path.lit { visibility: visible; stroke: var(--ink); stroke-width: 9; }
.arrows path { fill: none; stroke: var(--ink); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.map text, .north text { font: 11px system-ui, sans-serif; fill: var(--ink); }
.labels text, .ends text, .scale text { paint-order: stroke; stroke: var(--land); stroke-width: 3px; stroke-linejoin: round; }
.labels { pointer-events: none; } .labels text { text-anchor: middle; font-weight: 600; } .labels .soft { fill: var(--soft); font-weight: 400; }
.ends circle, .ends rect { fill: var(--land); stroke: var(--ink); stroke-width: 2.5; } .ends text { font-weight: 600; }
.badge circle { fill: var(--ink); stroke: var(--land); stroke-width: 1.5; } .badge path { stroke: var(--ink); stroke-width: 1.5; }
.badge text { font: 600 10.5px system-ui, sans-serif; fill: var(--paper); text-anchor: middle; }
.left { fill: var(--land); stroke: var(--ink); stroke-width: 2; }
.scale path { stroke: var(--ink); stroke-width: 3; vector-effect: non-scaling-stroke; }
.scale { pointer-events: none; }
.zoom { position: absolute; top: 10px; left: 10px; display: flex; gap: 4px; }
.zoom button { min-width: 30px; height: 30px; padding: 0 9px; font: inherit; font-size: 13px; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 5px; cursor: pointer; }
.north { position: absolute; top: 10px; right: 10px; width: 24px; height: 40px; } .north path { fill: var(--ink); } .north text { text-anchor: middle; }
.layers { border: 0; margin: 0 0 10px; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 13px; color: var(--soft); }
.layers legend { float: left; padding: 0; margin-right: 12px; } .layers input { margin: 0 5px 0 0; vertical-align: -2px; accent-color: var(--accent); } .layers label { color: var(--ink); cursor: pointer; }
/* Drawn for a wide map; on a narrow one the badges and the tables name the zones. */
@media (max-width: 600px) { .map { aspect-ratio: 1; } .labels { display: none; } }
`;
