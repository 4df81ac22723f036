import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { seededRandom } from "../../src/core/random.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";
import type { Redactor } from "../../src/redaction/redactor.ts";
import type { Frame, FrameFormat } from "../../src/sources/frame.ts";
import { medianMs, printTable } from "./redaction-table.ts";
import type { Row } from "./redaction-table.ts";

const WIDTH = 1280;
const HEIGHT = 960;
const IMAGES = resolve(import.meta.dirname, "../../../shared/data/images/udacity");
const CELLS = { width: 20, height: 15 };
const CAMERAS = 8;
const FRAMES_PER_SECOND = 36;

type Bytes = Uint8Array<ArrayBuffer>;

/** The speed targets of redaction, with sharp and a plain copy as peers in the same run; sharp on one thread. */
export async function benchRedaction(print: (line: string) => void): Promise<void> {
  sharp.concurrency(1);
  sharp.cache(false);
  const jpegs = await dashcamJpegs();
  const rows = [...(await rawRows()), ...(await jpegRows(jpegs)), ...stripRows(jpegs), ...loadRows(jpegs)];
  printTable("redaction 1280×960", rows, print);
}

async function rawRows(): Promise<Row[]> {
  const nv12 = noise((WIDTH * HEIGHT * 3) / 2, 1);
  const work = nv12.slice();
  const inPlace = createRedactor({ originals: "policy", refreshMs: 0 });
  const copied = createRedactor({ refreshMs: 0 });
  const oursMs = medianMs(200, () => blur(inPlace, frameOf("nv12", work)));
  const copyingMs = medianMs(100, () => blur(copied, frameOf("nv12", nv12)));
  const copyMs = medianMs(200, () => work.set(nv12));
  const sharpMs = await medianMs(15, () => sharpPixelateNv12(nv12));
  return [
    {
      what: "NV12 mosaic in place, fresh",
      ms: oursMs,
      targets: [
        ["sharp pixelate", sharpMs, 15],
        ["plain copy", copyMs, 0.2],
      ],
    },
    { what: "NV12 mosaic into a copy, fresh", ms: copyingMs, targets: [["sharp pixelate", sharpMs, 15]] },
  ];
}

async function jpegRows(jpegs: readonly Bytes[]): Promise<Row[]> {
  const fresh = createRedactor({ refreshMs: 0 });
  const standing = createRedactor();
  let i = 0;
  const next = (): Bytes => jpegs[i++ % jpegs.length] ?? new Uint8Array(0);
  const freshMs = medianMs(60, () => blur(fresh, frameOf("jpeg", next())));
  const standingMs = medianMs(2000, () => blur(standing, frameOf("jpeg", next())));
  const pixelateMs = await medianMs(16, () => sharpPixelateJpeg(next()));
  const blurMs = await medianMs(8, () => sharp(next()).blur(20).jpeg({ quality: 85 }).toBuffer());
  const peers = (factors: readonly [number, number]): Row["targets"] => [
    ["sharp resize, encode", pixelateMs, factors[0]],
    ["sharp blur(20), encode", blurMs, factors[1]],
  ];
  return [
    { what: "JPEG blur, fresh", ms: freshMs, targets: peers([5, 15]) },
    { what: "JPEG blur, within refreshMs", ms: standingMs, targets: peers([1000, 1000]) },
  ];
}

function stripRows(jpegs: readonly Bytes[]): Row[] {
  const [jpeg = new Uint8Array(0)] = jpegs;
  const exif = Uint8Array.of(0xff, 0xe1, 0x40, 0, ...noise(0x4000 - 2, 2));
  const tagged = new Uint8Array([...jpeg.subarray(0, 2), ...exif, ...jpeg.subarray(2)]);
  const redactor = createRedactor();
  const strip = (): unknown => mustBeOk(redactor.release(frameOf("jpeg", tagged)));
  const ms = medianMs(400, strip);
  const gbps = tagged.length / ms / 1e6;
  return [
    {
      what: `JPEG pass, EXIF stripped (${gbps.toFixed(1)} GB/s, target 1)`,
      ms,
      targets: [["1 GB/s", tagged.length / 1e6, 1]],
    },
  ];
}

