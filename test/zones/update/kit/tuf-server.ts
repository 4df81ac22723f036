import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Named {
  get(name: string): Buffer | undefined;
}
export interface Files {
  readonly files: Named;
  readonly artifacts: Named;
}

/** Takes over an answer; false leaves it to the server. */
export type Hook = (path: string, response: ServerResponse, request: IncomingMessage) => boolean;

export interface TufServer {
  readonly metadataUrl: string;
  readonly targetsUrl: string;
  readonly url: string;
  /** Paths in the order they were asked for, such as `metadata/timestamp.json`. */
  readonly asked: string[];
  /** Names of metadata files. */
  readonly metadataAsked: () => string[];
  /** Bytes that were sent in answers. */
  readonly sent: () => number;
  hook: Hook | null;
  close(): Promise<void>;
}

/** A web server of static files on loopback, with ETags and ranges as common ones have. */
export async function serveTuf(repository: () => Files): Promise<TufServer> {
  const asked: string[] = [];
  let sent = 0;
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").slice(1);
    asked.push(path);
    if (tuf.hook?.(path, response, request) === true) return;
    const { files, artifacts } = repository();
    const bytes = path.startsWith("metadata/")
      ? files.get(path.slice("metadata/".length))
      : artifacts.get(decodeURIComponent(path.slice("targets/".length)));
    sent += answer(request, response, bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const tuf: TufServer = {
    url,
    metadataUrl: `${url}metadata/`,
    targetsUrl: `${url}targets/`,
    asked,
    metadataAsked: () =>
      asked.filter((path) => path.startsWith("metadata/")).map((path) => path.slice("metadata/".length)),
    sent: () => sent,
    hook: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return tuf;
}

function answer(request: IncomingMessage, response: ServerResponse, bytes: Buffer | undefined): number {
  if (bytes === undefined) {
    response.writeHead(404).end("not here");
    return 0;
  }
  const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}"`;
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304).end();
    return 0;
  }
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const rest = bytes.subarray(from);
  const range = from > 0 ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { etag, "content-length": rest.length, ...range }).end(rest);
  return rest.length;
}
