import type { Advertise, Channel, ServerInfo } from "@foxglove/ws-protocol";
import * as z from "zod";

/**
 * The Foxglove WebSocket protocol (https://github.com/foxglove/ws-protocol/blob/main/docs/spec.md), as far as a server
 * of messages needs it. Foxglove's own SDK speaks the same under a newer name.
 */
export const SUBPROTOCOLS = ["foxglove.sdk.v1", "foxglove.websocket.v1"] as const;

/** What a client may ask for; other operations are not offered. */
const Subscribe = z.object({
  op: z.literal("subscribe"),
  subscriptions: z
    .array(z.object({ id: z.int().min(0).max(0xffff_ffff), channelId: z.int().nonnegative() }))
    .max(1000),
});
const Unsubscribe = z.object({
  op: z.literal("unsubscribe"),
  subscriptionIds: z.array(z.int().min(0).max(0xffff_ffff)).max(1000),
});
const Request = z.discriminatedUnion("op", [Subscribe, Unsubscribe]);
export type Request = z.infer<typeof Request>;

/** A client's request; null for anything else. */
export function readRequest(text: string): Request | null {
  try {
    const parsed = Request.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // No JSON: the caller tells the client.
  }
}

export function serverInfo(sessionId: string): string {
  const info: ServerInfo = {
    op: "serverInfo",
    name: "camfence: released frames",
    capabilities: ["time"],
    supportedEncodings: [],
    metadata: {},
    sessionId,
  };
  return JSON.stringify(info);
}

export function advertise(channels: readonly Channel[]): string {
  const message: Advertise = { op: "advertise", channels: [...channels] };
  return JSON.stringify(message);
}

export function warning(message: string): string {
  return JSON.stringify({ op: "status", level: 1, message });
}

const MESSAGE_DATA = 1;
const TIME = 2;

/** Bytes of a message before its data: operation, subscription, time. */
export function messageHead(subscriptionId: number, timeMs: number): Buffer {
  const head = Buffer.alloc(1 + 4 + 8);
  head[0] = MESSAGE_DATA;
  head.writeUInt32LE(subscriptionId, 1);
  head.writeBigUInt64LE(nanosecondsOf(timeMs), 5);
  return head;
}

export function timeMessage(timeMs: number): Buffer {
  const message = Buffer.alloc(1 + 8);
  message[0] = TIME;
  message.writeBigUInt64LE(nanosecondsOf(timeMs), 1);
  return message;
}

function nanosecondsOf(timeMs: number): bigint {
  return timeMs > 0 && timeMs < 2 ** 53 ? BigInt(Math.round(timeMs * 1000)) * 1000n : 0n;
}
