import * as z from "zod";

/** What can be set about every live receiver. */
export const LIVE_OPTIONS = {
  /**
   * How the receiver's time becomes that of the shared clock. `utc`: it is taken as it is, since both are UTC. The error
   * is that of this computer's clock, which must be kept (chrony, PTP) within the policy's `clockErrorMs`: a clock that
   * is behind closes the gate, since fixes come from its future; one that is ahead shows as `lagMs`. `arrival`: for
   * clocks that are not UTC (and benches that replay old logs): the least delay between the receiver's time and arrival
   * in the last minute is taken for the offset of the two clocks. The error is the receiver's least delay (50 to 500 ms
   * on serial lines), by which fixes seem too new: add it to `clockErrorMs`.
   */
  clock: z.enum(["utc", "arrival"]).default("utc"),
  /** A fix that comes later than this after its own time counts as none. */
  maxLagMs: z.number().positive().max(60_000).default(1000),
  /**
   * A receiver that says nothing for so long has ended its epoch. Too short cuts an epoch in two reports, of which the
   * guard takes the worse; too long makes every fix older.
   */
  epochPauseMs: z.number().min(5).max(2000).default(100),
  /** A link without a report for so long is opened again. */
  silentAfterMs: z.number().min(100).max(600_000).default(5000),
  /** Pause before the link is opened again: doubles from 250 ms to this, less up to half of it at random. */
  maxBackOffMs: z.number().min(1).max(600_000).default(10_000),
  /** More than this is read later, and so grows old: 1 MiB is ten times what the fastest serial receivers send. */
  maxBytesPerS: z
    .int()
    .min(1024)
    .max(1e9)
    .default(1024 * 1024),
};

const Live = z.strictObject(LIVE_OPTIONS);
export type LiveOptions = Readonly<z.infer<typeof Live>>;
