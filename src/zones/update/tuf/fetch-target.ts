import type { TargetFile } from "@tufjs/models";
import type { PartStore } from "../part-store.ts";
import type { Repository } from "../repository.ts";
import { UpdateError } from "../update-error.ts";
import type { Trusted } from "./refresh.ts";
import { digestOf, isTarget, pathOf } from "./target-file.ts";

/**
 * TUF 5.7: the bytes of a target, authentic. What came of it before a cut is kept, and gone on with the next time.
 * Never holds or keeps more than its length. Rejects with UpdateError.
 */
export async function fetchTarget(
  target: TargetFile,
  { root }: Pick<Trusted, "root">,
  ports: { readonly repository: Repository; readonly parts: PartStore },
): Promise<Buffer> {
  const { repository, parts } = ports;
  const name = digestOf(target).hex.slice(0, 64);
  const kept = await parts.size(name);
  const from = kept <= target.length ? kept : 0;
  if (from < target.length || kept > target.length) {
    const answer = await repository.target(pathOf(target, root.signed), from, target.length);
    await append(answer.pieces, answer.fromBytes, name, target, parts);
  }
  const bytes = await parts.read(name);
  if (isTarget(bytes, target)) return bytes;
  const got = bytes.length;
  if (got >= target.length) await parts.remove(name);
  throw new UpdateError(
    got < target.length ? "unreachable" : "mismatch",
    `target ${target.path}: got ${got} bytes of ${target.length}${got < target.length ? "" : " that are others"}`,
  );
}

async function append(
  pieces: AsyncIterable<Uint8Array>,
  fromBytes: number,
  name: string,
  { path, length }: TargetFile,
  parts: PartStore,
): Promise<void> {
  let at = fromBytes;
  await parts.truncate(name, at);
  for await (const piece of pieces) {
    if (at + piece.length > length) {
      await parts.remove(name);
      throw new UpdateError("too-large", `target ${path}: got over ${length} bytes`);
    }
    await parts.append(name, piece);
    at += piece.length;
  }
}
