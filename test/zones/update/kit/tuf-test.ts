import { afterEach } from "vitest";
import { TufClient } from "./tuf-client.ts";
import { TufRepository } from "./tuf-repository.ts";
import type { TufServer } from "./tuf-server.ts";
import { serveTuf } from "./tuf-server.ts";

const open: TufServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A repository, its server, and a client that was given its first root; all of one test. */
export async function begin(repo = new TufRepository()) {
  const server = await serveTuf(() => repo);
  open.push(server);
  const client = new TufClient(server);
  if ((await client.init(repo.files.get("1.root.json"))) !== 0) throw new Error(client.said);
  return { repo, server, client };
}
