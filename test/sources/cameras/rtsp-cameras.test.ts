import { describe, expect, it, onTestFinished } from "vitest";
import { isBroken } from "../../../src/sources/frame.ts";
import { hasFfmpeg } from "../../kit/daemon/tools.ts";
import { freePort } from "../../kit/free-port.ts";
import { NETWORK_CAMERAS } from "../../kit/rtsp-servers.ts";
import { watchCamera } from "../../kit/watch-camera.ts";

const size = { widthPx: 320, heightPx: 184 };
const RETRIES = { stallMs: 1500, minRetryMs: 200, maxRetryMs: 500 };

describe.each(NETWORK_CAMERAS)("a network camera: $name", ({ isThere, transport, pictures, start }) => {
  it.skipIf(!hasFfmpeg || !isThere)(
    "gives pictures in order, and is there again after it was killed and started again",
    async () => {
      const port = await freePort();
      const startOnce = async (): Promise<() => void> => {
        const end = await start(port);
        onTestFinished(end);
        return end;
      };
      const end = await startOnce();
      const source = { kind: "rtsp", url: `rtsp://127.0.0.1:${port}/cam`, transport, pictures, ...size };
      const { states, frames } = watchCamera(source, { supervision: RETRIES });
      const good = () => frames.filter((frame) => !isBroken(frame));
      await expect.poll(() => good().length, { timeout: 30_000 }).toBeGreaterThan(10);
      expect(good()[0]).toMatchObject({ width: 320, height: 184, format: pictures });
      end();
      await expect.poll(() => states.at(-1)?.kind, { timeout: 30_000 }).toBe("down");
      const before = good().length;
      await startOnce();
      await expect.poll(() => good().length, { timeout: 60_000 }).toBeGreaterThan(before + 10);
      const times = good().map(({ timeMs }) => timeMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    },
    120_000,
  );
});
