import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import type { Socket } from "node:dgram";
import { once } from "node:events";
import { renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import {
  NmeaSerialOptions,
  NmeaStdinOptions,
  NmeaTcpOptions,
  NmeaUdpOptions,
  nmeaSerialReceiver,
  nmeaStreamReceiver,
  nmeaTcpReceiver,
  nmeaUdpReceiver,
} from "../../../src/sources/live/nmea-receivers.ts";
import { ReceiverConfig, openReceiver } from "../../../src/sources/live/open-receiver.ts";
import type { Receiver } from "../../../src/sources/live/receiver.ts";
import { tempDir } from "../../kit/cli.ts";
import { freePort } from "../../kit/free-port.ts";
import { background, hasTool, listen, rmcGga, serve, sleep } from "./kit.ts";

const SOON = { epochPauseMs: 20, maxBackOffMs: 50, maxLagMs: 60_000 };
const TALKERS = ["GP", "GN", "BD", "GB", "GL", "GA", "GQ"];

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).toReversed()) await clean();
});

/** Whole seconds: receivers say hundredths. */
const nowMs = () => Math.floor(Date.now() / 1000) * 1000;

function follow(receiver: Receiver) {
  const listening = listen(receiver);
  cleanUp.push(() => listening.stop());
  return { ...listening, receiver };
}

describe("over TCP", () => {
  test.each(TALKERS)("talker %s", async (talker) => {
    const server = await serve();
    cleanUp.push(() => server.close());
    const client = follow(
      nmeaTcpReceiver(NmeaTcpOptions.parse({ host: "127.0.0.1", port: server.port, ...SOON })),
    );
    await client.until("a client", () => server.clients.size > 0);
    const atMs = nowMs();
    for (const i of [3, 2, 1, 0]) server.send(rmcGga(atMs - 1000 * i, talker));
    await client.until("fixes", () => client.fixes().length === 2);
    expect(client.fixes().map(({ timeMs }) => timeMs)).toEqual([atMs - 1000, atMs]);
    expect(client.fixes()[0]?.latDeg).toBeCloseTo(48.1173, 6);
  });

  test("sentences in pieces of a byte, and a simulator's", async () => {
    const server = await serve();
    cleanUp.push(() => server.close());
    const client = follow(
      nmeaTcpReceiver(
        NmeaTcpOptions.parse({ host: "127.0.0.1", port: server.port, ...SOON, epochPauseMs: 2000 }),
      ),
    );
    await client.until("a client", () => server.clients.size > 0);
    const text = [2, 1, 0].map((i) => rmcGga(nowMs() - 1000 * i, "GN", 8)).join("");
    for (const char of text) {
      server.send(char);
      await new Promise(setImmediate);
    }
    await client.until("a fix", () => client.fixes().length === 1);
    expect(client.fixes()[0]?.quality).toBe("simulated");
  });

  test("a link that breaks within a sentence starts anew", async () => {
    const server = await serve();
    cleanUp.push(() => server.close());
    const client = follow(
      nmeaTcpReceiver(NmeaTcpOptions.parse({ host: "127.0.0.1", port: server.port, ...SOON })),
    );
    for (const length of [10, 60, 100]) {
      await client.until("a client", () => server.clients.size > 0);
      server.send(rmcGga(nowMs()).slice(0, length));
      await sleep(30);
      server.cut();
    }
    await client.until("a client", () => server.clients.size > 0);
    for (const i of [2, 1, 0]) server.send(rmcGga(nowMs() - 1000 * i));
    await client.until("a fix", () => client.fixes().length === 1);
    expect(client.receiver.status()).toMatchObject({ restarts: 3, skipped: [] });
  });
});

