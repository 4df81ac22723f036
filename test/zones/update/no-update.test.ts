import { readFileSync, readdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addSet, targetFilePath } from "../../../src/zones/rollout/add-set.ts";
import { openKeys } from "../../../src/zones/rollout/key-files.ts";
import { LIFETIMES } from "../../../src/zones/rollout/published.ts";
import { release } from "../../../src/zones/rollout/release.ts";
import { openRepositoryFolder } from "../../../src/zones/rollout/repository-folder.ts";
import { packZoneFiles } from "../../../src/zones/update/pack-format.ts";
import { Clock, until } from "./kit/clock.ts";
import { DAY_MS, Fleet, NOW_MS, setFile } from "./kit/fleet.ts";
import { vehicle, withSet } from "./kit/vehicle.ts";

describe("what is no update", () => {
  it("an older set, whatever the repository says of it: what is in force stays", async () => {
    const { sets, updates, fleet, attempt, stop } = await withSet();
    await publishBytes(fleet, packOf(readFileSync(setFile(NOW_MS - DAY_MS))));
    await attempt();
    expect(sets).toHaveLength(1);
    expect(updates.statusNow().phase).toBe("fresh");
    expect(updates.statusNow().lastProblem?.what).toContain("older than the one in force");
    stop();
  });

  it("a set of next year, and one that is expired", async () => {
    const { sets, updates, fleet, attempt, stop } = await withSet();
    await publishBytes(fleet, packOf(readFileSync(setFile(NOW_MS + 365 * DAY_MS))));
    await attempt();
    expect(updates.statusNow().lastProblem?.problem).toBe("zones-invalid");
    const text = readFileSync(setFile(NOW_MS + 2000), "utf8").replace("2036-", "2026-");
    await publishBytes(fleet, packOf(Buffer.from(text)));
    await attempt();
    expect(updates.statusNow().lastProblem?.problem).toBe("zones-invalid");
    expect(sets).toHaveLength(1);
    stop();
  });

  it("a torn newest slot: the older set is not put in force, and the newest is fetched again", async () => {
    const { policy, fleet, attempt, sets, stop } = await withSet();
    await fleet.publishSet(NOW_MS + 1000);
    await attempt(2 * 3600_000);
    expect(sets).toHaveLength(2);
    stop();
    const folder = join(policy.store, "sets");
    truncateSync(join(folder, "slot.1"), 100);
    const car = await vehicle(fleet, policy, new Clock(NOW_MS + DAY_MS / 4));
    expect(car.sets).toEqual([]);
    expect(car.updates.statusNow().lastProblem?.problem).toBe("rollback");
    car.clock.advance(3600_000);
    await until(() => car.sets.length === 1);
    expect(car.sets[0]?.hash).toBe(sets[1]?.hash);
    car.stop();
  });

  it("both copies of the floor torn: nothing is in force and nothing is taken", async () => {
    const { policy, fleet, stop } = await withSet();
    stop();
    const folder = join(policy.store, "metadata");
    for (const name of readdirSync(folder).filter((one) => one.startsWith("floor.")))
      truncateSync(join(folder, name), 40);
    const car = await vehicle(fleet, policy);
    car.clock.advance(3600_000);
    await until(() => car.updates.statusNow().failures > 2);
    expect(car.sets).toEqual([]);
    expect(car.updates.statusNow().lastProblem?.what).toContain("provision");
    car.stop();
  });

  it("one copy of the floor torn: the other holds", async () => {
    const { policy, fleet, stop } = await withSet();
    stop();
    truncateSync(join(policy.store, "metadata", "floor.0"), 40);
    const car = await vehicle(fleet, policy);
    expect(car.sets).toHaveLength(1);
    car.stop();
  });

  it("a set with mistakes: their rules are told, and nothing of what was in it", async () => {
    const { sets, updates, fleet, attempt, stop } = await withSet();
    const spoilt = readFileSync(setFile(NOW_MS + 1000), "utf8").replace("50.01", "123.456789");
    await publishBytes(fleet, packOf(Buffer.from(spoilt)));
    await attempt(2 * 3600_000);
    expect(sets).toHaveLength(1);
    const problem = updates.statusNow().lastProblem;
    expect(problem?.problem).toBe("zones-invalid");
    expect(problem?.what).toMatch(/^the set has mistakes: [a-z-]+ × \d/);
    expect(problem?.what).not.toMatch(/123|50\.0|10\.0/);
    stop();
  });

  it("a target of no form that is known", async () => {
    const { sets, updates, fleet, attempt, stop } = await withSet();
    await publishBytes(fleet, Buffer.from("a set of tomorrow"));
    await attempt(2 * 3600_000);
    expect(sets).toHaveLength(1);
    expect(updates.statusNow().lastProblem?.problem).toBe("malformed");
    stop();
  });
});

const packOf = (bytes: Buffer) => packZoneFiles([{ name: "z.geojson", bytes }]);

/** Bytes that our publisher would not take, signed with its keys. */
async function publishBytes(fleet: Fleet, bytes: Buffer): Promise<void> {
  const folder = openRepositoryFolder(fleet.repo);
  const before = await folder.read();
  if (before === null) throw new Error("nothing is published");
  const terms = { nowMs: NOW_MS + 1000, lifetimes: LIFETIMES };
  const { next, target } = addSet(
    before,
    { area: "cn", bytes, issuedMs: NOW_MS + 1000, canary: null },
    terms,
  );
  await folder.write(targetFilePath(target), bytes);
  await release(before, next, { folder, signers: await openKeys([fleet.keys]), ...terms });
}
