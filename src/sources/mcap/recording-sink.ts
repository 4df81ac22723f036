import type { Channel } from "./channel.ts";
import type { Compression } from "./decompress.ts";

/** A message as it was recorded. */
export interface RecordedMessage {
  readonly channel: Channel;
  /** The whole record; `data` is its end. */
  readonly record: Uint8Array;
  readonly data: Uint8Array;
  /** When it was recorded, milliseconds since the Unix epoch on the recorder's clock. */
  readonly logMs: number;
}

/** Takes a recording as it is read. What it is given stays valid, but for parts. Only `message` is needed. */
export interface RecordingSink {
  header?(header: { readonly profile: string; readonly library: string }): void;
  /** A schema record that is new. */
  schema?(record: Uint8Array): void;
  channel?(channel: Channel, record: Uint8Array): void;
  message(message: RecordedMessage): void;
  metadata?(record: Uint8Array): void | Promise<void>;
  /** `parts` are the body; to be read to their end, each valid until the next one. */
  attachment?(head: Uint8Array, bodyBytes: number, parts: AsyncIterable<Uint8Array>): void | Promise<void>;
  /** How the next messages are packed. */
  packed?(compression: Compression): void | Promise<void>;
  /** After every chunk and every record outside of one; reading goes on when it is through. */
  settle?(): void | Promise<void>;
}
