import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, expect, it } from "vitest";
import { asJson, bridgeViewer } from "../kit/bridge-viewer.ts";
import { camfence } from "../kit/cli.ts";
import { startDaemon, vehicleFolder } from "../kit/daemon/daemon.ts";
import { nmeaEpoch } from "../kit/daemon/nmea.ts";
import { receiverServer } from "../kit/daemon/receiver-server.ts";
import { zoneFile } from "../kit/daemon/zone-file.ts";
import { place } from "../kit/place.ts";

const BASE = { id: "base", eastM: -20, northM: 200, widthM: 40, heightM: 40 };
const source = { kind: "folder", path: join(process.cwd(), "simulator/drives/mountain-view/front"), fps: 20 };
const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanUp.splice(0).toReversed()) await clean();
});

/** A vehicle that stands where it is put. */
async function vehicle(bridge: object) {
  const at = { northM: 0 };
  const receiver = await receiverServer(() => nmeaEpoch({ timeMs: Date.now(), ...place(0, at.northM) }));
  cleanUp.push(() => receiver[Symbol.asyncDispose]());
  const folder = await vehicleFolder(
    {
      sources: { position: { kind: "nmea-tcp", host: "127.0.0.1", port: receiver.port } },
      cameras: [{ id: "front", yawDeg: 0, hfovDeg: 90, source }],
      policy: { gate: { marginM: 0 } },
      bridge,
    },
    { "base.geojson": zoneFile([BASE]) },
  );
  return { at, folder };
}

async function until(holds: () => boolean): Promise<void> {
  const endMs = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > endMs) throw new Error("it did not happen in time");
    await new Promise((done) => setTimeout(done, 20));
  }
}

it("Foxglove sees live what the daemon releases, and neither images nor positions of a restricted place", async () => {
  const { at, folder } = await vehicle({ enabled: true, port: 0 });
  const daemon = await startDaemon(folder);
  cleanUp.push(() => daemon.child.kill("SIGKILL"));
  const { bridge } = await daemon.logged(({ msg }) => msg === "guarding");
  const viewer = bridgeViewer(String(bridge));
  cleanUp.push(() => viewer.close());
  const images = () => viewer.of("/camera/front");
  const verdicts = () => viewer.of("/verdicts").map(asJson);
  const insides = () => verdicts().filter(({ reason }) => reason === "inside").length;

  await until(() => images().length > 5 && viewer.of("/location").length > 5 && viewer.times.length > 5);
  // The image is the last field of its message: from the JPEG's first bytes on.
  const image = Buffer.from(images()[0]?.data ?? []);
  const picture = await sharp(image.subarray(image.indexOf("ffd8ff", 0, "hex"))).metadata();
  expect([picture.format, picture.width]).toEqual(["jpeg", 960]);
  const { latitude, longitude } = asJson(viewer.of("/location")[0] ?? { topic: "", timeMs: 0, data: image });
  expect([Number(latitude).toFixed(3), Number(longitude).toFixed(3)]).toEqual(["48.000", "11.000"]);
  expect(verdicts()).toContainEqual(expect.objectContaining({ action: "pass", reason: "clear" }));

  at.northM = 220;
  await until(() => insides() > 5);
  await viewer.settled();
  const before = [images().length, viewer.of("/location").length];
  const [told, times] = [insides(), viewer.times.length];
  await until(() => insides() > told + 20 && viewer.times.length > times + 5);
  expect([images().length, viewer.of("/location").length]).toEqual(before);

  // A viewer that stays does not keep the vehicle from ending.
  expect(await daemon.stop()).toBe(0);
  expect(daemon.log.map(({ msg }) => msg)).toContain("bridge: a viewer has come");
});

it("nothing is served unless the configuration says so", async () => {
  const { folder } = await vehicle({});
  const daemon = await startDaemon(folder);
  cleanUp.push(() => daemon.child.kill("SIGKILL"));
  expect(await daemon.logged(({ msg }) => msg === "guarding")).toMatchObject({ bridge: null });
  expect(await daemon.stop()).toBe(0);
});

it("a taken port, or one that others could reach, is one clear line, and the gate stays closed", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  cleanUp.push(() => taken.close());
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" ? address?.port : 0;
  for (const [bridge, code, what] of [
    [{ enabled: true, port }, 2, /cannot listen on 127\.0\.0\.1:\d+: listen EADDRINUSE/],
    [{ enabled: true, host: "0.0.0.0" }, 1, /camfence\.yaml:\d+: bridge\.host: /],
  ] as const) {
    const { folder } = await vehicle(bridge);
    const ended = await camfence("run", "--config", join(folder, "camfence.yaml"));
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(what)]);
  }
});
