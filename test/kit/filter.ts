import sharp from "sharp";
import { run } from "../../src/cli/filter.ts";
import { piecesSource } from "../../src/sources/mcap/byte-source.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { writeTemp } from "./cli.ts";
import type { Encoding, Kind, ReadMessage, Told } from "./recording.ts";
import { readBack } from "./recording.ts";
import { place } from "./place.ts";
import { box, feature, zoneFile } from "./zones.ts";

export interface Filtered {
  readonly code: number | null;
  readonly bytes: Uint8Array;
  readonly stderr: string;
  readonly stdout: string;
  readonly summary: Summary;
  /** The most that had come in and not gone out. */
  readonly peakBytes: number;
}

interface Summary {
  readonly frames: number;
  readonly passed: number;
  readonly blurred: number;
  readonly dropped: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly in: number;
    readonly reasons: Record<string, number>;
  }[];
  readonly positions: { readonly in: number; readonly removed: number; readonly unusable: number };
  readonly losses: readonly string[];
  readonly revokedTooLate: number;
}

const NO_SUMMARY: Summary = {
  frames: 0,
  passed: 0,
  blurred: 0,
  dropped: 0,
  topics: [],
  positions: { in: 0, removed: 0, unusable: 0 },
  losses: [],
  revokedTooLate: 0,
};

/** Runs the command in this process, with the recording in pieces. */
export async function filter(
  input: Uint8Array,
  args: readonly string[],
  pieceBytes = 50_000,
): Promise<Filtered> {
  const parts: Uint8Array[] = [];
  const [err, out]: [string[], string[]] = [[], []];
  let [inside, peakBytes] = [0, 0];
  const io = {
    stdout: (text: string) => out.push(text),
    stderr: (text: string) => err.push(text),
    interactive: false,
    colour: false,
    nowMs: () => Date.parse("2026-06-01T00:00:00Z"),
    input: piecesSource(
      pieces(input, pieceBytes, (bytes) => {
        inside += bytes;
        peakBytes = Math.max(peakBytes, inside);
      }),
    ),
    output: async (bytes: Uint8Array) => {
      inside -= bytes.length;
      parts.push(new Uint8Array(bytes));
    },
  };
  const code = await runCommand(
    (given, plain) => run(given, { ...io, ...plain }),
    [...args, "--config", SEEDED, "--json"],
    io,
  );
  const stderr = err.join("");
  const json = /^\{\n[^]*?^\}$/m.exec(stderr)?.[0];
  const summary = json === undefined ? NO_SUMMARY : (JSON.parse(json) as Summary);
  return { code, bytes: Buffer.concat(parts), stderr, stdout: out.join(""), summary, peakBytes };
}

/** So that the margins at which zones are left are the same every time. */
const SEEDED = writeTemp("seeded.json", JSON.stringify({ policy: { gate: { seed: 1 } } }));

async function* pieces(bytes: Uint8Array, pieceBytes: number, taken: (bytes: number) => void) {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.slice(at, at + pieceBytes);
    taken(piece.length);
    yield piece;
  }
}

export const START_MS = Date.parse("2026-03-01T08:00:00Z");
/** A real image at a sixth of its size. */
export const JPEG = new Uint8Array(
  await sharp("simulator/drives/mountain-view/front/solidWhiteRight.jpg").resize(160, 90).jpeg().toBuffer(),
);

/** The vehicle drives east along the origin's parallel at 10 m/s; it is at the origin halfway. */
export const SECONDS = 60;
export const eastM = (timeMs: number): number => ((timeMs - START_MS) / 1000 - SECONDS / 2) * 10;

export function positionAt(timeMs: number, topic = "/gps/fix", changes: Record<string, unknown> = {}): Told {
  const { latDeg: latitude, lonDeg: longitude } = place(eastM(timeMs), 0);
  const covariance = { position_covariance: [1, 0, 0, 0, 1, 0, 0, 0, 4], position_covariance_type: 2 };
  return {
    topic,
    kind: "LocationFix",
    timeMs,
    logMs: timeMs + 20,
    fields: { frame_id: "gps", latitude, longitude, ...covariance, ...changes },
  };
}

export function imageAt(
  timeMs: number,
  kind: Kind = "CompressedImage",
  topic = "/cam/image",
  frame_id = "front",
): Told {
  return { topic, kind, timeMs, logMs: timeMs + 30, fields: { frame_id, ...IMAGES[kind] } };
}

const RAW = Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) => (i * i * 31 + (i >> 3)) % 251);
const IMAGES: Readonly<Record<Kind, Record<string, unknown>>> = {
  CompressedImage: { format: "jpeg", data: JPEG },
  RawImage: { width: 64, height: 48, encoding: "rgb8", step: 64 * 3, data: RAW },
  CompressedVideo: { format: "h264", data: Uint8Array.of(0, 0, 0, 1, 0x65, 0x88, 0x84, 0x21) },
  LocationFix: {},
  Text: { text: "" },
};

/** 60 s of fixes at 10 Hz, images at 5 a second and a text a second. */
export function drive(
  kind: Kind = "CompressedImage",
  images: (timeMs: number) => readonly Told[] = (at) => [imageAt(at, kind)],
) {
  const told: Told[] = [];
  for (let timeMs = START_MS; timeMs < START_MS + SECONDS * 1000; timeMs += 100) {
    told.push(positionAt(timeMs));
    if (timeMs % 200 === 100) told.push(...images(timeMs));
    if (timeMs % 1000 === 0)
      told.push({ topic: "/notes", kind: "Text", timeMs, fields: { text: `at ${timeMs}` } });
  }
  return told;
}

/** A zone file with a square of 100 m about the origin, or elsewhere. */
export function squareFile(properties: Record<string, unknown> = {}, aroundM = 0): string {
  const [southWest, northEast] = [place(aroundM - 50, -50), place(aroundM + 50, 50)];
  const shape = box(southWest.lonDeg, southWest.latDeg, northEast.lonDeg, northEast.latDeg);
  const named = { id: "base", category: "military", viewM: 0, ...properties };
  return zoneFile([feature(named, shape)]);
}

/** Whether the place that the vehicle truly was at lies within the standoff of the square. */
export const isRestricted = (timeMs: number): boolean => Math.abs(eastM(timeMs)) <= 50 + 25;

export const ENCODINGS: readonly Encoding[] = ["json", "protobuf", "ros1", "ros2"];

export const CAMERAS = ["--cameras", "front:0:100"];

/** When an image of `drive` was taken. */
export const captureMs = ({ logTime }: ReadMessage) => Number(logTime / 1_000_000n) - 30;

export const messagesOf = (topic: string, messages: readonly ReadMessage[]) =>
  messages.filter((each) => each.topic === topic);

export const imagesIn = async (bytes: Uint8Array) =>
  messagesOf("/cam/image", (await readBack(bytes)).messages);
