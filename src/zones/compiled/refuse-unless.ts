import { CamfenceError } from "../../core/errors.ts";

/** Throws `zones-invalid`. */
export function refuseUnless(isSound: boolean, what: string): void {
  if (!isSound) throw new CamfenceError("zones-invalid", `the ${what} of the index contradict each other`);
}
