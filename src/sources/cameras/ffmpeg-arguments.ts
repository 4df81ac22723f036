import type { FfmpegSource } from "./camera-source.ts";

/** ffmpeg's arguments: pictures go to its descriptor 1, and before each what it says of the picture's time to 3. */
export function ffmpegArguments(source: FfmpegSource): readonly string[] {
  const bytesOf = source.pictures === "nv12" ? "rawvideo" : "mjpeg";
  return [
    "-nostdin",
    "-hide_banner",
    "-loglevel",
    "error",
    ...inputOf(source),
    "-map",
    "0:v:0",
    ...codecOf(source),
    "-f",
    "tee",
    // In this order: the time is there before its picture is.
    `[f=framecrc:flush_packets=1]pipe:3|[f=${bytesOf}:flush_packets=1]pipe:1`,
  ];
}

function inputOf(source: FfmpegSource): readonly string[] {
  const size = `${source.widthPx}x${source.heightPx}`;
  const rate = String(source.fps);
  switch (source.kind) {
    case "v4l2": {
      // What is decoded may come in any format that the camera has.
      const format = source.pictures === "jpeg" ? ["-input_format", "mjpeg"] : [];
      const asked = [...format, "-video_size", size, "-framerate", rate];
      return ["-f", "v4l2", "-timestamps", "abs", ...asked, ...AT_ONCE, "-i", source.device];
    }
    case "rtsp":
      return ["-rtsp_transport", source.transport, ...AT_ONCE, "-i", source.url];
    case "file":
      return ["-re", ...(source.loop ? ["-stream_loop", "-1"] : []), "-i", `file:${source.path}`];
    case "test":
      return ["-re", "-f", "lavfi", "-i", `testsrc2=size=${size}:rate=${rate}`];
    case "ffmpeg":
      return source.input;
    default:
      return source satisfies never;
  }
}

/** Nothing is gathered before the first picture: what waits is old. */
const AT_ONCE = ["-fflags", "nobuffer"];

function codecOf({ pictures, widthPx, heightPx }: FfmpegSource): readonly string[] {
  if (pictures === "jpeg") return ["-c:v", "copy"];
  // Each picture once and with its own time: none repeated or left out to even out the rate.
  const each = ["-fps_mode", "passthrough", "-enc_time_base", "1/1000000"];
  if (pictures === "nv12")
    return [...each, "-vf", `scale=${widthPx}:${heightPx},format=nv12`, "-c:v", "rawvideo"];
  return [...each, "-vf", `scale=${widthPx}:${heightPx},format=yuvj420p`, "-c:v", "mjpeg", "-q:v", "3"];
}
