import type { Observable } from "rxjs";
import { Subscription } from "rxjs";
import { CamfenceError } from "../../core/errors.ts";
import { mayTellPlace } from "../../gate/place-judge.ts";
import type { Outcome } from "../../gate/record.ts";
import type { PositioningPolicy } from "../../positioning/policy.ts";
import type { GnssReport } from "../../sources/fix.ts";
import type { Frame } from "../../sources/frame.ts";
import { isSoundFix } from "../../sources/sound-fix.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import type { BridgeServer } from "./bridge-server.ts";
import { framePayload, locationPayload, verdictPayload } from "./payloads.ts";

export interface Shown {
  readonly outcomes: Observable<Outcome>;
  readonly fixes: Observable<GnssReport>;
  readonly zonesInForce: Observable<ZoneSet>;
}

/**
 * Shows what a guard does, whatever runs it: released frames, a verdict for every frame, and positions outside of zones.
 * Rule 1: frames come from outcomes alone; there is no other way in. Unsubscribe to show nothing more.
 */
export function showGuard(
  server: BridgeServer,
  { outcomes, fixes, zonesInForce }: Shown,
  policy: PositioningPolicy,
): Subscription {
  let zones: ZoneSet | null = null;
  const showing = new Subscription();
  showing.add(zonesInForce.subscribe((set) => (zones = set)));
  showing.add(
    outcomes.subscribe(({ record, released }) => {
      if (!server.isWatched()) return;
      server.publish(verdictPayload(record));
      if (released !== null) publishFrame(server, released.frame);
    }),
  );
  showing.add(
    fixes.subscribe((report) => {
      // Rule 2: without a zone set no place may be told.
      if (zones !== null && server.isWatched() && isSoundFix(report) && mayTellPlace(zones, report, policy)) {
        server.publish(locationPayload(report));
      }
    }),
  );
  return showing;
}

function publishFrame(server: BridgeServer, frame: Frame): void {
  try {
    server.publish(framePayload(frame));
  } catch (thrown) {
    // A size that no image message can hold is not shown; whoever runs the guard must not end by it.
    if (!(thrown instanceof CamfenceError)) throw thrown;
  }
}
