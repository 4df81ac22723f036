import { judgeAll, reachesOf } from "./zones.ts";
import * as z from "./zones.ts";
import { setOf } from "../gate/scene.ts";
import { planeAt } from "../../src/core/plane.ts";
import { partsNear } from "../../src/zones/zone-index.ts";
import { distanceTo } from "../../src/zones/shape-distance.ts";
import { lookAround } from "../../src/gate/surroundings.ts";
const { cityOf } = z as any;
const plain = cityOf(10_000, { viewM: 0 });
const reaches = reachesOf(plain.places);
const set = (setOf as any)(plain.zones);
function t(name: string, f: () => number) {
  const a: number[] = [];
  let s = 0;
  for (let i = 0; i < 40; i++) {
    const t0 = performance.now();
    s = f();
    a.push(performance.now() - t0);
  }
  a.sort((x, y) => x - y);
  console.log(name.padEnd(30), ((a[20]! / reaches.length) * 1e6).toFixed(0), "ns", s);
}
for (let k = 0; k < 2; k++) {
  t("plane", () => {
    let s = 0;
    for (const r of reaches) s += planeAt(r).xPerDeg;
    return s;
  });
  t("search near (45)", () => {
    let s = 0;
    for (const r of reaches) s += partsNear(set.zoneIndex, planeAt(r), r.radiusM + 30);
    return s;
  });
  t("search far (100)", () => {
    let s = 0;
    for (const r of reaches) s += partsNear(set.zoneIndex, planeAt(r), r.radiusM + 100);
    return s;
  });
  t("search near + distance", () => {
    let s = 0;
    for (const r of reaches) {
      const p = planeAt(r);
      const c = partsNear(set.zoneIndex, p, r.radiusM);
      for (let i = 0; i < c; i++)
        if (
          distanceTo(set.zoneIndex.shapes, set.zoneIndex.found[i]!, p, r.radiusM + 25, r.radiusM + 25) <=
          r.radiusM + 25
        )
          s++;
    }
    return s;
  });
  t("lookAround", () => {
    let s = 0;
    for (const r of reaches) s += lookAround(set, r, 30).near.length;
    return s;
  });
  t("judgeAll", () => judgeAll(set, reaches));
}
