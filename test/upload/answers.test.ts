import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { formatPublicKey } from "../../src/upload/keys.ts";
import { obstacleOf } from "../../src/upload/outcome.ts";
import type { UploadOutcome } from "../../src/upload/outcome.ts";
import { fakeReceiver, receiptText } from "./kit/fake-receiver.ts";
import type { Answering, FakeReceiver } from "./kit/fake-receiver.ts";
import { createVehicle, kindsOf } from "./kit/uploading.ts";
import type { Vehicle } from "./kit/uploading.ts";

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((each) => each.close()));

async function attempt(answering: Answering, rest: Record<string, unknown> = {}) {
  const vehicle = createVehicle();
  const segment = vehicle.put("a", randomBytes(100_000));
  const receiver = await fakeReceiver(() => segment, answering);
  open.push(receiver);
  const outcomes = await vehicle.upload([receiver.config(rest)], () => true, { silenceMs: 300 });
  return { vehicle, receiver, outcome: outcomes[0] as UploadOutcome, short: kindsOf(outcomes)[0] };
}

const answer =
  (method: string, status: number, body = "no"): Answering =>
  (request, response) => {
    if (request.method !== method) return undefined;
    response
      .writeHead(status, status >= 300 && status < 400 ? { Location: "/segments/other" } : {})
      .end(body);
    return true;
  };

const ENDINGS = [
  ["POST", 401, "refused no-access", "endpoint"],
  ["POST", 403, "refused forbidden", "endpoint"],
  ["POST", 409, "refused taken", "segment"],
  ["POST", 412, "refused protocol", "segment"],
  ["POST", 413, "refused too-large", "segment"],
  ["POST", 421, "wrong-region", "segment"],
  ["POST", 307, "refused redirect", "endpoint"],
  ["POST", 308, "refused redirect", "endpoint"],
  ["POST", 302, "refused redirect", "endpoint"],
  ["POST", 429, "retry-later busy", "endpoint"],
  ["POST", 500, "retry-later receiver-fault", "endpoint"],
  ["POST", 502, "retry-later receiver-fault", "endpoint"],
  ["POST", 503, "retry-later busy", "endpoint"],
  ["POST", 507, "retry-later receiver-full", "endpoint"],
  ["POST", 200, "refused protocol", "segment"],
  ["PATCH", 401, "refused no-access", "endpoint"],
  ["PATCH", 403, "refused forbidden", "endpoint"],
  ["PATCH", 404, "retry-later upload-lost", "endpoint"],
  ["PATCH", 410, "retry-later upload-lost", "endpoint"],
  ["PATCH", 408, "retry-later busy", "endpoint"],
  ["PATCH", 409, "retry-later conflict", "endpoint"],
  ["PATCH", 412, "refused protocol", "segment"],
  ["PATCH", 413, "refused too-large", "segment"],
  ["PATCH", 422, "refused unopenable", "segment"],
  ["PATCH", 423, "retry-later locked", "endpoint"],
  ["PATCH", 460, "wrong-hash", "segment"],
  ["PATCH", 507, "retry-later receiver-full", "endpoint"],
  ["PATCH", 307, "refused redirect", "endpoint"],
  ["GET", 200, "invalid-receipt unreadable", "endpoint"],
  ["GET", 404, "invalid-receipt absent", "endpoint"],
  ["GET", 401, "refused no-access", "endpoint"],
  ["GET", 302, "refused redirect", "endpoint"],
  ["GET", 500, "retry-later receiver-fault", "endpoint"],
] as const;

test.each(ENDINGS)(
  "%s answered %i is %s, and the segment stays",
  async (method, status, expected, obstacle) => {
    const { vehicle, receiver, outcome, short } = await attempt(answer(method, status));
    expect(short).toBe(`a ${expected}`);
    expect(obstacleOf(outcome)).toBe(obstacle);
    expect(vehicle.ids()).toEqual(["a"]);
    expect(receiver.requests.some((request) => request.includes("other"))).toBe(false);
  },
);

test("what a receiver says is kept short and printable", async () => {
  const { outcome } = await attempt(answer("POST", 500, `\u001B[2J${"x".repeat(1000)}`));
  expect(outcome).toMatchObject({ detail: `POST was answered 500: [2J${"x".repeat(196)}` });
});

describe("the question how far an upload is", () => {
  // The tus client alone begins a new upload on all of these.
  test.each([
    [401, "a refused no-access"],
    [403, "a refused forbidden"],
    [307, "a refused redirect"],
    [423, "a retry-later locked"],
    [500, "a retry-later receiver-fault"],
    [503, "a retry-later busy"],
  ])("answered %i does not begin it anew", async (status, expected) => {
    const { vehicle, receiver, second } = await cutThenAsk((response) => response.writeHead(status).end());
    expect(kindsOf(second)).toEqual([expected]);
    expect(receiver.requests.filter((request) => request.startsWith("POST"))).toHaveLength(1);
    expect(vehicle.ids()).toEqual(["a"]);
  });

  test.each([404, 410])("answered %i begins it anew", async (status) => {
    const { receiver, second, vehicle } = await cutThenAsk((response) => response.writeHead(status).end());
    expect(kindsOf(second)).toEqual(["a sent"]);
    expect(receiver.requests.filter((request) => request.startsWith("POST"))).toHaveLength(2);
    expect(vehicle.ids()).toEqual([]);
  });

  test("answered with more bytes than there are is refused", async () => {
    const { second } = await cutThenAsk((response) =>
      response.writeHead(200, { "Upload-Offset": "100001", "Upload-Length": "100000" }).end(),
    );
    expect(kindsOf(second)).toEqual(["a refused protocol"]);
  });
});

