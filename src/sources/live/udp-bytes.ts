import { createSocket } from "node:dgram";
import type { RemoteInfo } from "node:dgram";
import type { SchedulerLike } from "rxjs";
import { Observable, asyncScheduler } from "rxjs";

export interface UdpOptions {
  /** Where to listen. */
  readonly host: string;
  readonly port: number;
  readonly maxBytesPerS: number;
}

/**
 * The datagrams of the first sender that speaks; those of others are thrown away, and so is what is over
 * `maxBytesPerS`. Fails when the port cannot be had.
 */
export function udpBytes(
  { host, port, maxBytesPerS }: UdpOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<Uint8Array> {
  return new Observable((subscriber) => {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    let sender: string | undefined;
    let [secondMs, leftBytes] = [-Infinity, 0];
    const read = (data: Uint8Array, from: RemoteInfo): void => {
      sender ??= `${from.address} ${from.port}`;
      if (sender !== `${from.address} ${from.port}`) return;
      const nowMs = scheduler.now();
      if (!(nowMs >= secondMs && nowMs < secondMs + 1000)) [secondMs, leftBytes] = [nowMs, maxBytesPerS];
      leftBytes -= data.length;
      if (leftBytes >= 0) subscriber.next(withLineEnd(data));
    };
    socket.on("message", read).on("error", (error) => subscriber.error(error));
    socket.bind({ address: host, port });
    return () => {
      socket.off("message", read);
      socket.close();
    };
  });
}

/** Some senders put one sentence in a datagram and leave its end out: two must not become one line. */
function withLineEnd(data: Uint8Array): Uint8Array {
  const star = data.at(-3);
  return star === STAR ? Buffer.concat([data, LINE_END]) : data;
}

const STAR = 0x2a;
const LINE_END = Buffer.from("\n");
