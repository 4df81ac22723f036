import * as z from "zod";

/** One leaf's value and when it was set, by the databroker's clock or its provider's. */
export interface VssValue {
  readonly stampMs: number;
  /** Nanoseconds beyond: two stamps are equal only to the last of them. */
  readonly stampNanos: number;
  readonly value: number | string;
}

/** What the databroker says at once: the leaves that one update changed, by path. Null: the leaf has no value now. */
export type VssUpdate = ReadonlyMap<string, VssValue | null>;

const Datapoint = z.object({
  timestamp: z.object({ seconds: z.number().default(0), nanos: z.number().default(0) }).nullish(),
  value: z
    .object({ string: z.string().optional(), float: z.number().optional(), double: z.number().optional() })
    .nullish(),
});
const Response = z.object({ entries: z.record(z.string(), Datapoint.nullable()).default({}) });

/** A `SubscribeResponse`; undefined when it is none. A value without a stamp is none: it cannot be placed. */
export function vssUpdateOf(response: unknown): VssUpdate | undefined {
  const parsed = Response.safeParse(response);
  if (!parsed.success) return undefined;
  return new Map(Object.entries(parsed.data.entries).map(([path, datapoint]) => [path, valueOf(datapoint)]));
}

function valueOf(datapoint: z.infer<typeof Datapoint> | null): VssValue | null {
  const { timestamp, value } = datapoint ?? {};
  const known = value?.double ?? value?.float ?? value?.string;
  if (known === undefined || timestamp === null || timestamp === undefined) return null;
  const { seconds, nanos } = timestamp;
  return { stampMs: seconds * 1000 + Math.floor(nanos / 1e6), stampNanos: nanos % 1e6, value: known };
}
