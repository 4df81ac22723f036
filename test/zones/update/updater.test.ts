import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createZoneUpdates } from "../../../src/zones/update/updater.ts";
import type { ZoneSet } from "../../../src/zones/zone-set.ts";
import { Clock, until } from "./kit/clock.ts";
import { DAY_MS, Fleet, NOW_MS, setFile } from "./kit/fleet.ts";
import { vehicle, withSet } from "./kit/vehicle.ts";

describe("a vehicle", () => {
  it("gets the repository's set, and says what is in force, since when and from whom", async () => {
    const { sets, updates, fleet, stop } = await withSet();
    const [set] = sets;
    const status = updates.statusNow();
    expect(set?.zones.map(({ id }) => id)).toEqual(["site/one"]);
    expect(status.phase).toBe("fresh");
    expect(status.inForce).toMatchObject({
      target: "cn/zones",
      repository: fleet.server.url,
      role: "cn",
      setHash: set?.hash,
      sinceMs: NOW_MS + 1,
    });
    expect(status.inForce?.signers).toHaveLength(1);
    expect(status.confirmedMs).toBe(NOW_MS - 1000);
    stop();
  });

  it("has its set at the next start, without any network", async () => {
    const { sets, policy, fleet, stop } = await withSet();
    stop();
    await fleet.server.close();
    const car = await vehicle(fleet, policy);
    await until(() => car.sets.length === 1);
    expect(car.sets[0]?.hash).toBe(sets[0]?.hash);
    expect(car.notices.map(({ kind }) => kind)).toEqual(["restored"]);
    car.stop();
  });

  it("takes a newer set as a whole, and keeps what it has where nothing is new", async () => {
    const { sets, notices, attempt, fleet, stop } = await withSet();
    await attempt(2 * 3600_000);
    expect(sets).toHaveLength(1);
    await fleet.publishSet(NOW_MS + 1000);
    await attempt(2 * 3600_000);
    expect(sets).toHaveLength(2);
    expect(notices.map(({ kind }) => kind)).toEqual(["installed", "installed"]);
    stop();
  });

  it("asks only whether the timestamp has changed, and gets no bytes where it has not", async () => {
    const { attempt, fleet, stop } = await withSet();
    const tags: (string | undefined)[] = [];
    fleet.server.hook = (path, _response, request) => {
      if (path === "metadata/timestamp.json") tags.push(request.headers["if-none-match"]);
      return false;
    };
    const sent = fleet.server.sent();
    await attempt(2 * 3600_000);
    expect(tags).toEqual([expect.stringMatching(/^"[0-9a-f]{16}"$/)]);
    expect(fleet.server.sent()).toBe(sent);
    stop();
  });
});

describe("offline", () => {
  it("a set is relied on for its days, then reaches farther, then closes, each with its reason", async () => {
    const { sets, notices, clock, updates, fleet, stop } = await withSet({
      maxZoneAgeDays: 2,
      closeZoneAgeDays: 4,
      staleMarginM: 300,
    });
    await fleet.server.close();
    clock.advance(1.9 * DAY_MS);
    await until(() => updates.statusNow().failures > 0);
    expect(updates.statusNow().phase).toBe("fresh");
    clock.advance(0.2 * DAY_MS);
    await until(() => updates.statusNow().phase === "widened");
    const [fresh, wide] = sets;
    expect(wide?.zones[0]?.standoffM).toBe((fresh?.zones[0]?.standoffM ?? 0) + 300);
    expect(wide?.zones[0]?.viewM).toBe((fresh?.zones[0]?.viewM ?? 0) + 300);
    expect(updates.statusNow().reason).toContain("300 m farther");
    clock.advance(2 * DAY_MS);
    await until(() => updates.statusNow().phase === "closed");
    expect(sets.at(-1)?.expiresMs).toBe(0);
    expect(updates.statusNow().reason).toMatch(/^zones-expired: no repository vouched .* 4 days/);
    expect(notices.map(({ kind }) => kind)).toContain("widened");
    expect(notices.map(({ kind }) => kind)).toContain("closed");
    stop();
  });

  it("every set given to the gate ends by itself, should nobody come to close it", async () => {
    const { sets, stop } = await withSet({ maxZoneAgeDays: 2, closeZoneAgeDays: 4 });
    expect(sets[0]?.expiresMs).toBe(NOW_MS - 1000 + 4 * DAY_MS);
    stop();
  });

  it("a hostile mirror that repeats an old state does not keep it fresh", async () => {
    const { clock, updates, attempt, stop } = await withSet({ maxZoneAgeDays: 2, closeZoneAgeDays: 3 });
    for (let day = 0; day < 4; day++) {
      clock.advance(20 * 3600_000);
      await attempt(4 * 3600_000);
    }
    expect(updates.statusNow().lastProblem).toBeNull();
    await until(() => updates.statusNow().phase === "closed");
    stop();
  });

  it("is over when the repository vouches again", async () => {
    const { clock, updates, sets, fleet, stop } = await withSet({ maxZoneAgeDays: 2, closeZoneAgeDays: 4 });
    clock.advance(5 * DAY_MS);
    await until(() => updates.statusNow().phase === "closed");
    await fleet.publish(NOW_MS + 5 * DAY_MS);
    clock.advance(2 * 3600_000);
    await until(() => updates.statusNow().phase === "fresh");
    expect(sets.at(-1)?.expiresMs).toBeGreaterThan(clock.now());
    stop();
  });

  it("as a mode: nothing is asked, it is told, and the ages go on", async () => {
    const { clock, updates, allowed, notices, fleet, attempt, stop } = await withSet({
      maxZoneAgeDays: 2,
      closeZoneAgeDays: 4,
    });
    allowed.next(false);
    const asked = fleet.server.asked.length;
    clock.advance(5 * DAY_MS);
    await until(() => updates.statusNow().phase === "closed");
    expect(fleet.server.asked).toHaveLength(asked);
    expect(updates.statusNow().paused).toBe(true);
    expect(notices.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["paused", "closed"]));
    allowed.next(true);
    await attempt(3600_000);
    expect(fleet.server.asked.length).toBeGreaterThan(asked);
    stop();
  });
});

