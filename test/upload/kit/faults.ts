import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach } from "vitest";
import { cuttingProxy } from "./cutting-proxy.ts";
import { sealSegment } from "./data-centre.ts";
import type { DataCentre } from "./data-centre.ts";
import { start, startIngest } from "./processes.ts";

export const SLOW = process.env["SLOW"] === "1";
const open: (() => unknown)[] = [];
/** Ends what a test started. */
export const atEnd = (close: () => unknown): void => void open.push(close);
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

export async function ingestOf(centre: DataCentre, args: readonly string[] = []) {
  const ingest = await startIngest([...centre.args, "--dir", centre.archive, ...args]);
  open.push(() => ingest.end("SIGKILL"));
  return ingest;
}

export async function uploaderOf(
  folder: string,
  regions: readonly unknown[],
  options: Record<string, unknown> = {},
) {
  const uploader = await start("uploader", [JSON.stringify({ folder, regions, ...options })]);
  open.push(() => uploader.end("SIGKILL"));
  return uploader;
}

export async function proxyTo(port: () => number, nextCut: () => number = () => Infinity) {
  const proxy = await cuttingProxy(port, nextCut);
  open.push(() => proxy.close());
  return proxy;
}

export const MIB = 1024 * 1024;

/** Resolves when that much of the one upload under way is on the receiver's disk. */
export async function untilIncoming(centre: DataCentre, bytes: number): Promise<string> {
  for (;;) {
    const [name] = centre.incoming().filter((each) => !each.endsWith(".json"));
    if (name !== undefined && statSync(join(centre.archive, "incoming", name)).size >= bytes) return name;
    await sleep(5);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export const sent = (line: Record<string, unknown>): boolean => line["kind"] === "sent";

export async function sealed(centre: DataCentre, id: string, bytes: number): Promise<Buffer> {
  return sealSegment({ id, region: centre.region, bytes }, centre.recipient);
}
