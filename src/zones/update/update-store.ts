import type { TrustFloor } from "./trust-floor.ts";

/** Metadata that was verified, and the floor below which nothing is accepted. Every write is durable when it resolves. */
export interface TrustStore {
  /** The stored metadata of a role, null where there is none. */
  read(role: string): Promise<Buffer | null>;
  write(role: string, bytes: Buffer): Promise<void>;
  floor(): Promise<TrustFloor>;
  /** Callers raise the floor before they store what it stands for: a power cut between the two forgets nothing. */
  raise(change: Partial<TrustFloor>): Promise<TrustFloor>;
}