/** The first PATCH fails; what the next attempt's HEAD is answered with is given. */
async function cutThenAsk(head: (response: Parameters<Answering>[1]) => unknown) {
  const vehicle = createVehicle();
  const segment = vehicle.put("a", randomBytes(100_000));
  let isFirst = true;
  const receiver = await fakeReceiver(
    () => segment,
    (request, response) => {
      if (request.method === "PATCH" && isFirst) {
        isFirst = false;
        request.socket.resetAndDestroy();
        return true;
      }
      if (request.method !== "HEAD") return undefined;
      head(response);
      return true;
    },
  );
  open.push(receiver);
  const first = await vehicle.upload([receiver.config()], () => true);
  expect(kindsOf(first)).toEqual(["a retry-later cut"]);
  const second = await vehicle.upload([receiver.config()], () => true);
  return { vehicle, receiver, second };
}

describe("a receipt lets a segment go only when", () => {
  const stranger = generateKeyPairSync("ed25519").privateKey;
  test("it is signed by the region's key", async () => {
    const { short, vehicle } = await receiptAttempt((each) => receiptText(only(each), stranger));
    expect(short).toBe("a invalid-receipt wrong-signature");
    expect(vehicle.ids()).toEqual(["a"]);
  });
  test.each([
    ["hash", { sha256: "0".repeat(64) }],
    ["size", { bytes: 99_999 }],
    ["region", { region: "eu" }],
    ["id", { id: "b" }],
  ])("its %s is the segment's", async (_name, change) => {
    // Signed by a key that the vehicle trusts: that alone is not enough.
    const { short, vehicle } = await receiptAttempt(
      (each) => receiptText(only(each), stranger, change),
      stranger,
    );
    expect(short).toBe("a invalid-receipt another-claim");
    expect(vehicle.ids()).toEqual(["a"]);
  });
  test("it came with all of its fields and no more", async () => {
    const grown = (vehicle: Vehicle): string =>
      JSON.stringify({ ...(JSON.parse(receiptText(only(vehicle), stranger)) as object), more: 1 });
    const { short } = await receiptAttempt(grown, stranger);
    expect(short).toBe("a invalid-receipt unreadable");
  });
});

async function receiptAttempt(text: (vehicle: Vehicle) => string, trusted?: KeyObject) {
  const vehicle = createVehicle();
  const segment = vehicle.put("a", randomBytes(1000));
  const receiver: FakeReceiver = await fakeReceiver(
    () => segment,
    (request, response) => {
      if (request.method !== "GET") return undefined;
      response.end(text(vehicle));
      return true;
    },
  );
  open.push(receiver);
  const config = receiver.config(trusted === undefined ? {} : { receiptKey: formatPublicKey(trusted) });
  const outcomes = await vehicle.upload([config], () => true);
  return { vehicle, short: kindsOf(outcomes)[0] };
}

function only(vehicle: Vehicle) {
  const [segment] = vehicle.store.list();
  if (segment === undefined) throw new Error("the segment is gone");
  return segment;
}

describe("a receiver that is", () => {
  test("not there is tried again later", async () => {
    const { port, close } = await listening(() => {});
    close();
    expect(await shortOf(port)).toBe("a retry-later unreachable");
  });
  test("there but silent runs out of time", async () => {
    const { port } = await listening(() => {});
    expect(await shortOf(port)).toBe("a retry-later timed-out");
  });
  test("silent after the first bytes of its answer runs out of time", async () => {
    const { port } = await listening((socket) => {
      socket.write("HTTP/1.1 201 Created\r\nLocation: segments/abc\r\nContent-Length: 10000\r\n\r\n");
      const drip = setInterval(() => socket.write("x"), 20);
      socket.on("close", () => clearInterval(drip));
    });
    expect(await shortOf(port)).toBe("a retry-later timed-out");
  });
  test("resetting connections is tried again later", async () => {
    const { port } = await listening((socket) => socket.resetAndDestroy());
    expect(await shortOf(port)).toBe("a retry-later cut");
  });
  test("no HTTP server is refused", async () => {
    const { port } = await listening((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    expect(await shortOf(port)).toBe("a refused protocol");
  });
  test("talking without end is refused", async () => {
    const { short } = await attempt(answer("POST", 500, "x".repeat(70_000)));
    expect(short).toBe("a refused protocol");
  });
});

async function listening(onSocket: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", () => onSocket(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => void server.close();
  open.push({ close });
  return { port: (server.address() as AddressInfo).port, close };
}

async function shortOf(port: number) {
  const vehicle = createVehicle();
  const segment = vehicle.put("a", randomBytes(1000));
  const receiver = await fakeReceiver(() => segment);
  open.push(receiver);
  const config = receiver.config({ endpoint: `http://127.0.0.1:${port}/` });
  const outcomes = await vehicle.upload([config], () => true, { silenceMs: 300 });
  expect(vehicle.ids()).toEqual(["a"]);
  return kindsOf(outcomes)[0];
}
