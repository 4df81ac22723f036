import { killableServer } from "./killable-server.ts";

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
  const { port, sockets, kill, restart } = await killableServer();
  let saying: (() => string | Uint8Array) | null = turn;
  const timer = setInterval(() => {
    if (saying === null) return;
    const bytes = saying();
    for (const socket of sockets) if (socket.writableLength < 1_000_000) socket.write(bytes);
  }, everyMs);
  return {
    port,
    say(next) {
      saying = next;
    },
    kill,
    restart,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await kill();
    },
  };
}
