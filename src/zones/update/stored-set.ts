import * as z from "zod";

/** Where a set that is or was in force came from. */
export const SetOrigin = z.strictObject({
  /** The target's path in the repository, such as `cn/zones`. */
  target: z.string(),
  repository: z.string(),
  /** The role that vouched for it, and the keys that signed for that role. */
  role: z.string(),
  signers: z.array(z.string()).readonly(),
  versions: z.strictObject({ root: z.int(), timestamp: z.int(), snapshot: z.int(), targets: z.int() }),
  /** SHA-256 of the target's bytes, hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
  /** What the set calls itself: SHA-256 of its zone files. */
  setHash: z.string(),
  issuedMs: z.number(),
  expiresMs: z.number(),
  /** When it came into force, by the trusted time. */
  sinceMs: z.number(),
});
export type SetOrigin = Readonly<z.infer<typeof SetOrigin>>;

/** Of a set as the gate has it: from whom, and how far it may still be relied on. */
export interface SetSource {
  readonly origin: SetOrigin;
  readonly phase: "fresh" | "widened" | "closed";
}

export interface StoredSet {
  readonly origin: SetOrigin;
  /** As the repository has them: packed, perhaps encrypted. */
  readonly bytes: Buffer;
}

/** Sets as they came, at least the last one whole. */
export interface SetStore {
  /** The newest whole set, or null. */
  newest(): Promise<StoredSet | null>;
  /** Durable when it resolves; until then the one before is the newest. */
  put(set: StoredSet): Promise<void>;
  /** When the repository last vouched that the newest set is the current one; null before the first time. */
  confirmedMs(): Promise<number | null>;
  confirm(timeMs: number): Promise<void>;
}
