import { messageOf } from "../../core/errors.ts";
import { compiledZoneSet, isCompiled } from "../compiled/compiled-zone-set.ts";
import { UpdateError } from "./update-error.ts";
import type { ZoneFormat } from "./zone-format.ts";

/** What `camfence zones build` makes: checked when it was built, and loaded without parsing. */
export const compiledFormat: ZoneFormat = {
  name: "camfence zoneset 1",
  claims: isCompiled,
  load(bytes) {
    try {
      // Its arrays lie in the bytes, which must begin where numbers may.
      return compiledZoneSet(Uint8Array.from(bytes));
    } catch (thrown) {
      throw new UpdateError("zones-invalid", `the compiled set: ${messageOf(thrown)}`, thrown);
    }
  },
};
