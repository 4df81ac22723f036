import { createDecipheriv } from "node:crypto";
import { Decrypter } from "age-encryption";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { PAYLOAD_NONCE_BYTES, streamKeyOf } from "./age-header.ts";
import { SEALED_CHUNK_BYTES, TAG_BYTES, chunkNonce } from "./age-sealer.ts";

/** Far above any header that a few recipients make. */
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Opens an age file with an identity (`AGE-SECRET-KEY-1…`), chunk by chunk: for the data centre and for tests, as no
 * vehicle holds an identity. Every piece it yields is authentic; whether the file is whole is known at the end only.
 * Throws CamfenceError `malformed` (no age file), `wrong-key`, `tampered` or `cut-off`.
 */
export async function* openAge(
  sealed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  identity: string,
): AsyncGenerator<Buffer, void, undefined> {
  const source = createPieces(sealed);
  const header = await readHeader(source);
  const fileKey = await fileKeyOf(header, identity);
  const key = streamKeyOf(fileKey, await source.take(PAYLOAD_NONCE_BYTES));
  for (let counter = 0, last = false; !last; counter++) {
    const chunk = await source.take(SEALED_CHUNK_BYTES);
    last = await source.isAtEnd();
    yield openChunk(key, chunk, counter, last);
  }
}

function openChunk(key: Buffer, chunk: Buffer, counter: number, last: boolean): Buffer {
  const plain = decrypt(key, chunk, chunkNonce(counter, last));
  if (plain !== null) return plain;
  // A whole chunk that is not the last one, with nothing behind it.
  const isCut = last && decrypt(key, chunk, chunkNonce(counter, false)) !== null;
  if (isCut || (last && chunk.length < SEALED_CHUNK_BYTES && chunk.length <= TAG_BYTES)) {
    throw new CamfenceError("cut-off", `the sealed file is cut off after chunk ${counter}`);
  }
  // A cut within a chunk looks like a changed one: nobody can tell.
  throw new CamfenceError("tampered", `chunk ${counter} of the sealed file is changed, or cut off within`);
}

function decrypt(key: Buffer, chunk: Buffer, nonce: Buffer): Buffer | null {
  const bodyBytes = chunk.length - TAG_BYTES;
  if (bodyBytes < 0) return null;
  const decipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(chunk.subarray(bodyBytes));
  const plain = decipher.update(chunk.subarray(0, bodyBytes));
  try {
    decipher.final();
  } catch {
    return null; // not authentic: the caller finds out why
  }
  return plain;
}

async function fileKeyOf(header: Buffer, identity: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    return await decrypter.decryptHeader(header);
  } catch (thrown) {
    const what = messageOf(thrown);
    if (/no identity matched/.test(what)) {
      throw new CamfenceError("wrong-key", "the segment is sealed to another recipient", { cause: thrown });
    }
    const code = /HMAC/.test(what) ? "tampered" : "malformed";
    throw new CamfenceError(code, `the age header cannot be read: ${what}`, { cause: thrown });
  }
}

/** Up to the end of the line of the MAC, `--- …`. */
async function readHeader(source: Pieces): Promise<Buffer> {
  const end = await source.find("\n--- ", MAX_HEADER_BYTES);
  const lineEnd = end < 0 ? -1 : await source.find("\n", MAX_HEADER_BYTES, end + 1);
  if (lineEnd < 0) throw new CamfenceError("malformed", "got no age header, expected age-encryption.org/v1");
  return source.take(lineEnd + 1);
}

type Pieces = ReturnType<typeof createPieces>;

/** Bytes of a stream by count; `take` gives less at the end only. */
function createPieces(sealed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
  const pieces = Symbol.asyncIterator in sealed ? sealed[Symbol.asyncIterator]() : sealed[Symbol.iterator]();
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  async function more(): Promise<boolean> {
    const next = await pieces.next();
    if (next.done === true) return false;
    waiting.push(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength));
    waitingBytes += next.value.byteLength;
    return true;
  }
  function joined(): Buffer {
    const all = waiting.length === 1 && waiting[0] !== undefined ? waiting[0] : Buffer.concat(waiting);
    waiting = [all];
    return all;
  }
  return {
    async take(bytes: number): Promise<Buffer> {
      while (waitingBytes < bytes && (await more()));
      const all = joined();
      waiting = [all.subarray(bytes)];
      waitingBytes = Math.max(0, waitingBytes - bytes);
      return all.subarray(0, bytes);
    },
    async isAtEnd(): Promise<boolean> {
      while (waitingBytes === 0) if (!(await more())) return true;
      return false;
    },
    /** Where `text` begins, from `from` on; −1 where it does not within `limitBytes`. */
    async find(text: string, limitBytes: number, from = 0): Promise<number> {
      for (;;) {
        const found = joined().indexOf(text, from, "latin1");
        if (found >= 0 || waitingBytes > limitBytes || !(await more())) return found;
      }
    },
  };
}
