import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { constants, createWriteStream, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inProcess, tempDir } from "../../kit/cli.ts";
import { START_MS, drive, filter, imageAt, positionAt, squareFile } from "../../kit/filter.ts";
import { readBack, readStream, recording } from "../../kit/recording.ts";

const CAMERAS = ["--cameras", "front:0:100"];

interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** The built command as a process, with the recording on a pipe or, by its path, as a file. */
async function filterProcess(input: Uint8Array | string | number, args: readonly string[]): Promise<Ended> {
  const file = typeof input === "string" ? openSync(input, "r") : input;
  const stdin = typeof file === "number" ? file : ("pipe" as const);
  const child = spawn(process.execPath, ["dist/camfence.js", "filter", ...args], {
    stdio: [stdin, "pipe", "pipe"],
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on("data", (piece: Buffer) => out.push(piece));
  child.stderr?.on("data", (piece: Buffer) => err.push(piece));
  child.stdin?.on("error", () => {});
  if (typeof file !== "number") child.stdin?.end(file);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString("utf8") };
}

describe("as a process", () => {
  it("gives the same from a pipe and from a file, and sums up on stderr", async () => {
    const bytes = await recording(drive());
    const path = join(tempDir(), "in.mcap");
    writeFileSync(path, bytes);
    const seeded = join(tempDir(), "seeded.yaml");
    writeFileSync(seeded, "policy: { gate: { seed: 1 } }");
    const args = ["--zones", squareFile(), ...CAMERAS, "--config", seeded];
    const [piped, read] = [await filterProcess(bytes, args), await filterProcess(path, args)];
    expect([piped.code, read.code]).toEqual([0, 0]);
    expect(Buffer.compare(piped.stdout, read.stdout)).toBe(0);
    expect(piped.stderr).toMatch(/^camfence: frames in 300 = passed 2\d\d \+ blurred 0 \+ dropped \d+$/m);
    expect((await readBack(piped.stdout)).messages.length).toBeGreaterThan(600);
  });

  it("gives the same from a pipe that does not wait for its writer", async () => {
    const bytes = await recording(drive());
    const fifo = join(tempDir(), "pipe");
    execFileSync("mkfifo", [fifo]);
    const reading = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    const writing = createWriteStream(fifo);
    const seeded = join(tempDir(), "seeded.yaml");
    writeFileSync(seeded, "policy: { gate: { seed: 1 } }");
    const args = ["--zones", squareFile(), ...CAMERAS, "--config", seeded];
    const filtering = filterProcess(reading, args);
    for (let at = 0; at < bytes.length; at += 70_000) {
      await new Promise((written) => writing.write(bytes.subarray(at, at + 70_000), written));
      await new Promise((waited) => setTimeout(waited, 2));
    }
    writing.end();
    const [slow, piped] = [await filtering, await filterProcess(bytes, args)];
    expect([slow.code, slow.stderr]).toEqual([0, piped.stderr]);
    expect(Buffer.compare(slow.stdout, piped.stdout)).toBe(0);
  });

  it("a recording that is cut off comes out whole, with exit code 1 and a line on what is lost", async () => {
    const bytes = await recording(drive(), { chunkSize: 20_000 });
    const { code, stdout, stderr } = await filterProcess(bytes.subarray(0, bytes.length * 0.6), [
      "--zones",
      squareFile(),
      ...CAMERAS,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^camfence: lost: the recording is cut off: what came after is lost, with \d+ bytes/m,
    );
    expect(readStream(stdout).at(-1)?.type).toBe("Footer");
    expect((await readBack(stdout)).messages.length).toBeGreaterThan(300);
  });

  it("a reader that goes away ends it quietly", async () => {
    const bytes = await recording(drive("RawImage"));
    const child = spawn(process.execPath, [
      "dist/camfence.js",
      "filter",
      "--zones",
      squareFile(),
      "--keep-positions",
    ]);
    const err: Buffer[] = [];
    child.stderr.on("data", (piece: Buffer) => err.push(piece));
    child.stdin.on("error", () => {});
    child.stdin.write(bytes.subarray(0, bytes.length - 1000));
    await once(child.stdout, "data");
    child.stdout.destroy();
    child.stdin.end();
    const [code] = (await once(child, "close")) as [number | null];
    expect(code).toBe(0);
    expect(Buffer.concat(err).toString("utf8")).not.toMatch(/EPIPE|fault/);
  });

  it("what is no recording, no zone or no option is one clear line", async () => {
    const nmea = new TextEncoder().encode("$GPRMC,080000,A,4807.038,N\n".repeat(3));
    const refused = await filterProcess(nmea, ["--zones", squareFile()]);
    expect([refused.code, refused.stdout.length]).toEqual([1, 0]);
    expect(refused.stderr).toMatch(/^camfence: got bytes 244750524d432c30, expected an MCAP recording.*\n$/);
    for (const args of [[], ["--zones", squareFile(), "in.mcap"], ["--memory", "0"], ["--topics", "front"]]) {
      const { code, stderr } = await filterProcess(nmea, args);
      expect([code, stderr.split("\n").length], args.join(" ")).toEqual([2, 2]);
    }
    expect((await filterProcess(nmea, ["--help"])).stdout.toString()).toContain("Example: camfence filter");
  });
});

it("replay and filter agree on every frame", async () => {
  const bytes = await recording(drive());
  const folder = tempDir();
  const path = join(folder, "in.mcap");
  writeFileSync(path, bytes);
  const zones = squareFile();
  const { replay } = await import("../../../src/cli/replay.ts");
  const out = join(folder, "out");
  const replayed = await inProcess(replay, path, "--zones", zones, ...CAMERAS, "--out", out, "--json");
  const { summary } = await filter(bytes, ["--zones", zones, ...CAMERAS]);
  const { frames } = JSON.parse(replayed.stdout) as { readonly frames: Readonly<Record<string, number>> };
  expect(frames).toMatchObject({ in: summary.frames, passed: summary.passed, dropped: summary.dropped });
});

describe("memory", () => {
  it("is bounded: frames that cannot be held until a fix proves them are dropped as overload", async () => {
    // Fixes stop at 20 s; what was judged by the last one waits.
    const told = drive().filter(
      ({ kind, timeMs }) => kind !== "LocationFix" || (timeMs ?? 0) < START_MS + 20_000,
    );
    const more = Array.from({ length: 3000 }, (_, i) => ({
      topic: "/points",
      kind: "Text" as const,
      timeMs: START_MS + 21_000 + i,
      fields: { text: "x".repeat(1000) },
    }));
    const input = await recording([
      ...told.filter(({ timeMs }) => (timeMs ?? 0) < START_MS + 21_000),
      ...more,
    ]);
    const narrow = await filter(input, ["--zones", squareFile(), ...CAMERAS, "--memory", "1"]);
    expect(narrow.code).toBe(0);
    expect(narrow.summary.topics[0]?.reasons["overload"]).toBeGreaterThan(0);
    const wide = await filter(input, ["--zones", squareFile(), ...CAMERAS]);
    expect(wide.summary.topics[0]?.reasons["overload"]).toBeUndefined();
    expect(narrow.summary.frames).toBe(narrow.summary.passed + narrow.summary.dropped);
  });

  it("does not grow with the recording", async () => {
    const fixes = (fromMs: number) => [0, 100, 200, 300, 400].map((ms) => positionAt(fromMs + ms));
    const second = (i: number) => {
      const fromMs = START_MS + i * 500;
      return [...fixes(fromMs), ...[450, 460, 470].map((ms) => imageAt(fromMs + ms, "RawImage"))];
    };
    const peakOf = async (seconds: number) => {
      const input = await recording(Array.from({ length: seconds }, (_, i) => second(i)).flat());
      const { summary, peakBytes } = await filter(
        input,
        ["--zones", squareFile({}, 1e5), ...CAMERAS, "--memory", "2"],
        20_000,
      );
      expect(summary.passed).toBeGreaterThan(seconds * 3 - 10);
      return peakBytes;
    };
    const [short, long] = [await peakOf(40), await peakOf(400)];
    // Ten times as long, 10 MB more; a chunk that is being filled comes and goes.
    expect(long).toBeLessThan(short + 2e6);
  });
});
