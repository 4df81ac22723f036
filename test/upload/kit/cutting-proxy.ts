import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

export interface CuttingProxy {
  readonly url: string;
  /** Connections cut so far. */
  cuts(): number;
  /** Bytes that clients have sent so far. */
  bytes(): number;
  close(): void;
}

/** Passes bytes on to a port; cuts each connection, both ways at once, after `nextCut()` bytes from the client. */
export async function cuttingProxy(port: () => number, nextCut: () => number): Promise<CuttingProxy> {
  let cuts = 0;
  let bytes = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port(), "127.0.0.1");
    let left = nextCut();
    const cut = (): void => {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", cut);
      socket.on("close", () => open.delete(socket));
    }
    client.on("data", (piece: Buffer) => {
      upstream.write(piece.subarray(0, left));
      left -= piece.length;
      bytes += piece.length;
      if (left > 0) return;
      cuts++;
      cut();
    });
    client.on("end", () => upstream.end());
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    cuts: () => cuts,
    bytes: () => bytes,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
