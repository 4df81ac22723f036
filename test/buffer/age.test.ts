import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Decrypter, Encrypter, generateX25519Identity } from "age-encryption";
import { expect, test, vi } from "vitest";
import { startAgeFile } from "../../src/buffer/age/age-header.ts";
import { AgeSealer, CHUNK_BYTES, chunkNonce } from "../../src/buffer/age/age-sealer.ts";
import { openAge } from "../../src/buffer/age/open-age.ts";
import { IDENTITY, RECIPIENT, frameNumber } from "../kit/buffer.ts";
import { tempDir } from "../kit/cli.ts";

const hasAge = spawnSync("age", ["--version"]).status === 0;
if (!hasAge)
  process.stderr.write("tests: the age command is absent (apt-get install age), its tests are skipped\n");

const SIZES = [1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7];
const NOTHING = new Uint8Array(0);

function plainOf(bytes: number): Buffer {
  return Buffer.from(frameNumber(bytes, bytes).data);
}

/** Sealed in pieces of odd sizes. */
async function seal(plain: Uint8Array, pieceBytes = 10_007): Promise<Buffer> {
  const { head, streamKey } = await startAgeFile(RECIPIENT);
  const sealer = new AgeSealer(streamKey);
  const pieces: Uint8Array[] = [head];
  for (let at = 0; at < plain.length; at += pieceBytes)
    pieces.push(Buffer.from(sealer.append(plain.subarray(at, at + pieceBytes))));
  return Buffer.concat([...pieces, sealer.endWith(NOTHING)]);
}

async function open(sealed: Iterable<Uint8Array>, identity = IDENTITY): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of openAge(sealed, identity)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function decrypter(): Decrypter {
  const library = new Decrypter();
  library.addIdentity(IDENTITY);
  return library;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a).equals(b);
}

test.each(SIZES)("the age library opens %i bytes that we sealed, and so do we", async (bytes) => {
  const plain = plainOf(bytes);
  const sealed = await seal(plain);
  expect(isSame(await decrypter().decrypt(sealed), plain)).toBe(true);
  expect(isSame(await open([sealed]), plain)).toBe(true);
  expect(isSame(await seal(plain, 200_000).then((other) => open([other])), plain)).toBe(true);
});

test.each([0, ...SIZES])(
  "we open %i bytes that the age library sealed, in whatever pieces they come",
  async (bytes) => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(RECIPIENT);
    const plain = plainOf(bytes);
    const sealed = await encrypter.encrypt(plain);
    for (const pieceBytes of [1000, CHUNK_BYTES, sealed.length]) {
      const pieces = Array.from({ length: Math.ceil(sealed.length / pieceBytes) }, (_, i) =>
        sealed.subarray(i * pieceBytes, (i + 1) * pieceBytes),
      );
      expect(isSame(await open(pieces), plain)).toBe(true);
    }
  },
);

test.skipIf(!hasAge).each(SIZES)(
  "the age command opens %i bytes that we sealed, and we what it sealed",
  async (bytes) => {
    const plain = plainOf(bytes);
    const folder = tempDir();
    writeFileSync(join(folder, "key"), `${IDENTITY}\n`, { mode: 0o600 });
    const options = { input: await seal(plain), maxBuffer: 1 << 30 };
    expect(isSame(execFileSync("age", ["-d", "-i", join(folder, "key")], options), plain)).toBe(true);
    const theirs = execFileSync("age", ["-r", RECIPIENT], { input: plain, maxBuffer: 1 << 30 });
    expect(isSame(await open([theirs]), plain)).toBe(true);
  },
);

