import { setOf } from "../gate/scene.ts";
import { measure } from "./rounds.ts";
import type { Contender } from "./rounds.ts";
import { cityOf, judgeAll, reachesOf } from "./zones.ts";

const COUNTS = [100, 1_000, 10_000, 100_000] as const;

/**
 * Cost of a verdict by number of zones, all cities as dense: for places of one vehicle, in the first hundred zones of
 * each; and for places all over, of which no vehicle is: there every look-up waits for memory.
 */
export function benchZonesCount(print: (line: string) => void): void {
  const cities = COUNTS.map((zones) => {
    const city = cityOf(zones, { viewM: 0 });
    const startMs = performance.now();
    const set = setOf(city.zones);
    print(`  ${String(zones).padStart(7)} zones compiled in ${(performance.now() - startMs).toFixed(0)} ms`);
    return {
      name: String(zones),
      set,
      everywhere: reachesOf(city.places),
      local: reachesOf(city.localPlaces),
    };
  });
  const over = (name: "local" | "everywhere") =>
    cities.map((city) => ({
      name: city.name,
      count: city[name].length,
      work: () => judgeAll(city.set, city[name]),
    }));
  printGrowth("places of one vehicle", over("local"), print);
  printGrowth("places all over", over("everywhere"), print);
}

function printGrowth(what: string, contenders: readonly Contender[], print: (line: string) => void): void {
  print(`cost of a verdict by number of zones, at equal density, ${what}`);
  const rates = measure(contenders);
  for (const { name } of contenders) {
    print(
      `  ${name.padStart(7)} zones ${(1e9 / (rates.get(name) ?? Number.NaN)).toFixed(0).padStart(7)} ns a verdict`,
    );
  }
  const growth = (rates.get("100") ?? Number.NaN) / (rates.get("100000") ?? Number.NaN);
  print(`  100,000 cost ${growth.toFixed(2)} × 100; target under 2, ${growth < 2 ? "met" : "MISSED"}`);
}
