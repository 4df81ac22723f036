import * as z from "zod";
import { CamfenceError } from "../../core/errors.ts";
import { gpsdAssembler } from "../gpsd.ts";
import type { ReportAssembler } from "../report-assembler.ts";

/** gpsd_json(5): the major number changes when old clients would misread it. */
const PROTOCOL = 3;

/**
 * What gpsd says to a client. Records of other devices are left out: two receivers are two opinions, and merging them
 * would give a place that none of them states. Throws `unsupported` for a gpsd of another protocol.
 */
export function gpsdConversation(wanted: string | undefined, warn: (what: string) => void): ReportAssembler {
  const assembler = gpsdAssembler();
  let device = wanted;
  return {
    ...assembler,
    push(line) {
      const word = SPOKEN.exec(line)?.[1];
      if (word === "VERSION") checkVersion(line);
      if (word === "ERROR") warn(`gpsd refuses: ${line.slice(0, 200)}`);
      const from = word === "TPV" || word === "GST" ? DEVICE.exec(line)?.[1] : undefined;
      device ??= from;
      return from === undefined || from === device ? assembler.push(line) : undefined;
    },
  };
}

function checkVersion(line: string): void {
  const version = z.object({ proto_major: z.int() }).safeParse(parsed(line));
  if (version.success && version.data.proto_major === PROTOCOL) return;
  const got = version.success ? String(version.data.proto_major) : line.slice(0, 200);
  throw new CamfenceError("unsupported", `gpsd speaks protocol ${got}, expected ${PROTOCOL}`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Undefined is no version, and said to be so.
    return undefined;
  }
}

const SPOKEN = /^\s*\{\s*"class"\s*:\s*"([A-Z]+)"/;
const DEVICE = /"device"\s*:\s*"((?:[^"\\]|\\.)*)"/;
