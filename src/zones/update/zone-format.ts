import type { HeaderOptions } from "../check/check-header.ts";
import type { ZoneSet } from "../zone-set.ts";
import { compiledFormat } from "./compiled-format.ts";
import { packFormat } from "./pack-format.ts";
import { UpdateError } from "./update-error.ts";

/** A form in which a whole zone set travels as one file. */
export interface ZoneFormat {
  readonly name: string;
  /** Whether the bytes claim to be of this form. */
  readonly claims: (bytes: Buffer) => boolean;
  /** Throws UpdateError `zones-invalid` or `malformed`; no message names a coordinate. */
  readonly load: (bytes: Buffer, options: HeaderOptions) => ZoneSet;
}

export const FORMATS: readonly ZoneFormat[] = [compiledFormat, packFormat];

/** Throws UpdateError `malformed` for a file of no form that is known. */
export function formatOf(bytes: Buffer): ZoneFormat {
  const format = FORMATS.find(({ claims }) => claims(bytes));
  if (format !== undefined) return format;
  const names = FORMATS.map(({ name }) => name).join(" or ");
  throw new UpdateError("malformed", `the target is no zone set that this version reads, expected ${names}`);
}
