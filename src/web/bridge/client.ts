import type { WebSocket } from "ws";
import type { Payload } from "./payloads.ts";
import { messageHead, readRequest, timeMessage, warning } from "./protocol.ts";

/** One viewer: what it wants to see, and how much of it it has not taken yet. */
export interface Client {
  /** Sends the message where it is subscribed to, unless too much waits: then this client misses it. */
  send(channelId: number, payload: Payload): void;
  tellTime(timeMs: number): void;
  tell(text: string): void;
  /** Messages it missed. */
  missed(): number;
  close(): void;
}

/** Subscriptions a client may hold. */
const MAX_SUBSCRIPTIONS = 1000;

export function createClient(socket: WebSocket, maxWaitingBytes: number): Client {
  const subscriptions = new Map<number, number>();
  let missed = 0;

  const tell = (text: string): void => {
    // A client that does not read what it is told is no client.
    if (socket.bufferedAmount > 2 * maxWaitingBytes) socket.terminate();
    else socket.send(text);
  };

  function take(text: string): void {
    const request = readRequest(text);
    if (request === null) return tell(warning("only subscribe and unsubscribe are understood"));
    if (request.op === "unsubscribe")
      return request.subscriptionIds.forEach((id) => subscriptions.delete(id));
    for (const { id, channelId } of request.subscriptions) subscriptions.set(id, channelId);
    if (subscriptions.size > MAX_SUBSCRIPTIONS) socket.close(1008, "too many subscriptions");
  }

  socket.on("message", (data, isBinary) => {
    if (isBinary) tell(warning("messages to the server are not taken"));
    else take(textOf(data));
  });
  // An error closes the socket, which is all there is to do about it.
  socket.on("error", () => socket.terminate());

  return {
    send(channelId, { timeMs, data }) {
      for (const [id, wanted] of subscriptions) {
        if (wanted !== channelId) continue;
        if (socket.bufferedAmount + data.length > maxWaitingBytes) missed++;
        else socket.send(Buffer.concat([messageHead(id, timeMs), data]));
      }
    },
    tellTime(timeMs) {
      if (socket.bufferedAmount < maxWaitingBytes) socket.send(timeMessage(timeMs));
    },
    tell,
    missed: () => missed,
    close: () => socket.close(1001, "the server ends"),
  };
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return Buffer.from(data as Buffer).toString("utf8");
}
