import { readFile } from "node:fs/promises";
import { CamfenceError, messageOf } from "../core/errors.ts";

/** The text of a file that an option names. Throws a CamfenceError `unreadable` naming the option. */
export async function readText(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new CamfenceError("unreadable", `${option}: ${messageOf(cause)}`, { file, cause });
  }
}
