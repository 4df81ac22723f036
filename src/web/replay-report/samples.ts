import type { Outcome, Released } from "../../gate/record.ts";
import type { Markup } from "../report/markup.ts";
import { isolated, markup } from "../report/markup.ts";
import type { TimeText } from "./wording.ts";
import { countText } from "../report/count-text.ts";
import { ACTION_TEXT } from "./wording.ts";

const MAX_SAMPLES = 6;
const MAX_SAMPLE_BYTES = 40_000;
/** Tried in turn until the image is small enough. */
const SIZES = [
  { width: 400, quality: 72 },
  { width: 320, quality: 50 },
] as const;

interface Sample extends Released {
  readonly action: "pass" | "blur";
}

/** Keeps the first passed and the first blurred image of each camera. */
export interface SampleKeeper {
  add(outcome: Outcome): void;
  section(timeText: TimeText): Promise<Markup>;
}

export function createSampleKeeper(): SampleKeeper {
  const kept = new Map<string, Sample>();
  return {
    // Rule 1: a sample is a copy of what was released, never of what came in.
    add({ record: { action, camera }, released }) {
      if (released === null || action === "drop" || released.frame.format !== "jpeg") return;
      if (kept.size >= MAX_SAMPLES) return;
      const key = `${action} ${camera}`;
      if (kept.has(key)) return;
      kept.set(key, { ...released, frame: { ...released.frame, data: released.frame.data.slice() }, action });
    },
    async section(timeText) {
      const figures = await Promise.all([...kept.values()].map(async (sample) => figure(sample, timeText)));
      const shown = figures.flatMap((each) => each ?? []);
      if (shown.length === 0) return markup``;
      return markup`<section>
        <h2>Released images</h2>
        <p class="note">
          Thumbnails of what was let out. Originals of blurred frames and dropped frames are nowhere in this
          file.
        </p>
        <div class="samples">${shown}</div>
      </section>`;
    },
  };
}

async function figure(
  { action, frame, informationBits }: Sample,
  timeText: TimeText,
): Promise<Markup | null> {
  const image = await thumbnail(frame.data);
  if (image === null) return null;
  const bits =
    informationBits === null ? null : `, at most ${countText(informationBits)} bits of the original`;
  return markup`<figure>
    <img
      src="data:image/jpeg;base64,${image.toString("base64")}"
      alt="${ACTION_TEXT[action]} image of camera ${frame.camera}"
    />
    <figcaption>
      <b class="${action}-text">${ACTION_TEXT[action]}</b> ${isolated(frame.camera)},
      ${timeText(frame.timeMs)}<span class="soft">${bits}</span>
    </figcaption>
  </figure>`;
}

/** A small JPEG without metadata; null for an image that cannot be read or does not get small. */
async function thumbnail(data: Uint8Array): Promise<Buffer | null> {
  for (const { width, quality } of SIZES) {
    const { default: sharp } = await import("sharp");
    const small = await sharp(data)
      .resize({ width, height: width, fit: "inside", withoutEnlargement: true })
      .jpeg({ quality })
      .toBuffer()
      // A report does without an image that it cannot show.
      .catch(() => null);
    if (small === null || small.length <= MAX_SAMPLE_BYTES) return small;
  }
  return null;
}
