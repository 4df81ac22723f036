import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { paced } from "../kit/daemon/paced.ts";

/**
 * A process that is as many network cameras as it has ports: JPEGs in a Matroska stream, each dated when it was taken, as a
 * camera's driver does. It tells its ports at once, and when each picture was taken whenever it is asked.
 */
export interface Taken {
  /** By camera, in order: milliseconds since the Unix epoch, and which of the pictures it was. */
  readonly taken: readonly (readonly (readonly [timeMs: number, picture: number])[])[];
}

export function serveCameras(files: readonly string[], cameras: number, fps: number): void {
  const pictures = files.map((file) => readFileSync(file));
  const viewers = Array.from({ length: cameras }, () => new Set<Socket>());
  const taken = Array.from({ length: cameras }, () => [] as [number, number][]);
  const servers = viewers.map((sockets) =>
    createServer((socket) => {
      sockets.add(socket.setNoDelay(true));
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
      socket.write(streamHead(1280, 960));
    }).listen(0, "127.0.0.1"),
  );
  // As eight cameras do that nobody synchronised.
  for (const [i, sockets] of viewers.entries()) {
    setTimeout(
      () =>
        paced(1000 / fps, (n) => {
          const picture = pictures[n % pictures.length] ?? Buffer.alloc(0);
          const nowMs = performance.timeOrigin + performance.now();
          if (sockets.size > 0) taken[i]?.push([nowMs, n % pictures.length]);
          for (const socket of sockets)
            if (socket.writableLength < 4_000_000) socket.write(cluster(nowMs, picture));
        }),
      (i * 1000) / fps / cameras,
    );
  }
  process.on("message", () => process.send?.({ taken } satisfies Taken));
  process.on("disconnect", () => process.exit());
  setTimeout(() => process.send?.(servers.map((server) => (server.address() as AddressInfo).port)), 100);
}

/** EBML: an id as it is, the size in eight bytes, the body. */
function element(id: number, ...body: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(body);
  return Buffer.concat([idBytes(id), sizeBytes(bytes.length), bytes]);
}

function idBytes(id: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(id);
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0));
}

function sizeBytes(size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE((1n << 56n) | BigInt(size));
  return bytes;
}

function uint(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Math.round(value)));
  return bytes;
}

const text = (value: string): Buffer => Buffer.from(value, "latin1");
const UNKNOWN_SIZE = Buffer.from("01ffffffffffffff", "hex");
const TICKS_PER_MS = 10;

/** Header, an endless segment, its time scale and its one track. */
function streamHead(widthPx: number, heightPx: number): Buffer {
  const video = element(0xe0, element(0xb0, uint(widthPx)), element(0xba, uint(heightPx)));
  const track = [element(0xd7, uint(1)), element(0x73c5, uint(1)), element(0x83, uint(1))];
  return Buffer.concat([
    element(
      0x1a45dfa3,
      element(0x4282, text("matroska")),
      element(0x4287, uint(4)),
      element(0x4285, uint(2)),
    ),
    idBytes(0x18538067),
    UNKNOWN_SIZE,
    element(0x1549a966, element(0x2ad7b1, uint(1e6 / TICKS_PER_MS))),
    element(0x1654ae6b, element(0xae, ...track, element(0x86, text("V_MJPEG")), video)),
  ]);
}

/** One picture: its time, and a block of track 1 at just that time that is a keyframe. */
function cluster(timeMs: number, picture: Uint8Array): Buffer {
  return element(
    0x1f43b675,
    element(0xe7, uint(timeMs * TICKS_PER_MS)),
    element(0xa3, Buffer.of(0x81, 0, 0, 0x80), picture),
  );
}

const [, , cameras, fps, ...files] = process.argv;
if (process.send !== undefined && cameras !== undefined) serveCameras(files, Number(cameras), Number(fps));
