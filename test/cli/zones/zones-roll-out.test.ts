import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../../src/cli/zones.ts";
import { inProcess, tempDir } from "../../kit/cli.ts";
import { hasSharedData } from "../../kit/shared-data.ts";

const EUROPE = ["../shared/data/zones/eur_military.geojson", "--datum", "wgs84", "--category", "military"];
const folder = tempDir();
const at = (...names: readonly string[]) => join(folder, ...names);

async function zones(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await inProcess(run, ...args);
  expect([args.join(" "), code, stderr]).toEqual([args.join(" "), 0, expect.any(String)]);
  return stdout;
}

/** Static files, as any web server gives them. */
function serve(root: string): Promise<Server> {
  const server = createServer(({ url = "/" }, response) => {
    const path = join(root, decodeURIComponent(new URL(url, "http://localhost").pathname));
    if (path.startsWith(root) && existsSync(path)) createReadStream(path).pipe(response);
    else response.writeHead(404).end();
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

describe.skipIf(!hasSharedData)(
  "Europe's 20,532 military areas (skipped where ../shared/data is absent)",
  () => {
    let server: Server;
    beforeAll(async () => {
      server = await serve(at("repo"));
    });
    afterAll(() => server.close());

    it("go from a map's export to what is in force in a vehicle: convert, check, build, publish, update", async () => {
      await zones("convert", ...EUROPE, "--out", at("europe.geojson"));
      expect(await zones("check", at("europe.geojson"))).toMatch(/^ok: 19384 zones/);
      await zones("build", at("europe.geojson"), "--out", at("europe.zoneset"));
      expect(await zones("check", at("europe.zoneset"))).toMatch(/^ok: 19384 zones/);
      await zones("keygen", "--repo", at("repo"), "--keys", at("keys"), "--areas", "eu");
      const keys = ["--keys", at("keys/online"), "--keys", at("keys/areas")];
      await zones("publish", `eu=${at("europe.zoneset")}`, "--repo", at("repo"), ...keys);
      const address = server.address();
      const url = `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}/`;
      const root = at("repo/metadata/1.root.json");
      await zones("update", "--url", url, "--root", root, "--area", "eu", "--store", at("store"));
      const status: unknown = JSON.parse(await zones("status", at("store"), "--json"));
      const bytes = statSync(at("europe.zoneset")).size;
      expect(status).toMatchObject({ phase: "fresh", target: "eu/zones", role: "eu", bytes });
    });
  },
);
