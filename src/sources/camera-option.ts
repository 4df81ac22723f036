import { CamfenceError } from "../core/errors.ts";
import { Camera } from "./camera.ts";

/**
 * Reads `front:0:100,rear:180:120`: id, yaw and horizontal field of view of each camera, in degrees. Throws a `usage`
 * error that names the camera and what is wrong with it.
 */
export function parseCameras(text: string): readonly Camera[] {
  const cameras = text.split(",").map(parseCamera);
  const repeated = cameras.find(({ id }, index) => cameras.findIndex((other) => other.id === id) < index);
  if (repeated !== undefined) throw wrong(repeated.id, `the id "${repeated.id}" is given twice`);
  return cameras;
}

function parseCamera(text: string): Camera {
  const [id, yaw, hfov, ...more] = text.trim().split(":");
  if (id === undefined || yaw === undefined || hfov === undefined || more.length > 0) {
    throw wrong(text, "it needs three parts");
  }
  const camera = Camera.safeParse({ id, yawDeg: degrees(text, yaw), hfovDeg: degrees(text, hfov) });
  if (camera.success) return camera.data;
  const [issue] = camera.error.issues;
  throw wrong(text, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is wrong"}`);
}

function degrees(camera: string, text: string): number {
  if (!/^[+-]?\d{1,3}(?:\.\d{1,9})?$/.test(text)) throw wrong(camera, `"${text}" is no number of degrees`);
  return Number(text);
}

function wrong(camera: string, what: string): CamfenceError {
  return new CamfenceError("usage", `camera "${camera}": ${what}; expected id:yaw:hfov, such as front:0:100`);
}
