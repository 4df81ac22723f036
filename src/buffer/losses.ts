import { CamfenceError } from "../core/errors.ts";
import { countOf } from "./counts.ts";
import { isNoSpace } from "./disk/files.ts";
import type { KeptFrame } from "./open-segment.ts";
import type { FrameCounts, LossReason, Lost } from "./segment-store.ts";

/** Why a frame is lost when this is thrown while it is written. */
export function lossOf(thrown: unknown): LossReason {
  if (thrown instanceof CamfenceError) return thrown.code === "fault" ? "io-error" : "unrecordable";
  return isNoSpace(thrown) ? "no-space" : "io-error";
}

export function lostFrame({ note }: KeptFrame, why: LossReason, detail: string): Lost {
  return lost(why, countOf(note.camera, note.action), detail);
}

export function lost(why: LossReason, counts: FrameCounts, detail: string): Lost {
  return { kind: "lost", why, counts, detail };
}
