import { messageOf } from "../../core/errors.ts";
import { compiledZoneSet } from "../compiled/compiled-zone-set.ts";
import { VERSION, isCompiled } from "../compiled/layout.ts";
import { UpdateError } from "./update-error.ts";
import type { ZoneFormat } from "./zone-format.ts";

/** What `camfence zones build` makes: checked when it was built, and loaded without parsing. */
export const compiledFormat: ZoneFormat = {
  name: `camfence zoneset ${VERSION}`,
  claims: isCompiled,
  load(bytes) {
    try {
      return compiledZoneSet(whereNumbersBegin(bytes));
    } catch (thrown) {
      throw new UpdateError("zones-invalid", `the compiled set: ${messageOf(thrown)}`, thrown);
    }
  },
};

/** A set's arrays lie in its bytes: small buffers share one with others, and may begin anywhere in it. */
function whereNumbersBegin(bytes: Buffer): Uint8Array {
  return bytes.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0 ? bytes : Uint8Array.from(bytes);
}
