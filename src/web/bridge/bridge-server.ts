import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { isIP } from "node:net";
import { randomUUID } from "node:crypto";
import { WebSocketServer } from "ws";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { Client } from "./client.ts";
import { createClient } from "./client.ts";
import type { Payload, Topic } from "./payloads.ts";
import { STANDING_TOPICS } from "./payloads.ts";
import { SUBPROTOCOLS, advertise, serverInfo } from "./protocol.ts";

export interface BridgeOptions {
  /** @default "127.0.0.1": only this computer */
  readonly host?: string;
  /** 0 = any that is free. */
  readonly port: number;
  /** What may wait for a client; what comes on top of that it misses. @default 16 MiB */
  readonly maxWaitingBytes?: number;
  /** Called when a viewer has come. */
  readonly onClient?: () => void;
}

/** A server of the Foxglove WebSocket protocol. It gives out what it is given, and takes nothing in. */
export interface BridgeServer {
  readonly port: number;
  publish(payload: Payload): void;
  /** Whether anybody is there to see it. */
  isWatched(): boolean;
  /** The clock that viewers show. */
  tellTime(timeMs: number): void;
  /** Messages that clients were too slow for. */
  missed(): number;
  close(): Promise<void>;
}

const MAX_CLIENTS = 16;
/** Subscriptions are all that clients say. */
const MAX_REQUEST_BYTES = 256 * 1024;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** Throws CamfenceError `usage` where it cannot listen. */
export async function openBridgeServer(options: BridgeOptions): Promise<BridgeServer> {
  const { host = "127.0.0.1", port, maxWaitingBytes = MAX_WAITING_BYTES } = options;
  const server = new WebSocketServer({
    host,
    port,
    maxPayload: MAX_REQUEST_BYTES,
    perMessageDeflate: false,
    verifyClient: ({ req }: { req: IncomingMessage }) => isWelcome(req, host),
    handleProtocols: (offered) => SUBPROTOCOLS.find((name) => offered.has(name)) ?? false,
  });
  await listening(server, host, port);
  const clients = new Set<Client>();
  const channels = createChannels();
  const sessionId = randomUUID();
  let missedByThoseGone = 0;

  server.on("connection", (socket) => {
    // The protocol has servers refuse clients that do not speak it.
    if (socket.protocol === "")
      return socket.close(1002, `expected subprotocol ${SUBPROTOCOLS.join(" or ")}`);
    if (clients.size >= MAX_CLIENTS) return socket.close(1013, `${MAX_CLIENTS} viewers are connected`);
    const client = createClient(socket, maxWaitingBytes);
    clients.add(client);
    socket.on("close", () => {
      clients.delete(client);
      missedByThoseGone += client.missed();
    });
    client.tell(serverInfo(sessionId));
    client.tell(advertise(channels.all()));
    return options.onClient?.();
  });

  return {
    port: (server.address() as AddressInfo).port,
    publish(payload) {
      const { id, isNew } = channels.idOf(payload.topic);
      if (isNew) for (const client of clients) client.tell(advertise(channels.all().slice(-1)));
      for (const client of clients) client.send(id, payload);
    },
    isWatched: () => clients.size > 0,
    tellTime(timeMs) {
      for (const client of clients) client.tellTime(timeMs);
    },
    missed: () => [...clients].reduce((sum, client) => sum + client.missed(), missedByThoseGone),
    async close() {
      for (const client of clients) client.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const giveUp = setTimeout(() => server.clients.forEach((socket) => socket.terminate()), CLOSE_MS);
      await closed;
      clearTimeout(giveUp);
    },
  };
}

/** How long a client may take to say goodbye. */
const CLOSE_MS = 1000;

/** On loopback, a page whose name was made to point here must not get in: the name that it asked for tells. */
function isWelcome({ headers }: IncomingMessage, host: string): boolean {
  if (!/^(?:127\.|::1$|localhost$)/.test(host)) return true;
  const asked = (headers.host ?? "").replace(/:\d+$/, "").replaceAll(/[[\]]/g, "");
  return asked === "localhost" || isIP(asked) > 0;
}

function listening(server: WebSocketServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", (cause) => {
      reject(new CamfenceError("usage", `cannot listen on ${host}:${port}: ${messageOf(cause)}`, { cause }));
    });
  });
}

function createChannels() {
  const ids = new Map<Topic, number>();
  const add = (topic: Topic): number => {
    ids.set(topic, ids.size + 1);
    return ids.size;
  };
  STANDING_TOPICS.forEach(add);
  return {
    idOf(topic: Topic): { readonly id: number; readonly isNew: boolean } {
      const known = ids.get(topic);
      return known === undefined ? { id: add(topic), isNew: true } : { id: known, isNew: false };
    },
    all: () => [...ids].map(([topic, id]) => ({ id, ...topic })),
  };
}
