import { createServer } from "node:net";
import type { Socket } from "node:net";

/** A receiver that sends NMEA over TCP to whoever connects; it can be killed, frozen and made to talk nonsense. */
export interface ReceiverServer extends AsyncDisposable {
  readonly port: number;
  /** What is sent at each turn from now on; null = silence on an open line. */
  say(turn: (() => string | Uint8Array) | null): void;
  /** Closes the line and the port. */
  kill(): Promise<void>;
  restart(): Promise<void>;
}

export async function receiverServer(
  turn: () => string | Uint8Array,
  everyMs = 100,
): Promise<ReceiverServer> {
  const sockets = new Set<Socket>();
  let saying: (() => string | Uint8Array) | null = turn;
  const listen = async (port: number) => {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return server;
  };
  const timer = setInterval(() => {
    if (saying === null) return;
    const bytes = saying();
    for (const socket of sockets) if (socket.writableLength < 1_000_000) socket.write(bytes);
  }, everyMs);
  let server: Awaited<ReturnType<typeof listen>> | null = await listen(0);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const down = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    const closing = server;
    server = null;
    if (closing !== null) await new Promise((resolve) => closing.close(resolve));
  };
  return {
    port,
    say(next) {
      saying = next;
    },
    kill: down,
    async restart() {
      server ??= await listen(port);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await down();
    },
  };
}
