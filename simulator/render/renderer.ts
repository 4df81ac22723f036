import { seededRandom } from "../../src/core/random.ts";
import type { Camera } from "../../src/sources/camera.ts";
import type { Shot, SimulatedDrive } from "../drive.ts";
import { writeCode } from "./frame-code.ts";
import type { RgbImage } from "./image.ts";
import { sightOf } from "./walls.ts";

/** The colour that nothing else has: of a zone's walls. */
export const MARKER = { r: 255, g: 0, b: 255 } as const;

/** A wall of a compound, and a camera behind the windscreen. */
const WALL_M = 6;
const EYE_M = 1.4;
/** A wall is never thinner than what a mosaic or JPEG would lose. */
const LEAST_WALL_PX = 4;
/** Wider than this no pinhole images: columns are even angles then, as a fisheye's are. */
const MAX_PINHOLE_DEG = 150;

/** Makes the image that a shot would show; what it returns is used again by the next one. */
export type Renderer = (shot: Shot) => RgbImage;

/** Cameras of a pinhole model of its own: a road, the sky, and the walls of what may not be seen. */
export function createRenderer(drive: SimulatedDrive): Renderer {
  const lenses = new Map<string, Lens>();
  return (shot) => {
    const index = drive.cameras.findIndex(({ id }) => id === shot.camera);
    const camera = drive.cameras[index];
    if (camera === undefined) throw new RangeError(`no camera ${shot.camera}`);
    const lens = lenses.get(camera.id) ?? lensOf(camera, shot.width, shot.height);
    lenses.set(camera.id, lens);
    const { image, scene, bearingsDeg } = lens;
    image.rgb.set(scene);
    const truth = drive.truthAt(shot.exposedMs);
    moveRoad(image, truth.drivenM);
    const sight = sightOf(drive.zonesAt(shot.exposedMs).zones, truth, camera, bearingsDeg);
    for (const [x, awayM] of sight.entries()) if (awayM < Infinity) drawWall(lens, x, awayM);
    writeCode(image, { camera: index, seq: shot.seq });
    return image;
  };
}

interface Lens {
  readonly image: RgbImage;
  /** The road and the sky, which stay. */
  readonly scene: Uint8Array;
  /** Of each column, from the vehicle's heading. */
  readonly bearingsDeg: Float64Array;
  readonly focalPx: number;
  /** Degrees of each column from the axis, at which a pinhole sees things smaller. */
  readonly cosines: Float64Array;
}

function lensOf({ yawDeg, hfovDeg }: Camera, width: number, height: number): Lens {
  const isPinhole = hfovDeg <= MAX_PINHOLE_DEG;
  const half = (Math.min(hfovDeg, MAX_PINHOLE_DEG) * Math.PI) / 360;
  const focalPx = width / 2 / Math.tan(half);
  const offDeg = Float64Array.from({ length: width }, (_, x) => {
    const fromMiddle = x + 0.5 - width / 2;
    return isPinhole ? (Math.atan(fromMiddle / focalPx) * 180) / Math.PI : (fromMiddle * hfovDeg) / width;
  });
  const rgb = new Uint8Array(3 * width * height);
  return {
    image: { width, height, rgb },
    scene: paintScene(width, height),
    bearingsDeg: offDeg.map((deg) => deg + yawDeg),
    focalPx,
    cosines: offDeg.map((deg) => (isPinhole ? Math.cos((deg * Math.PI) / 180) : 1)),
  };
}

/** Greys, greens and blues with the grain that a real scene has; repeated for every frame. */
function paintScene(width: number, height: number): Uint8Array {
  const random = seededRandom(7);
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const grain = 40 * (random() - 0.5);
      const below = y - height / 2;
      const onRoad = below > 0 && Math.abs(x - width / 2) < 1.4 * below;
      const [r, g, b] = below <= 0 ? [120, 160, 210] : onRoad ? [95, 95, 98] : [80, 120, 60];
      rgb.set([r + grain, g + grain, b + grain], 3 * (y * width + x));
    }
  }
  return rgb;
}

/** Lane marks that come nearer as the vehicle drives. */
function moveRoad({ width, height, rgb }: RgbImage, drivenM: number): void {
  for (let y = height / 2 + 8; y < height; y++) {
    const awayM = (EYE_M * 300) / (y - height / 2);
    if ((awayM + drivenM) % 12 > 6) continue;
    const from = 3 * (Math.floor(y) * width + (width >> 1) - 2);
    rgb.fill(230, from, from + 12);
  }
}

function drawWall({ image, focalPx, cosines }: Lens, x: number, awayM: number): void {
  const { width, height, rgb } = image;
  const depthM = awayM * (cosines[x] ?? 1);
  const middle = height / 2;
  const top = Math.floor(middle - Math.max(LEAST_WALL_PX / 2, (focalPx * (WALL_M - EYE_M)) / depthM));
  const bottom = Math.ceil(middle + Math.max(LEAST_WALL_PX / 2, (focalPx * EYE_M) / depthM));
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) {
    const at = 3 * (y * width + x);
    rgb[at] = MARKER.r;
    rgb[at + 1] = MARKER.g;
    rgb[at + 2] = MARKER.b;
  }
}
