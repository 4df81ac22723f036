import sharp from "sharp";
import type { ImageAudit } from "../../simulator/render/audit.ts";
import { auditImage } from "../../simulator/render/audit.ts";
import { decodeRaw, encodeRaw } from "../../simulator/render/image.ts";
import type { RgbImage } from "../../simulator/render/image.ts";
import { createRenderer } from "../../simulator/render/renderer.ts";
import type { PixelSource, ScenarioInput, Shot, SimulatedDrive } from "../../simulator/index.ts";
import { Scenario, createOracle } from "../../simulator/index.ts";
import { randomScenario } from "../../simulator/campaign/random-scenario.ts";
import type { Frame } from "../../src/sources/frame.ts";

export type Format = "rgb24" | "nv12" | "jpeg";

/** A random drive whose cameras make images of 640 × 480 in a format. */
export async function renderedScenario(
  seed: number,
  format: Format,
  changes: Partial<ScenarioInput> = {},
  fps = 2,
): Promise<Scenario> {
  const scenario = await randomScenario(seed, "within");
  const cameras = scenario.cameras
    .slice(0, 2)
    .map((camera) => ({ ...camera, width: 640, height: 480, format, fps }));
  return Scenario.parse({ ...scenario, cameras, ...changes });
}

/** The images of a drive, ready before it starts: encoding takes its time, and virtual time waits for nobody. */
export async function imagesOf(drive: SimulatedDrive): Promise<PixelSource> {
  const render = createRenderer(drive);
  if (drive.scenario.cameras.every(({ format }) => format !== "jpeg"))
    return (shot) => encodeRaw(render(shot), shot.format);
  const shots: Shot[] = [];
  for (const _ of drive.frames((shot) => (shots.push(shot), EMPTY))) continue;
  const images = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const shot of shots) images.set(keyOf(shot), await jpegOf(render(shot)));
  return (shot) => images.get(keyOf(shot)) ?? EMPTY;
}

/** A released image, decoded by what did not make it. */
export async function decoded({
  data,
  width,
  height,
  format,
}: Pick<Frame, "data" | "width" | "height" | "format">): Promise<RgbImage> {
  if (format === "rgb24" || format === "nv12") return decodeRaw(data, width, height, format);
  if (format !== "jpeg") throw new RangeError(`no decoder for ${format}`);
  const { data: rgb, info } = await sharp(data).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: Uint8Array.from(rgb) };
}

/** What was wrong with a released image, by its pixels; null when nothing is. */
export function wrongWith(
  action: "pass" | "blur",
  { markerPx, code, steps }: ImageAudit,
  expected: { readonly camera: number; readonly seq: number },
): string | null {
  if (action === "pass") {
    if (markerPx > 0) return `${markerPx} pixels of a wall`;
    return code?.camera === expected.camera && code.seq === expected.seq
      ? null
      : `the code of another frame: ${JSON.stringify(code)}`;
  }
  // A blurred image may keep the hue of what it averaged, but no detail: not the code, and no more steps than cells.
  if (code !== null) return "a blurred frame whose code can be read";
  return steps > MOST_CELLS ? `a blurred frame with ${steps} steps along a row` : null;
}

export async function auditFrame(
  frame: Pick<Frame, "data" | "width" | "height" | "format">,
): Promise<ImageAudit> {
  return auditImage(await decoded(frame));
}

/** Frames that truly may not be released, by the oracle; it shares nothing with the renderer but the zones. */
export function truthOf(drive: SimulatedDrive) {
  const oracle = createOracle();
  return (
    cameraId: string,
    exposedMs: number,
    arrivedMs: number,
    released: "pass" | "blur",
  ): string | null => {
    const camera = drive.cameras.find(({ id }) => id === cameraId);
    if (camera === undefined) return "no such camera";
    const leak = oracle.leak(drive.zonesAt(arrivedMs), drive.truthAt(exposedMs), camera, released);
    return leak === null ? null : `${leak.how} ${leak.zone} at ${leak.distanceM.toFixed(2)} m`;
  };
}

/** 24 cells along the long side, and the edge of each may be smeared over two pixels by a decoder. */
const MOST_CELLS = 2 * 24;
const EMPTY = new Uint8Array(0);

function keyOf({ camera, seq }: Pick<Shot, "camera" | "seq">): string {
  return `${camera} ${seq}`;
}

async function jpegOf({ width, height, rgb }: RgbImage): Promise<Uint8Array<ArrayBuffer>> {
  const encoded = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
  return Uint8Array.from(encoded);
}
