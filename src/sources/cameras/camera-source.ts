import * as z from "zod";

/** What comes out of ffmpeg. */
const pictures = z
  .enum(["jpeg", "encoded-jpeg", "nv12"])
  .describe("jpeg: the camera's own, untouched; encoded-jpeg and nv12: decoded, and made by ffmpeg");
const side = z.int().min(16).max(16_384).multipleOf(2);
const size = { widthPx: side, heightPx: side };
const fps = z.number().min(0.1).max(1000);
const latencyMs = z.number().min(0).max(5000);
const path = z.string().min(1);

/**
 * Where a camera's pictures come from, and when they were taken. `latencyMs` is the time from mid-exposure to the arrival
 * of a picture that nothing delays; to the error of what is stated come at most 20 ms (`CAPTURE_ERROR_MS`), and both
 * together must stay within the policy's `clockErrorMs`.
 */
export const CameraSource = z.discriminatedUnion("kind", [
  /** The driver's own time stamps of each picture, mapped to the shared clock by the promptest arrival. */
  z.strictObject({
    kind: z.literal("v4l2"),
    device: z.string().regex(/^\/dev\//, "expected a device below /dev/"),
    pictures: pictures.default("jpeg"),
    ...size,
    fps,
    latencyMs: latencyMs.default(30),
  }),
  /** The RTP time stamps of the camera, mapped to the shared clock by the promptest arrival. */
  z.strictObject({
    kind: z.literal("rtsp"),
    url: z.string().regex(/^rtsps?:\/\/./, "expected rtsp://… or rtsps://…"),
    transport: z.enum(["tcp", "udp"]).default("tcp"),
    pictures: pictures.default("nv12"),
    ...size,
    fps: fps.default(30),
    latencyMs: latencyMs.default(100),
  }),
  /** Plays a video file at its own speed, as if it were taken now: for test benches. */
  z.strictObject({
    kind: z.literal("file"),
    path,
    pictures: pictures.default("encoded-jpeg"),
    ...size,
    loop: z.boolean().default(true),
    fps: fps.default(30),
    latencyMs: latencyMs.default(0),
  }),
  /** ffmpeg's moving test picture: for a first try. */
  z.strictObject({
    kind: z.literal("test"),
    pictures: z.enum(["encoded-jpeg", "nv12"]).default("encoded-jpeg"),
    ...size,
    fps,
    latencyMs: latencyMs.default(0),
  }),
  /**
   * Any input that ffmpeg reads: its arguments up to and with `-i INPUT`. `clock: arrival` for those that state no times
   * of their own, such as a bare stream of JPEGs: what comes late is dropped, since nothing says when it was taken.
   */
  z.strictObject({
    kind: z.literal("ffmpeg"),
    input: z.array(z.string()).min(2).max(64),
    clock: z.enum(["stream", "arrival"]).default("stream"),
    pictures: pictures.default("nv12"),
    ...size,
    fps,
    latencyMs,
  }),
  /** The JPEG files of a folder, one every `1 / fps`, over and over, each taken when its turn comes. */
  z.strictObject({ kind: z.literal("folder"), path, fps }),
  /** Pictures on standard input, one after the other without anything between. Times as for `clock: arrival`. */
  z.strictObject({
    kind: z.literal("stdin"),
    pictures: z.enum(["jpeg", "nv12"]).default("jpeg"),
    ...size,
    fps,
    latencyMs,
  }),
]);
export type CameraSource = Readonly<z.infer<typeof CameraSource>>;

/** Those that ffmpeg reads. */
export type FfmpegSource = Extract<CameraSource, { kind: "v4l2" | "rtsp" | "file" | "test" | "ffmpeg" }>;
