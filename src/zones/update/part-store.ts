/** Targets that are still coming, by name. Nothing in it is trusted: it may be gone or torn at any time. */
export interface PartStore {
  /** 0 where there is nothing. */
  size(name: string): Promise<number>;
  truncate(name: string, bytes: number): Promise<void>;
  append(name: string, piece: Uint8Array): Promise<void>;
  read(name: string): Promise<Buffer>;
  remove(name: string): Promise<void>;
  /** Removes all but one. */
  keepOnly(name: string | null): Promise<void>;
}
