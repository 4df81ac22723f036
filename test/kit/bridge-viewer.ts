import { once } from "node:events";
import { FoxgloveClient } from "@foxglove/ws-protocol";
import type { Channel } from "@foxglove/ws-protocol";
import { WebSocket } from "ws";

export interface Seen {
  readonly topic: string;
  readonly timeMs: number;
  readonly data: Uint8Array;
}

/** The client of the protocol's makers, subscribed to everything that is announced. */
export function bridgeViewer(url: string) {
  const socket = new WebSocket(url, [FoxgloveClient.SUPPORTED_SUBPROTOCOL]);
  const client = new FoxgloveClient({
    ws: socket as unknown as ConstructorParameters<typeof FoxgloveClient>[0]["ws"],
  });
  const [seen, times]: [Seen[], bigint[]] = [[], []];
  const channels = new Map<number, Channel>();
  client.on("advertise", (announced) => {
    for (const channel of announced) channels.set(client.subscribe(channel.id), channel);
  });
  client.on("message", ({ subscriptionId, timestamp, data }) => {
    const { topic = "" } = channels.get(subscriptionId) ?? {};
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    seen.push({ topic, timeMs: Number(timestamp / 1_000_000n), data: new Uint8Array(bytes) });
  });
  client.on("time", ({ timestamp }) => times.push(timestamp));
  return {
    seen,
    times,
    channels,
    of: (topic: string) => seen.filter((each) => each.topic === topic),
    /** Resolves when all that was said before it is heard, both ways: a pong comes after it. */
    async settled(): Promise<void> {
      const answered = once(socket, "pong");
      socket.ping();
      await answered;
    },
    close: () => client.close(),
  };
}

export const asJson = ({ data }: Seen) =>
  JSON.parse(Buffer.from(data).toString("utf8")) as Record<string, unknown>;
