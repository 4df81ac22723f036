import { becomeSole } from "../core/sole.ts";
import type { Sole } from "../core/sole.ts";

export type { Sole } from "../core/sole.ts";

/**
 * Makes this process the only uploader of the store in a folder. Where two uploaders can meet all the same (in containers
 * with network namespaces of their own), the receiver keeps one copy. Rejects when the folder is not there.
 */
export function becomeSoleUploader(folder: string): Promise<Sole | { readonly kind: "another" }> {
  return becomeSole(folder, "upload");
}
