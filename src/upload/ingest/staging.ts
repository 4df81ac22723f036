import type { Readable } from "node:stream";
import type { DataStore } from "@tus/server";

/** Where uploads lie while they come in, and until they are checked. */
export interface Staging {
  /** Written by the tus server. */
  readonly tus: DataStore;
  /** The bytes of a complete upload. Rejects when it is not there. */
  read(uploadId: string): Promise<Readable>;
  /** Removes an upload, complete or not; nothing happens when it is not there. */
  drop(uploadId: string): Promise<void>;
  /** Free space (null: without a bound) and how many uploads are under way. */
  room(): Promise<Room>;
}

export interface Room {
  readonly freeBytes: number | null;
  readonly openUploads: number;
}

/** An upload that nobody went on with is removed, and its vehicle starts over. */
export const UPLOAD_EXPIRES_MS = 3 * 24 * 3600 * 1000;
