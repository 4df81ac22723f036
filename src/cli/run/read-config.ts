import { dirname, resolve } from "node:path";
import { DaemonConfig } from "../../config.ts";
import type { ZoneSources } from "../../config.ts";
import { CamfenceError } from "../../core/errors.ts";
import type { CameraSource } from "../../sources/cameras/camera-source.ts";
import { readText } from "../read-text.ts";
import { readYaml } from "../read-yaml.ts";

/**
 * Reads `camfence.yaml`; relative paths in it count from its own folder. Throws CamfenceError `malformed` after every
 * mistake was told, a line each.
 */
export async function readDaemonConfig(file: string, tell: (line: string) => void): Promise<DaemonConfig> {
  const read = readYaml(await readText(`--config ${file}`, file), DaemonConfig);
  if (read.kind === "good") return withPaths(read.value, dirname(file));
  for (const { line, path, what } of read.mistakes)
    tell(`${file}:${line}: ${path === "" ? "" : `${path}: `}${what}\n`);
  const [first] = read.mistakes;
  const mistakes = read.mistakes.length === 1 ? "a mistake" : `${read.mistakes.length} mistakes`;
  const message = `${file}:${first?.line ?? 1}: the configuration has ${mistakes}; a sample with every setting: camfence init`;
  throw new CamfenceError("malformed", message, { file, line: first?.line ?? 1 });
}

function withPaths(config: DaemonConfig, folder: string): DaemonConfig {
  const at = (path: string): string => resolve(folder, path);
  const key = <K extends object>(source: K): K =>
    "file" in source && typeof source.file === "string" ? { ...source, file: at(source.file) } : source;
  const { storage } = config;
  return {
    ...config,
    sources: { position: filesAt(config.sources.position, at) },
    zones: zonesAt(config.zones, at),
    cameras: config.cameras.map((camera) => ({ ...camera, source: sourceAt(camera.source, at) })),
    storage: {
      ...storage,
      folder: at(storage.folder),
      deviceKey: key(storage.deviceKey),
      ledgerKey: key(storage.ledgerKey),
      regions: storage.regions.map((region) => filesAt(region, at)),
    },
  };
}

function zonesAt(zones: ZoneSources, at: (path: string) => string): ZoneSources {
  const { paths, updates, ...others } = zones;
  if (updates === undefined) return { ...others, paths: paths.map(at) };
  const { store, rootFile, identityFile, caFile } = updates;
  const optional = {
    ...(identityFile !== undefined && { identityFile: at(identityFile) }),
    ...(caFile !== undefined && { caFile: at(caFile) }),
  };
  return { ...others, paths, updates: { ...updates, store: at(store), rootFile: at(rootFile), ...optional } };
}

function sourceAt(source: CameraSource, at: (path: string) => string): CameraSource {
  return "path" in source ? { ...source, path: at(source.path) } : source;
}

/** Whatever has a token or authorities in files. */
function filesAt<T extends object>(config: T, at: (path: string) => string): T {
  const files = Object.entries(config).filter(([name]) => name === "tokenFile" || name === "caFile");
  return { ...config, ...Object.fromEntries(files.map(([name, path]) => [name, at(String(path))])) };
}
