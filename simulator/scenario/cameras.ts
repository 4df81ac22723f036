import * as z from "zod";
import { Camera } from "../../src/sources/camera.ts";

export const CameraInput = z.strictObject({
  ...Camera.shape,
  id: Camera.shape.id.default("front"),
  yawDeg: Camera.shape.yawDeg.default(0),
  hfovDeg: Camera.shape.hfovDeg.default(100),
  fps: z.number().positive().max(240).default(10),
  width: z.int().min(2).max(4096).default(16),
  height: z.int().min(2).max(4096).default(12),
  format: z.enum(["gray8", "jpeg", "nv12", "i420", "yuyv", "rgb24", "bgr24", "rgba"]).default("gray8"),
  jitterMs: z
    .number()
    .min(0)
    .max(1000)
    .default(0)
    .describe("By how much the shutter's times vary, ±; the stamp follows."),
  stampErrorMs: z
    .number()
    .min(-10_000)
    .max(10_000)
    .default(0)
    .describe("By how much the stamps are after mid-exposure."),
  latencyMs: z.number().min(0).max(10_000).default(30).describe("From mid-exposure to arrival."),
  latencyJitterMs: z
    .number()
    .min(0)
    .max(10_000)
    .default(0)
    .describe("The most that is added to the latency."),
});
export type CameraInput = Readonly<z.infer<typeof CameraInput>>;

export const Cameras = z
  .array(CameraInput)
  .min(1)
  .max(32)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, "each camera id once")
  .prefault([{}]);