describe("over UDP", () => {
  const sender = async (): Promise<Socket> => {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    cleanUp.push(() => socket.close());
    return socket;
  };
  const sendTo = (port: number) => async (socket: Socket, text: string) => {
    await new Promise((resolve) => socket.send(text, port, "127.0.0.1", resolve));
    await sleep(5);
  };

  test("one sentence a datagram, with its end or without, from one sender", async () => {
    const port = await freePort();
    const client = follow(nmeaUdpReceiver(NmeaUdpOptions.parse({ port, ...SOON, epochPauseMs: 1500 })));
    const [one, other] = [await sender(), await sender()];
    const send = sendTo(port);
    await sleep(50);
    const atMs = nowMs();
    for (const i of [2, 1, 0]) {
      for (const sentence of rmcGga(atMs - 1000 * i)
        .trimEnd()
        .split("\r\n"))
        await send(one, sentence);
      await send(other, rmcGga(atMs + 5000 * i + 5000));
    }
    await client.until("a fix", () => client.fixes().length === 1);
    expect(client.fixes()[0]).toMatchObject({ timeMs: atMs });
    // Both sentences counted: the RMC alone states no accuracy.
    expect(client.fixes()[0]?.accuracyM).not.toBeNull();
  });

  test("another sender is heard after the first fell silent", async () => {
    const port = await freePort();
    const client = follow(nmeaUdpReceiver(NmeaUdpOptions.parse({ port, ...SOON, silentAfterMs: 200 })));
    const [one, other] = [await sender(), await sender()];
    const send = sendTo(port);
    await sleep(50);
    await send(one, rmcGga(nowMs() - 9000));
    await client.until("silence", () => client.receiver.status().restarts > 0);
    // Within a second of silence the link is opened anew, and then the count of fixes begins anew.
    let timeMs = nowMs() - 50_000;
    for (; client.fixes().length === 0 && timeMs < nowMs() + 50_000; timeMs += 100)
      await send(other, rmcGga(timeMs));
    expect(client.fixes()[0]?.latDeg).toBeCloseTo(48.1173, 6);
  });

  test("a port that is taken is told and tried again", async () => {
    const taken = await sender();
    const { port } = taken.address();
    const client = follow(nmeaUdpReceiver(NmeaUdpOptions.parse({ port, ...SOON })));
    await client.until("refusals", () => client.receiver.status().restarts >= 2);
    expect(client.health.some(({ what }) => what.includes("EADDRINUSE"))).toBe(true);
  });
});

describe("from standard input", () => {
  test("until it ends, which is told", async () => {
    const input = new PassThrough();
    const client = follow(nmeaStreamReceiver(input, NmeaStdinOptions.parse(SOON)));
    for (const i of [2, 1, 0]) input.write(rmcGga(nowMs() - 1000 * i));
    await client.until("a fix", () => client.fixes().length === 1);
    input.end();
    await client.until("the end", () => client.over() === "completed");
    expect(client.receiver.status()).toMatchObject({ state: "ended" });
  });

  test("silence is told, and is no end", async () => {
    const input = new PassThrough();
    const client = follow(
      nmeaStreamReceiver(input, NmeaStdinOptions.parse({ ...SOON, silentAfterMs: 1000 })),
    );
    await client.until("silence", () => client.receiver.status().state === "silent");
    for (const i of [2, 1, 0]) input.write(rmcGga(nowMs() - 1000 * i));
    await client.until("a fix", () => client.fixes().length === 1);
    expect(client.receiver.status()).toMatchObject({ state: "fix", restarts: 0 });
  });

  test("an input that fails ends, and does not throw", async () => {
    const input = new PassThrough();
    const client = follow(nmeaStreamReceiver(input, NmeaStdinOptions.parse(SOON)));
    input.destroy(new Error("torn off"));
    await client.until("the end", () => client.over() === "completed");
    expect(client.receiver.status()).toMatchObject({ state: "ended", what: "torn off" });
  });

  test("of a process", async () => {
    const child = spawn("cat", { timeout: 30_000 });
    cleanUp.push(() => child.kill("SIGKILL"));
    const client = follow(nmeaStreamReceiver(child.stdout, NmeaStdinOptions.parse(SOON)));
    for (const i of [2, 1, 0]) child.stdin.write(rmcGga(nowMs() - 1000 * i));
    await client.until("a fix", () => client.fixes().length === 1);
    expect(client.over()).toBeNull();
  });
});

