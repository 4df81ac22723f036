import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { CamfenceError } from "../../core/errors.ts";

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

/** All that there is, by the name that is asked for: nothing else on the disk has a name. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const FILES = [
  { name: "", file: "index.html", type: "text/html; charset=utf-8" },
  { name: "page.js", file: "page.js", type: "text/javascript; charset=utf-8" },
  { name: "worker.js", file: "worker.js", type: "text/javascript; charset=utf-8" },
  { name: "page.css", file: "page.css", type: "text/css; charset=utf-8" },
  { name: "countries.json", file: "countries.json", type: "application/json" },
  { name: "licences.txt", file: "licences.txt", type: "text/plain; charset=utf-8" },
] as const;

/** Beside the built command, or a chunk of it; where the sources run by themselves, what was built last. */
const PLACES = ["./map/", "../map/", "../../../dist/map/"];

/** Reads the built page. Throws CamfenceError `unsupported` where it is not beside the command. */
export async function readPageFiles(): Promise<PageFiles> {
  const places = PLACES.filter((place) => URL.canParse(place, import.meta.url));
  const folder = places
    .map((place) => new URL(place, import.meta.url))
    .find((url) => FILES.every(({ file }) => existsSync(new URL(file, url))));
  if (folder === undefined)
    throw new CamfenceError(
      "unsupported",
      "the map's page is not beside this command: the single file and the executable come without it; use the npm package",
    );
  const read = FILES.map(async ({ name, file, type }) => {
    return [name, { type, bytes: await readFile(new URL(file, folder)) }] as const;
  });
  return new Map(await Promise.all(read));
}
