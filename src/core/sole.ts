import { platform } from "node:os";
import { createHash } from "node:crypto";
import { rm, stat } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { Server } from "node:net";

/** Held until released, or until the process ends in any way. */
export interface Sole {
  readonly kind: "sole";
  release(): Promise<void>;
}

/**
 * Makes this process the only one that uses a folder for a purpose. The lock is a socket in Linux's abstract namespace,
 * named after the folder's device and inode: the kernel gives it to one and takes it back when the process ends, so
 * that a crash leaves nothing to clean up and nobody has to judge whether a lock file is stale. Elsewhere it is a
 * socket in the folder, and a dead one is taken over. Rejects when the folder is not there.
 */
export async function becomeSole(
  folder: string,
  purpose: string,
): Promise<Sole | { readonly kind: "another" }> {
  const { dev, ino } = await stat(folder, { bigint: true });
  const name = createHash("sha256").update(`camfence ${purpose} ${dev} ${ino}`).digest("hex").slice(0, 32);
  const server =
    platform() === "linux" ? await listenAt(`\0${name}`) : await listenInFolder(`${folder}/.${purpose}.lock`);
  if (server === null) return { kind: "another" };
  server.unref();
  return { kind: "sole", release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** A server at the address, or null when another has it. */
function listenAt(path: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(null) : reject(error),
    );
    server.listen({ path }, () => resolve(server));
  });
}

async function listenInFolder(path: string): Promise<Server | null> {
  const server = await listenAt(path);
  if (server !== null || (await answers(path))) return server;
  await rm(path, { force: true });
  return listenAt(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path }, () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => socket.destroy());
  });
}
