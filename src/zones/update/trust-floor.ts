import * as z from "zod";

const Version = z.int().min(1);
const Signers = z.array(z.string()).readonly();

/**
 * What has been accepted once, apart from the metadata itself: nothing older is accepted again, even when all
 * metadata on disk is torn (rule 4). A part holds as long as the keys that signed it would do for its role: so a
 * rotation of keys recovers from versions that were raised by a thief (TUF 5.3.11).
 */
export const TrustFloor = z.strictObject({
  root: z.int().min(0),
  timestamp: z
    .strictObject({ version: Version, snapshot: Version, issuedMs: z.number().nullable(), signers: Signers })
    .nullable(),
  snapshot: z
    .strictObject({ version: Version, files: z.record(z.string(), Version), signers: Signers })
    .nullable(),
  /** The newest expiry of what was found expired: whatever the clock says later, that time has come. */
  spentMs: z.number(),
  /** The newest trusted GNSS time. */
  gnssMs: z.number(),
  /** The newest `issued` of a set that was put in force. */
  setIssuedMs: z.number(),
});
export type TrustFloor = Readonly<z.infer<typeof TrustFloor>>;

export const NO_FLOOR: TrustFloor = {
  root: 0,
  timestamp: null,
  snapshot: null,
  spentMs: 0,
  gnssMs: 0,
  setIssuedMs: 0,
};

/** The times only rise, and so does the version of root; the rest is as given. */
export function raised(floor: TrustFloor, change: Partial<TrustFloor>): TrustFloor {
  return {
    ...floor,
    ...change,
    root: Math.max(floor.root, change.root ?? 0),
    spentMs: Math.max(floor.spentMs, change.spentMs ?? 0),
    gnssMs: Math.max(floor.gnssMs, change.gnssMs ?? 0),
    setIssuedMs: Math.max(floor.setIssuedMs, change.setIssuedMs ?? 0),
  };
}
