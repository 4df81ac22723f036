import { open, rename, stat } from "node:fs/promises";
import { CamfenceError, messageOf } from "../core/errors.ts";

/**
 * Writes a file as a whole: after a power cut there is either the old one, with its mode, or the new one. Throws a
 * CamfenceError `unreadable` where it cannot be written.
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  try {
    const temporary = `${file}.part`;
    const handle = await open(temporary, "w", await modeOf(file));
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    throw new CamfenceError("unreadable", `${file} cannot be written: ${messageOf(cause)}`, { file, cause });
  }
}

async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0o644;
    throw error;
  }
}
