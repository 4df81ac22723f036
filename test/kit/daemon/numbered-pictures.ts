import sharp from "sharp";
import { createRedactor } from "../../../src/redaction/redactor.ts";
import { sha256Of } from "../buffer.ts";
import { killableServer } from "./killable-server.ts";
import { paced } from "./paced.ts";

const BITS = 16;
const BLOCK_PX = 8;
const size = { width: BITS * BLOCK_PX, height: 2 * BLOCK_PX };

/** JPEGs that show their own number as blocks of black and white; of the bytes that a pass gives of them. */
export async function numberedPictures(count: number): Promise<readonly Uint8Array[]> {
  const redactor = createRedactor();
  const make = async (number: number): Promise<Uint8Array> => {
    const pixels = Buffer.from(
      Array.from({ length: size.width * size.height }, (_, i) =>
        (number >> Math.floor((i % size.width) / BLOCK_PX)) & 1 ? 255 : 0,
      ),
    );
    const raw = { ...size, channels: 1 } as const;
    const data = new Uint8Array(await sharp(pixels, { raw }).toColourspace("b-w").jpeg().toBuffer());
    const frame = { camera: "", timeMs: 0, seq: 0, ...size, format: "jpeg", data, keyframe: true } as const;
    const released = await redactor.release(frame);
    if (!released.ok) throw new Error(released.detail);
    return released.frame.data;
  };
  const pictures: Uint8Array[] = [];
  for (let i = 0; i < count; i++) pictures.push(await make(i));
  return pictures;
}

/** A network camera (JPEGs in a multipart stream over TCP) that knows when it took which picture. */
export interface NumberedCamera extends AsyncDisposable {
  readonly port: number;
  /** When the picture of this hash was taken, by the truth; NaN for one that was never sent. */
  takenAt(sha256: string): number;
  /** What it sends at each turn from now on. */
  behave(how: "well" | "silent" | "flood" | "garbage"): void;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

export async function numberedCamera(
  pictures: readonly Uint8Array[],
  everyMs: number,
): Promise<NumberedCamera> {
  const takenMs = new Map<string, number>();
  const { port, sockets, kill, restart } = await killableServer();
  let how: Parameters<NumberedCamera["behave"]>[0] = "well";
  let next = 0;
  const send = (bytes: Uint8Array): void => {
    for (const socket of sockets) if (socket.writableLength < 4_000_000) socket.write(bytes);
  };
  const take = (): void => {
    const picture = pictures[next++];
    if (picture === undefined) throw new Error("more pictures are needed");
    takenMs.set(sha256Of(picture), Date.now());
    send(Buffer.concat([header(picture.length), picture, Buffer.from("\r\n")]));
  };
  const stop = paced(everyMs, (turn) => {
    if (how === "silent") return;
    if (how === "garbage")
      return send(Buffer.from(Array.from({ length: 3000 }, (_, i) => (turn * 31 + i * i * 7) & 255)));
    for (let i = 0; i < (how === "flood" ? 10 : 1); i++) take();
  });
  return {
    port,
    takenAt: (sha256) => takenMs.get(sha256) ?? Number.NaN,
    behave(behaviour) {
      how = behaviour;
    },
    kill,
    restart,
    async [Symbol.asyncDispose]() {
      stop();
      await kill();
    },
  };
}

function header(bytes: number): Buffer {
  return Buffer.from(`--ffmpeg\r\nContent-Type: image/jpeg\r\nContent-Length: ${bytes}\r\n\r\n`);
}
