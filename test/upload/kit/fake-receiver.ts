import { RECIPIENT } from "../../kit/buffer.ts";
import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { formatPublicKey } from "../../../src/upload/keys.ts";
import { signReceipt } from "../../../src/upload/receipt.ts";
import type { Claim } from "../../../src/upload/receipt.ts";
import type { Segment } from "../../../src/buffer/segment-store.ts";

/** Answers a request in place of the default; undefined leaves it to the default. */
export type Answering = (
  request: IncomingMessage,
  response: ServerResponse,
) => true | undefined | Promise<true | undefined>;

export interface FakeReceiver {
  readonly url: string;
  readonly receiptKey: string;
  /** `METHOD /path` of each request. */
  readonly requests: readonly string[];
  config(rest?: Record<string, unknown>): Record<string, unknown>;
  close(): void;
}

/** A receiver that takes one segment by the book, save where `answering` does otherwise. */
export async function fakeReceiver(
  segment: () => Segment,
  answering: Answering = () => undefined,
): Promise<FakeReceiver> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const requests: string[] = [];
  let offset = 0;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    void (async () => {
      if ((await answering(request, response)) === true) return;
      for await (const piece of request as AsyncIterable<Buffer>) offset += piece.length;
      byTheBook(request, response, { offset, segment: segment(), key: privateKey });
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const receiptKey = formatPublicKey(privateKey);
  return {
    url,
    receiptKey,
    requests,
    config: (rest = {}) => ({ id: "cn", endpoint: url, recipient: RECIPIENT, receiptKey, ...rest }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface State {
  readonly offset: number;
  readonly segment: Segment;
  readonly key: KeyObject;
}

function byTheBook(
  { method }: IncomingMessage,
  response: ServerResponse,
  { offset, segment, key }: State,
): void {
  const length = { "Upload-Offset": String(offset), "Upload-Length": String(segment.bytes) };
  if (method === "POST") response.writeHead(201, { Location: "segments/abc" }).end();
  else if (method === "HEAD") response.writeHead(200, length).end();
  else if (method === "PATCH") response.writeHead(204, length).end();
  else response.end(receiptText(segment, key));
}

/** A receipt as a receiver of region cn would give it. */
export function receiptText(segment: Segment, key: KeyObject, change: Partial<Claim> = {}): string {
  const { id, sha256, bytes } = segment;
  return JSON.stringify(
    signReceipt({ id, sha256, bytes, region: "cn", ...change }, "2026-03-01T08:00:00.000Z", key),
  );
}
