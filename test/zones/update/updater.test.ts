import { readFileSync, readdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { Subject } from "rxjs";
import { describe, expect, it } from "vitest";
import { addSet, targetFilePath } from "../../../src/zones/rollout/add-set.ts";
import { openKeys } from "../../../src/zones/rollout/key-files.ts";
import { LIFETIMES } from "../../../src/zones/rollout/published.ts";
import { release } from "../../../src/zones/rollout/release.ts";
import { openRepositoryFolder } from "../../../src/zones/rollout/repository-folder.ts";
import { packZoneFiles } from "../../../src/zones/update/pack-format.ts";
import { createZoneUpdates } from "../../../src/zones/update/updater.ts";
import type { UpdateNotice } from "../../../src/zones/update/update-status.ts";
import type { ZoneUpdatePolicy } from "../../../src/zones/update/policy.ts";
import type { ZoneSet } from "../../../src/zones/zone-set.ts";
import { Clock, until } from "./kit/clock.ts";
import { DAY_MS, Fleet, NOW_MS, setFile } from "./kit/fleet.ts";

/** A vehicle's updater with a clock of the test's. */
async function vehicle(fleet: Fleet, policy: ZoneUpdatePolicy, clock = new Clock(NOW_MS)) {
  const allowed = new Subject<boolean>();
  const parts = await fleet.parts(policy);
  const updates = createZoneUpdates({ policy, parts, allowed, random: () => 0.5 }, clock);
  const sets: ZoneSet[] = [];
  const notices: UpdateNotice[] = [];
  updates.notices.subscribe((notice) => notices.push(notice));
  const running = updates.sets.subscribe((set) => sets.push(set));
  const has = (kind: UpdateNotice["kind"]) => notices.some((notice) => notice.kind === kind);
  const waits = () => updates.statusNow().nextTryMs !== null;
  await until(waits);
  /** Moves the time on, and waits for the attempt that falls into it. */
  async function attempt(ms = 2 * 3600_000): Promise<void> {
    const before = updates.statusNow().nextTryMs;
    clock.advance(ms);
    await until(() => waits() && updates.statusNow().nextTryMs !== before);
  }
  return { updates, sets, notices, clock, allowed, attempt, has, stop: () => running.unsubscribe() };
}

async function withSet(more: Parameters<Fleet["policy"]>[0] = {}) {
  const fleet = await Fleet.begin();
  await fleet.publishSet(NOW_MS - 1000);
  const policy = fleet.policy(more);
  const car = await vehicle(fleet, policy);
  await car.attempt(1);
  return { fleet, policy, ...car };
}

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
