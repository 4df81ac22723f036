import { createServer } from "node:net";
import type { Socket } from "node:net";

/** A TCP port on loopback that can be closed with all its lines, and opened again. */
export interface KillableServer {
  readonly port: number;
  /** The open lines. */
  readonly sockets: ReadonlySet<Socket>;
  readonly kill: () => Promise<void>;
  readonly restart: () => Promise<void>;
}

export async function killableServer(): Promise<KillableServer> {
  const sockets = new Set<Socket>();
  const listen = async (port: number) => {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return server;
  };
  let server: Awaited<ReturnType<typeof listen>> | null = await listen(0);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    port,
    sockets,
    async kill() {
      for (const socket of sockets) socket.destroy();
      const closing = server;
      server = null;
      if (closing !== null) await new Promise((resolve) => closing.close(resolve));
    },
    async restart() {
      server ??= await listen(port);
    },
  };
}