/** One second of eight cameras, blurred at once with the default policy. */
function loadRows(jpegs: readonly Bytes[]): Row[] {
  const nv12 = noise((WIDTH * HEIGHT * 3) / 2, 3);
  const second = (
    format: FrameFormat,
    data: (n: number) => Bytes,
    redactor: Redactor,
    startMs: number,
  ): void => {
    for (let n = 0; n < CAMERAS * FRAMES_PER_SECOND; n++) {
      const timeMs = startMs + (Math.floor(n / CAMERAS) * 1000) / FRAMES_PER_SECOND;
      blur(redactor, { ...frameOf(format, data(n)), camera: `camera-${n % CAMERAS}`, timeMs });
    }
  };
  const load = (format: FrameFormat, data: (n: number) => Bytes): number => {
    const redactor = createRedactor({ originals: format === "jpeg" ? "caller" : "policy" });
    let startMs = 0;
    return medianMs(5, () => second(format, data, redactor, (startMs += 1000)));
  };
  return (["jpeg", "nv12"] as const).map((format) => {
    const ms = load(format, (n) => (format === "jpeg" ? (jpegs[n % jpegs.length] ?? nv12) : nv12));
    const share = `${((100 * ms) / 1000).toFixed(1)} % of a core`;
    return {
      what: `8 × 36 fps ${format}, one second (${share})`,
      ms,
      targets: [["a quarter of a core", 250, 1]],
    };
  });
}

function blur(redactor: Redactor, frame: Frame): unknown {
  return mustBeOk(redactor.blur(frame));
}

/** Timing a refusal would be fast and worth nothing. */
function mustBeOk(redaction: ReturnType<Redactor["blur"]>): unknown {
  if (redaction instanceof Promise || !redaction.ok) throw new Error("a frame was not redacted at once");
  return redaction.frame;
}

let clockMs = 0;

function frameOf(format: FrameFormat, data: Bytes): Frame {
  clockMs += 0.001;
  return {
    camera: "front",
    timeMs: clockMs,
    seq: 0,
    width: WIDTH,
    height: HEIGHT,
    format,
    data,
    keyframe: true,
  };
}

function noise(sizeBytes: number, seed: number): Bytes {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: sizeBytes }, () => random() * 256);
}

async function dashcamJpegs(): Promise<Bytes[]> {
  const files = readdirSync(IMAGES, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".jpg"),
  );
  const encode = (name: string): Promise<Buffer> =>
    sharp(readFileSync(join(IMAGES, name)))
      .resize(WIDTH, HEIGHT, { fit: "fill" })
      .jpeg({ quality: 85, optimiseCoding: false })
      .toBuffer();
  const encoded = await Promise.all(files.toSorted().slice(0, 8).map(encode));
  return encoded.map((bytes) => new Uint8Array(bytes));
}

/** Both planes down to cells and up again, by the kernel that is fastest here. */
async function sharpPixelateNv12(nv12: Bytes): Promise<void> {
  const lumaBytes = WIDTH * HEIGHT;
  await sharpPixelateRaw(nv12.subarray(0, lumaBytes), { width: WIDTH, height: HEIGHT, channels: 1 });
  await sharpPixelateRaw(nv12.subarray(lumaBytes), { width: WIDTH / 2, height: HEIGHT / 2, channels: 2 });
}

async function sharpPixelateRaw(
  data: Bytes,
  raw: { width: number; height: number; channels: 1 | 2 },
): Promise<void> {
  const small = await sharp(data, { raw })
    .resize({ ...CELLS, fit: "fill", kernel: "nearest" })
    .raw()
    .toBuffer();
  const from = { raw: { ...CELLS, channels: raw.channels } };
  await sharp(small, from)
    .resize({ width: raw.width, height: raw.height, fit: "fill", kernel: "nearest" })
    .raw()
    .toBuffer();
}

async function sharpPixelateJpeg(jpeg: Bytes): Promise<void> {
  const { data, info } = await sharp(jpeg)
    .resize({ ...CELLS, fit: "fill", kernel: "nearest" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  await sharp(data, { raw })
    .resize({ width: WIDTH, height: HEIGHT, fit: "fill", kernel: "nearest" })
    .jpeg({ quality: 85, optimiseCoding: false })
    .toBuffer();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  benchRedaction((line) => process.stdout.write(`${line}\n`)).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 3;
  });
}