test("changed, cut off and wrong key are three errors", async () => {
  const sealed = await seal(plainOf(3 * CHUNK_BYTES));
  const flipped = Buffer.from(sealed);
  flipped[flipped.length - 70_000] = (flipped.at(-70_000) ?? 0) ^ 1;
  await expect(open([flipped])).rejects.toMatchObject({ code: "tampered" });
  const lastChunkBytes = CHUNK_BYTES + 16;
  await expect(open([sealed.subarray(0, -lastChunkBytes)])).rejects.toMatchObject({ code: "cut-off" });
  await expect(open([sealed.subarray(0, -3 * lastChunkBytes)])).rejects.toMatchObject({ code: "cut-off" });
  await expect(open([sealed.subarray(0, -1)])).rejects.toMatchObject({ code: "tampered" });
  await expect(open([sealed], await generateX25519Identity())).rejects.toMatchObject({ code: "wrong-key" });
  await expect(open([plainOf(100)])).rejects.toMatchObject({ code: "malformed" });
  await expect(open([Buffer.concat([sealed, plainOf(1)])])).rejects.toMatchObject({ code: "tampered" });
});

test("a recipient that is none is named", async () => {
  await expect(startAgeFile("age1nonsense")).rejects.toMatchObject({ code: "malformed" });
});

test("what was sealed so far, with a possible end, is a whole file; sealing goes on as if there had been none", async () => {
  const { head, streamKey } = await startAgeFile(RECIPIENT);
  const sealer = new AgeSealer(streamKey);
  const plain = plainOf(3 * CHUNK_BYTES);
  const first = Buffer.concat([head, sealer.append(plain.subarray(0, 100_000))]);
  const ended = Buffer.concat([first, sealer.endWith(Buffer.from("the end"))]);
  expect(
    isSame(
      await decrypter().decrypt(ended),
      Buffer.concat([plain.subarray(0, 100_000), Buffer.from("the end")]),
    ),
  ).toBe(true);
  const rest = Buffer.concat([first, sealer.append(plain.subarray(100_000)), sealer.endWith(NOTHING)]);
  expect(isSame(await decrypter().decrypt(rest), plain)).toBe(true);
});

test("two ends are never sealed under one nonce", async () => {
  const { streamKey } = await startAgeFile(RECIPIENT);
  const sealer = new AgeSealer(streamKey);
  sealer.append(plainOf(10));
  sealer.endWith(Buffer.from("one"));
  expect(sealer.canEnd(0)).toBe(false);
  sealer.append(plainOf(CHUNK_BYTES - 10));
  expect(() => sealer.endWith(NOTHING)).toThrow("cannot end");
  sealer.append(plainOf(1));
  expect(sealer.canEnd(CHUNK_BYTES)).toBe(false);
  expect(sealer.canEnd(CHUNK_BYTES - 1)).toBe(true);
});

test("every chunk has a nonce of its own", () => {
  const nonces = [0, 1, 255, 256, 2 ** 32, 2 ** 40].flatMap((n) => [
    chunkNonce(n, false),
    chunkNonce(n, true),
  ]);
  expect(new Set(nonces.map((nonce) => nonce.toString("hex"))).size).toBe(12);
});

test("a forgotten key is zero", async () => {
  const { streamKey } = await startAgeFile(RECIPIENT);
  const sealer = new AgeSealer(streamKey);
  expect(streamKey.every((byte) => byte === 0)).toBe(false);
  sealer.forget();
  expect(streamKey.every((byte) => byte === 0)).toBe(true);
});

test("the file key is zero once a file has begun", async () => {
  const keys: Uint8Array[] = [];
  const spy = vi.spyOn(Encrypter.prototype, "addRecipient").mockImplementation(function (
    this: Encrypter,
    given,
  ) {
    spy.mockRestore();
    this.addRecipient(given);
    this.addRecipient({
      wrapFileKey(fileKey) {
        expect(fileKey.some((byte) => byte !== 0)).toBe(true);
        keys.push(fileKey);
        return [];
      },
    });
  });
  await startAgeFile(RECIPIENT);
  expect(keys.map((key) => key.every((byte) => byte === 0))).toEqual([true]);
});
