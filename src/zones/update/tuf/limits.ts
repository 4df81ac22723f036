/** The most that is read of a file whose length nothing signed tells, and of anything that goes round. */
export const LIMITS = {
  rootBytes: 512 * 1000,
  timestampBytes: 16 * 1024,
  snapshotBytes: 2 * 1000 * 1000,
  targetsBytes: 5 * 1000 * 1000,
  rootRotations: 256,
  delegations: 32,
} as const;
