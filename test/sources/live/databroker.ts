import type { ServerWritableStream, ServiceDefinition } from "@grpc/grpc-js";
import { Server, ServerCredentials, loadPackageDefinition, status } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

type Subscriber = ServerWritableStream<{ readonly signal_paths: readonly string[] }, unknown>;

/** A leaf's value, and how many milliseconds (to the nanosecond) after the update's time it is stamped. */
export type Leaf = readonly [value: number | string | null, afterMs?: number];

export interface Databroker {
  readonly port: number;
  readonly subscribers: ReadonlySet<Subscriber>;
  readonly asked: () => readonly string[];
  readonly tokens: readonly string[];
  /** Tells the subscribers of one update, short names below Vehicle.CurrentLocation; `Speed` is Vehicle.Speed. */
  tell(atMs: number, leaves: Readonly<Record<string, Leaf>>): void;
  /** Writes any message. */
  write(message: unknown): void;
  cut(): void;
  close(): void;
}

const ALL = ["Latitude", "Longitude", "Timestamp", "Heading", "HorizontalAccuracy", "GNSSReceiver.FixType"];

/** A databroker after its published proto; refuses unknown leaves as the real one does. */
export async function databroker(port = 0, leaves: readonly string[] = ALL): Promise<Databroker> {
  const known = new Set([...leaves.map(pathOf), "Vehicle.Speed"]);
  const subscribers = new Set<Subscriber>();
  const tokens: string[] = [];
  let asked: readonly string[] = [];
  const server = new Server();
  server.addService(service(), {
    ListMetadata(call: { request: { root: string } }, done: (error: null, answer: unknown) => void) {
      const metadata = [...known]
        .filter((path) => path.startsWith(call.request.root))
        .map((path) => ({ path }));
      done(null, { metadata });
    },
    Subscribe(call: Subscriber) {
      asked = call.request.signal_paths;
      tokens.push(...call.metadata.get("authorization").map(String));
      if (asked.some((path) => !known.has(path))) {
        call.emit("error", { code: status.NOT_FOUND, details: "Path not found" });
        return;
      }
      subscribers.add(call);
      call.on("cancelled", () => subscribers.delete(call));
    },
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, found) =>
      error === null ? resolve(found) : reject(error),
    );
  });
  const write = (message: unknown) => subscribers.forEach((call) => call.write(message));
  return {
    port: bound,
    subscribers,
    asked: () => asked,
    tokens,
    write,
    tell: (atMs, update) => write({ entries: entriesOf(atMs, update) }),
    cut() {
      for (const call of subscribers) call.emit("error", { code: status.UNAVAILABLE, details: "going away" });
      subscribers.clear();
    },
    close: () => server.forceShutdown(),
  };
}

export function pathOf(leaf: string): string {
  return leaf === "Speed" ? "Vehicle.Speed" : `Vehicle.CurrentLocation.${leaf}`;
}

function entriesOf(atMs: number, update: Readonly<Record<string, Leaf>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(update).map(([leaf, [value, afterMs = 0]]) => {
      const nanos = BigInt(atMs) * 1_000_000n + BigInt(Math.round(afterMs * 1e6));
      const timestamp = { seconds: String(nanos / 1_000_000_000n), nanos: Number(nanos % 1_000_000_000n) };
      return [pathOf(leaf), { timestamp, ...(value === null ? {} : { value: typed(leaf, value) }) }];
    }),
  );
}

/** As VSS has them: latitude and longitude are doubles, the other numbers floats. */
function typed(leaf: string, value: number | string): Record<string, unknown> {
  if (typeof value === "string") return { string: value };
  return leaf.endsWith("itude") ? { double: value } : { float: value };
}

function service(): ServiceDefinition {
  const definition = loadSync("test/sources/live/kuksa-val-v2.proto", { keepCase: true });
  const loaded = loadPackageDefinition(definition) as unknown as {
    kuksa: { val: { v2: { VAL: { service: ServiceDefinition } } } };
  };
  return loaded.kuksa.val.v2.VAL.service;
}
