import * as z from "zod";
import { DEFAULT_REDACTION_POLICY as DEFAULT } from "./policy.ts";

/** `RedactionPolicy` as it may be given: ranges are checked, unknown names refused, and defaults filled in. */
export const RedactionSettings = z.strictObject({
  mode: z.enum(["mosaic", "solid"]).default(DEFAULT.mode),
  cells: z.int().min(1).max(256).default(DEFAULT.cells),
  lumaBits: z.int().min(1).max(8).default(DEFAULT.lumaBits),
  chromaBits: z.int().min(1).max(8).default(DEFAULT.chromaBits),
  refreshMs: z.number().min(0).default(DEFAULT.refreshMs),
  keepMetadata: z.boolean().default(DEFAULT.keepMetadata),
  codedVideo: z.enum(["drop", "grey"]).default(DEFAULT.codedVideo),
  originals: z.enum(["caller", "policy"]).default(DEFAULT.originals),
  maxPixels: z
    .int()
    .min(1)
    .max(65_535 * 65_535)
    .default(DEFAULT.maxPixels),
});
