import { Subject } from "rxjs";
import { createZoneUpdates } from "../../../../src/zones/update/updater.ts";
import type { UpdateNotice } from "../../../../src/zones/update/update-status.ts";
import type { ZoneUpdatePolicy } from "../../../../src/zones/update/policy.ts";
import type { ZoneSet } from "../../../../src/zones/zone-set.ts";
import { Clock, until } from "./clock.ts";
import { Fleet, NOW_MS } from "./fleet.ts";

/** A vehicle's updater with a clock of the test's. */
export async function vehicle(fleet: Fleet, policy: ZoneUpdatePolicy, clock = new Clock(NOW_MS)) {
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

export async function withSet(more: Parameters<Fleet["policy"]>[0] = {}) {
  const fleet = await Fleet.begin();
  await fleet.publishSet(NOW_MS - 1000);
  const policy = fleet.policy(more);
  const car = await vehicle(fleet, policy);
  await car.attempt(1);
  return { fleet, policy, ...car };
}
