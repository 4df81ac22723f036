import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { tempDir } from "../../kit/cli.ts";

const SITE = `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark id="fort"><name>Fort
Example</name><Polygon><outerBoundaryIs><LinearRing><coordinates>11.51,48.10 11.52,48.10 11.52,48.11 11.51,48.11
11.51,48.10</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>`;

/** The commands of the admins' guide, in its order. */
function guideCommands(): readonly string[] {
  const text = readFileSync("geofences/README.md", "utf8");
  const [guide = ""] = /^## From a polygon [^]*?(?=^## )/m.exec(text) ?? [];
  return [...guide.matchAll(/^ {3}camfence (.+)$/gm)].map(([, command = ""]) => command);
}

function inFolder(
  folder: string,
  args: readonly string[],
): Promise<readonly [code: number | null, text: string]> {
  const child = spawn(process.execPath, [resolve("dist/camfence.js"), ...args], { cwd: folder });
  let text = "";
  child.stdout.on("data", (piece: Buffer) => (text += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (text += piece.toString()));
  return new Promise((end) => child.on("close", (code) => end([code, text])));
}

it("a new admin who types the guide's commands one after the other has a set in force in a vehicle", async () => {
  const folder = tempDir();
  mkdirSync(join(folder, "zones"));
  writeFileSync(join(folder, "sites.kml"), SITE);
  cpSync("simulator/drives/mountain-view/mountain-view.nmea", join(folder, "drive.nmea"));
  const server = createServer(({ url = "/" }, response) => {
    const path = join(folder, "repo", url);
    response.writeHead(existsSync(path) ? 200 : 404).end(existsSync(path) ? readFileSync(path) : "");
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}/`;
  const commands = guideCommands();
  expect(commands.length).toBeGreaterThan(10);
  const told = new Map<string, string>();
  for (const command of commands) {
    const [code, text] = await inFolder(folder, command.replace("https://zones.example/", url).split(" "));
    expect([command, code, text]).toEqual([command, 0, text]);
    told.set(command, text);
  }
  server.close();
  expect(told.get("zones status store")).toMatch(/^fresh\nset +[0-9a-f]{16}/);
});
