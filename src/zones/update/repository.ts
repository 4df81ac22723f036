/** A repository of signed metadata and targets, over the network or any other way. */
export interface Repository {
  /**
   * A small file, whole, at most `maxBytes` of it. With `known`, the tag that came with it last time, the answer may be
   * `unchanged`. Rejects with UpdateError; `not-found` is one of the answers since roots are counted by it.
   */
  metadata(path: string, maxBytes: number, known?: string): Promise<MetadataAnswer>;
  /**
   * The bytes of a target from `fromBytes` on, and never more than up to `lengthBytes`; begins anew, and says so, where
   * the repository cannot go on. Rejects with UpdateError.
   */
  target(path: string, fromBytes: number, lengthBytes: number): Promise<TargetBytes>;
}

export type MetadataAnswer =
  | { readonly kind: "got"; readonly bytes: Buffer; readonly tag: string | null }
  | { readonly kind: "unchanged" }
  | { readonly kind: "not-found" };

export interface TargetBytes {
  /** Where the bytes begin: `fromBytes`, or 0. */
  readonly fromBytes: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** TUF: a name in a path is percent-encoded, all but unreserved characters. */
export function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
