import { connect } from "node:net";
import type { Observable, SchedulerLike } from "rxjs";
import { asyncScheduler, defer } from "rxjs";
import { readableBytes } from "./readable-bytes.ts";

const CONNECT_TIMEOUT_MS = 5000;

export interface TcpOptions {
  readonly host: string;
  readonly port: number;
  readonly maxBytesPerS: number;
  /** Sent when the connection stands. */
  readonly hello?: string;
}

/** Connects at subscription. Fails when it cannot within 5 s or the connection breaks; completes at its end. */
export function tcpBytes(
  { host, port, maxBytesPerS, hello }: TcpOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<Uint8Array> {
  return defer(() => {
    const socket = connect({ host, port });
    socket.setTimeout(CONNECT_TIMEOUT_MS, () =>
      socket.destroy(new Error(`no connection within ${CONNECT_TIMEOUT_MS} ms`)),
    );
    socket.once("connect", () => {
      // From here on the receiver's own silence counts.
      socket.setTimeout(0);
      if (hello !== undefined) socket.write(hello);
    });
    return readableBytes(socket, maxBytesPerS, scheduler);
  });
}
