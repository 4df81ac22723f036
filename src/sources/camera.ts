import * as z from "zod";
import { CamfenceError } from "../core/errors.ts";

export const Camera = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/, "a camera id is made of letters, digits, dot, dash and underscore"),
  /** Optical axis, clockwise from the vehicle's forward axis. */
  yawDeg: z.number().min(-360).max(360),
  /** Horizontal field of view; 360 for an all-round camera. */
  hfovDeg: z.number().positive().max(360),
  /** How far the camera can show a site recognisably. @default no limit of its own: the zone's `viewM` counts */
  rangeM: z.number().positive().default(Number.MAX_VALUE),
  /** `cabin` looks inside the vehicle. @default "exterior" */
  kind: z.enum(["exterior", "cabin"]).default("exterior"),
});

/** How a camera is mounted. */
export type Camera = Readonly<z.infer<typeof Camera>>;

/** A mount as it may be given: without what has a default. */
export type CameraInput = Readonly<z.input<typeof Camera>>;

/**
 * Checks mounts whatever their types say: one of NaN degrees would see nothing. Throws ZodError for a wrong one, and a
 * `usage` error for two with one id.
 */
export function checkCameras(given: readonly CameraInput[]): readonly Camera[] {
  const cameras = given.map(({ id, yawDeg, hfovDeg, rangeM, kind }) =>
    Camera.parse({ id, yawDeg, hfovDeg, rangeM, kind }),
  );
  const ids = cameras.map(({ id }) => id);
  if (new Set(ids).size === ids.length) return cameras;
  throw new CamfenceError("usage", `got cameras ${ids.join(", ")}, expected each id once`);
}
