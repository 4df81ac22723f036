import type { Frame } from "../sources/frame.ts";
import { createImageMessages } from "./mcap/image-messages.ts";
import { createJsonMessages } from "./mcap/json-messages.ts";
import { McapFile } from "./mcap/mcap-file.ts";

/** A recording of released frames. */
export interface ReleasedMcap {
  /**
   * Copies the frame into the recording; a promise says that a chunk is being written, and is to be awaited.
   * `informationBits`: of a blurred frame; null or absent for a passed one. Throws CamfenceError for a frame that no
   * Foxglove schema can hold.
   */
  write(frame: Frame, informationBits?: number | null): void | Promise<void>;
  /** Makes the recording durable and gives it its name. */
  close(): Promise<void>;
}

/**
 * Records released frames as MCAP with Foxglove's protobuf schemas (see `createImageMessages`). Log time, publish
 * time and timestamp are the frame's time, the sequence is the frame's. Each blurred frame has beside it, at the same
 * time and sequence, `{"action":"blur","informationBits":n}` on `/camera/<id>/redaction`.
 */
export async function openReleasedMcap(path: string): Promise<ReleasedMcap> {
  const file = await McapFile.create(path);
  const image = createImageMessages(file.writer);
  const note = createJsonMessages(file.writer, null);
  return {
    write(frame, informationBits = null) {
      const message = image(frame);
      const flushed = file.writer.fits(message) ? undefined : file.flush();
      file.writer.addMessage(message);
      if (informationBits !== null) {
        file.writer.addMessage(
          note(`/camera/${frame.camera}/redaction`, frame, { action: "blur", informationBits }),
        );
      }
      return flushed;
    },
    close: () => file.close(),
  };
}
