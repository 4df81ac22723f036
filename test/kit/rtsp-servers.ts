import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { connect } from "node:net";
import { expect } from "vitest";
import { freePort } from "./free-port.ts";

/** Network cameras of other makes: each serves `rtsp://127.0.0.1:PORT/cam`, 320 × 184 at 20 a second. */
export interface NetworkCamera {
  readonly name: string;
  readonly isThere: boolean;
  readonly transport: "tcp" | "udp";
  readonly pictures: "jpeg" | "nv12";
  /** Resolves with what kills it. */
  readonly start: (port: number) => Promise<() => void>;
}

const PERL = "rtsp-server-perl";
const hasPerl = spawnSync(PERL, ["--help"], { stdio: "ignore" }).error === undefined;
/** Debian's own: packages of the system are not those of another Python. */
const PYTHON = "/usr/bin/python3";
const GSTREAMER = `import sys, gi
gi.require_version("Gst", "1.0"); gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer, GLib
Gst.init(None)
for element in sys.argv[2].split(" ! "): Gst.ElementFactory.find(element.split()[0]) or sys.exit(1)
if sys.argv[1] == "0": sys.exit(0)
server = GstRtspServer.RTSPServer(); server.set_address("127.0.0.1"); server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory(); factory.set_shared(True)
raw = "videotestsrc is-live=true ! video/x-raw,format=I420,width=320,height=184,framerate=20/1"
factory.set_launch("( " + raw + " ! " + sys.argv[2] + " name=pay0 )")
server.get_mount_points().add_factory("/cam", factory); server.attach(None)
GLib.MainLoop().run()`;
const MJPEG = "jpegenc ! rtpjpegpay";
const H264 = "openh264enc gop-size=10 ! h264parse ! rtph264pay config-interval=1";
const hasGstreamer = [MJPEG, H264].every(
  (coding) => spawnSync(PYTHON, ["-c", GSTREAMER, "0", coding], { stdio: "ignore" }).status === 0,
);

export const NETWORK_CAMERAS: readonly NetworkCamera[] = [
  ...(["nv12", "jpeg"] as const).map((pictures) => ({
    name: `${PERL} over UDP, MJPEG as ${pictures}`,
    isThere: hasPerl,
    transport: "udp" as const,
    pictures,
    start: startPerl,
  })),
  ...(
    [
      ["nv12", H264],
      ["jpeg", MJPEG],
    ] as const
  ).map(([pictures, coding]) => ({
    name: `GStreamer over TCP, ${coding === H264 ? "H.264" : "MJPEG"} as ${pictures}`,
    isThere: hasGstreamer,
    transport: "tcp" as const,
    pictures,
    start: (port: number) => startGstreamer(port, coding),
  })),
];
for (const { name, isThere } of NETWORK_CAMERAS)
  if (!isThere) process.stderr.write(`tests: ${name} is absent, tests that need it are skipped\n`);

async function startGstreamer(port: number, coding: string): Promise<() => void> {
  const server = spawn(PYTHON, ["-c", GSTREAMER, String(port), coding], { stdio: "ignore" });
  await expect.poll(() => canConnect(port), { timeout: 20_000 }).toBe(true);
  return () => server.kill("SIGKILL");
}

/** The server, and a camera that sends it its pictures. */
async function startPerl(port: number): Promise<() => void> {
  const processes: ChildProcess[] = [];
  const sources = await freePort();
  const own = ["--client_listen_address", "127.0.0.1", "--source_listen_address", "127.0.0.1"];
  const ports = ["--clientport", String(port), "--serverport", String(sources)];
  const rtp = ["--rtp_start_port", String(20_000 + 2 * (sources % 5000))];
  processes.push(spawn(PERL, [...own, ...ports, ...rtp], { stdio: "ignore" }));
  const picture = ["-re", "-f", "lavfi", "-i", "testsrc2=size=320x184:rate=20"];
  const coded = ["-c:v", "mjpeg", "-q:v", "3", "-huffman", "default", "-pix_fmt", "yuvj420p"];
  const sink = ["-f", "rtsp", `rtsp://127.0.0.1:${sources}/cam`];
  await expect.poll(() => canConnect(sources), { timeout: 20_000 }).toBe(true);
  const sent = ["-nostdin", "-v", "quiet", ...picture, ...coded, ...sink];
  processes.push(spawn("ffmpeg", sent, { stdio: "ignore" }));
  return () => processes.forEach((each) => each.kill("SIGKILL"));
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
