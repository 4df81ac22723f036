import { CamfenceError } from "../../core/errors.ts";
import type { ErrorCode } from "../../core/errors.ts";

/** Why an update did not happen; what is in force stays (rule 4). */
export type UpdateProblem =
  | "unreachable"
  | "timed-out"
  | "not-found"
  | "refused"
  | "too-large"
  | "malformed"
  | "unsigned"
  | "rollback"
  | "expired"
  | "mismatch"
  | "no-target"
  | "wrong-key"
  | "zones-invalid"
  | "store";

const CODES: Readonly<Record<UpdateProblem, ErrorCode>> = {
  unreachable: "unreadable",
  "timed-out": "unreadable",
  "not-found": "unreadable",
  refused: "unreadable",
  "too-large": "too-large",
  malformed: "malformed",
  unsigned: "tampered",
  rollback: "tampered",
  expired: "tampered",
  mismatch: "tampered",
  "no-target": "malformed",
  "wrong-key": "wrong-key",
  "zones-invalid": "zones-invalid",
  store: "fault",
};

/** An update that was refused or did not come. The message names roles, versions and addresses, never a coordinate. */
export class UpdateError extends CamfenceError {
  readonly problem: UpdateProblem;

  constructor(problem: UpdateProblem, message: string, cause?: unknown) {
    super(CODES[problem], message, { cause });
    this.problem = problem;
  }
}