const hasTerminals = hasTool("stty", "--version") && hasTool("python3", "--version");

describe.skipIf(!hasTerminals)("on a serial line", () => {
  test("set to raw, and opened again when the device comes back", async () => {
    const path = join(tempDir(), "gnss");
    const client = follow(nmeaSerialReceiver(NmeaSerialOptions.parse({ path, baud: 38_400, ...SOON })));
    await client.until("a missing device", () =>
      client.health.some(({ what }) => what.includes("No such file")),
    );
    for (const round of [1, 2]) {
      const line = await terminal(path);
      await client.until("the line", () => client.receiver.status().what.startsWith("opened"));
      await sleep(200);
      // In a terminal's cooked mode these bytes would stop, end or kill: raw ones are only garbage.
      line.write("\u0003\u0004\u0013\u001a\u007f\n");
      for (const i of [2, 1, 0]) line.write(rmcGga(nowMs() - 1000 * i + round * 5000 - 10_000));
      await client.until("a fix", () => client.fixes().length === round);
      await line.unplug();
      await client.until("its loss", () => client.receiver.status().state === "connecting");
    }
    expect(client.over()).toBeNull();
  });

  test("what is no terminal is refused", async () => {
    const client = follow(nmeaSerialReceiver(NmeaSerialOptions.parse({ path: "/dev/null", ...SOON })));
    await client.until("a refusal", () => client.health.some(({ what }) => /serial line: .*null/.test(what)));
    expect(client.reports).toEqual([]);
  });
});

describe("a configuration", () => {
  test.each([
    ["gpsd", {}],
    ["nmea-serial", { path: "/dev/ttyUSB0" }],
    ["nmea-tcp", { host: "127.0.0.1", port: 10_110 }],
    ["nmea-udp", { port: 10_110 }],
    ["nmea-stdin", {}],
  ])("of kind %s opens a receiver", (kind, more) => {
    const receiver = openReceiver(ReceiverConfig.parse({ kind, ...more }), new PassThrough());
    expect(receiver.status()).toMatchObject({ state: "connecting", restarts: 0, lagMs: null });
  });

  test.each([
    [{ kind: "gpsd", port: 0 }],
    [{ kind: "gpsd", prot: 2947 }],
    [{ kind: "nmea-serial", path: "/dev/ttyUSB0", baud: 1234 }],
    [{ kind: "nmea-udp" }],
    [{ kind: "nmea-tcp", host: "", port: 1 }],
    [{ kind: "carrier-pigeon" }],
    [{ kind: "gpsd", silentAfterMs: Number.NaN }],
  ])("%j is refused", (config) => {
    expect(ReceiverConfig.safeParse(config).success).toBe(false);
  });
});

/** A pseudo-terminal: what is written comes out at `path` as from a serial line, until it is unplugged. */
async function terminal(path: string): Promise<{ write(text: string): void; unplug(): Promise<void> }> {
  const script = [
    "import os, pty, sys",
    "master, slave = pty.openpty()",
    "print(os.ttyname(slave), flush=True)",
    "while (data := os.read(0, 4096)): os.write(master, data)",
  ].join("\n");
  const child = background("python3", ["-c", script]);
  cleanUp.push(() => child.stop());
  const [name] = child.stdout === null ? [] : ((await once(child.stdout, "data")) as Buffer[]);
  const link = `${path}.${child.pid}`;
  symlinkSync(String(name).trim(), link);
  renameSync(link, path);
  return { write: (text) => child.stdin?.write(text, "latin1"), unplug: () => child.stop() };
}