describe("time", () => {
  it("a clock that is set back does not make an old set fresh", async () => {
    const { clock, updates, policy, fleet, stop } = await withSet({ maxZoneAgeDays: 2, closeZoneAgeDays: 4 });
    updates.observeTime(NOW_MS + 5 * DAY_MS);
    clock.setByMs = -300 * DAY_MS;
    clock.advance(2 * 3600_000);
    await until(() => updates.statusNow().phase === "closed");
    stop();
    // Nor does a restart.
    const car = await vehicle(fleet, policy);
    await until(() => car.sets.length === 1);
    expect(car.sets[0]?.expiresMs).toBe(0);
    car.stop();
  });

  it("goes on in memory when the disk takes no write", async () => {
    const fleet = await Fleet.begin();
    await fleet.publishSet(NOW_MS - 1000);
    const policy = fleet.policy({ maxZoneAgeDays: 2, closeZoneAgeDays: 4 });
    const parts = await fleet.parts(policy);
    let isFull = false;
    const raise: typeof parts.store.raise = (change) =>
      isFull
        ? Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" }))
        : parts.store.raise(change);
    const clock = new Clock(NOW_MS);
    const full = { ...parts, store: { ...parts.store, raise } };
    const updates = createZoneUpdates({ policy, parts: full, random: () => 0.5 }, clock);
    const sets: ZoneSet[] = [];
    const running = updates.sets.subscribe((set) => sets.push(set));
    await until(() => updates.statusNow().nowMs > 0);
    clock.advance(1);
    await until(() => sets.length === 1);
    isFull = true;
    for (let hour = 0; hour < 5 * 24; hour += 12) {
      clock.advance(12 * 3600_000);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    await until(() => updates.statusNow().phase === "closed");
    expect(updates.statusNow().lastProblem?.what).toContain("ENOSPC");
    running.unsubscribe();
  });
});

describe("a cut connection", () => {
  it("is gone on with where it was", async () => {
    const { sets, fleet, attempt, has, stop } = await withSet();
    const { code } = await fleet.publish(NOW_MS + 1000, `cn=${setFile(NOW_MS + 1000, "site/two")}`);
    expect(code).toBe(0);
    let cuts = 0;
    const ranges: (string | undefined)[] = [];
    fleet.server.hook = (path, response, request) => {
      if (!path.startsWith("targets/")) return false;
      ranges.push(request.headers.range);
      if (cuts++ > 0) return false;
      response.writeHead(200, { "content-length": 500 });
      const [area = "", name = ""] = path.split("/").slice(1);
      response.write(readFileSync(join(fleet.repo, "targets", area, name)).subarray(0, 200));
      setTimeout(() => response.destroy(), 30);
      return true;
    };
    await attempt(2 * 3600_000);
    await until(() => has("failed"));
    await attempt(60_000);
    expect(ranges).toEqual([undefined, "bytes=200-"]);
    expect(sets).toHaveLength(2);
    expect(has("recovered")).toBe(true);
    stop();
  });
});
