import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { KeyProvider } from "../../src/audit/key-provider.ts";
import { credentialKey, environmentKey, fileKey } from "../../src/audit/key-provider.ts";
import {
  generateSigningKey,
  publicKeyOf,
  publicKeyOfHex,
  signingKeyOf,
} from "../../src/audit/signing-key.ts";
import { drive, filesOf, keep } from "./kit.ts";

const PAIR = generateSigningKey();
const folder = mkdtempSync(join(tmpdir(), "camfence-key-"));
const MESSAGE = Buffer.from("a checkpoint");

function write(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe.each<[string, () => KeyProvider]>([
  ["from a file of mode 600", () => fileKey(write("ledger.key", PAIR.privatePem))],
  ["from a file of mode 400", () => fileKey(write("ledger.400", PAIR.privatePem, 0o400))],
  ["from a systemd credential", () => (write("ledger", PAIR.privatePem), credentialKey(folder, "ledger"))],
  ["from the environment", () => environmentKey({ KEY: PAIR.privatePem }, "KEY")],
  [
    "from one line of the environment",
    () => environmentKey({ KEY: PAIR.privatePem.replaceAll("\n", "\\n") }, "KEY"),
  ],
])("a key %s", (_, provider) => {
  test("signs what its public half verifies, and nothing else", async () => {
    const key = await provider().load();
    expect(key.publicKey.hex).toBe(publicKeyOf(PAIR.publicPem, "pub").hex);
    expect(publicKeyOfHex(key.publicKey.hex).verify(MESSAGE, key.sign(MESSAGE))).toBe(true);
    expect(key.publicKey.verify(Buffer.from("another"), key.sign(MESSAGE))).toBe(false);
  });
});

const RSA = generateKeyPairSync("rsa", { modulusLength: 1024 });

describe("a key is refused, with a reason and without a byte of it,", () => {
  test.each<[string, () => KeyProvider, RegExp]>([
    [
      "when others may read it",
      () => fileKey(write("open.key", PAIR.privatePem, 0o640)),
      /got mode 640, expected 600/,
    ],
    ["when it is not there", () => fileKey(join(folder, "none")), /none: ENOENT/],
    [
      "when it is no key",
      () => fileKey(write("text.key", "s3cret")),
      /expected a PEM private key of Ed25519/,
    ],
    [
      "when it is a public key",
      () => fileKey(write("pub.key", PAIR.publicPem)),
      /expected a PEM private key/,
    ],
    [
      "when it is of another kind",
      () => fileKey(write("rsa.key", RSA.privateKey.export({ format: "pem", type: "pkcs8" }) as string)),
      /got a key of rsa/,
    ],
    ["when there are no credentials", () => credentialKey(undefined, "ledger"), /no CREDENTIALS_DIRECTORY/],
    ["when a credential leads out of its folder", () => credentialKey(folder, "../x"), /expected the name/],
    ["when the variable is not set", () => environmentKey({}, "KEY"), /no environment variable KEY/],
  ])("%s", async (_, provider, message) => {
    const error = await provider()
      .load()
      .then(
        () => null,
        (thrown: unknown) => thrown as Error,
      );
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain("s3cret");
  });

  test("when a private key is given as the public one", () => {
    expect(() => publicKeyOf(PAIR.privatePem, "x.key")).toThrow(/x\.key: expected a PEM public key/);
  });
});

test("another key than before begins a new file", async () => {
  const kept = await keep();
  await drive(kept, "clear", 1);
  await kept.ledger.close();
  const other = generateSigningKey();
  const next = await keep(
    { folder: kept.folder, key: { load: async () => signingKeyOf(other.privatePem, "x") } },
    kept.clock,
  );
  await next.ledger.close();
  expect((await filesOf(kept.folder)).map(({ name }) => name)).toEqual([
    "ledger-000001.jsonl",
    "ledger-000002.jsonl",
  ]);
});

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

test.skipIf(!hasOpenssl)(
  "openssl verifies a checkpoint: its signature is over the line without it",
  async () => {
    const kept = await keep({ key: fileKey(write("openssl.key", PAIR.privatePem)) });
    await drive(kept, "clear", 61);
    await kept.ledger.close();
    const [file] = await filesOf(kept.folder);
    const line =
      Buffer.from(file?.bytes ?? [])
        .toString()
        .trimEnd()
        .split("\n")
        .at(-1) ?? "";
    const [, signed = "", sig = ""] = /^(.*),"sig":"([0-9a-f]{128})"\}$/.exec(line) ?? [];
    writeFileSync(join(folder, "sig"), Buffer.from(sig, "hex"));
    const key = write("openssl.pub", PAIR.publicPem);
    const opensslSays = (text: string): string => {
      const options = ["-verify", "-rawin", "-pubin", "-inkey", key, "-in", write("signed", text)];
      return spawnSync("openssl", ["pkeyutl", ...options, "-sigfile", join(folder, "sig")], {
        encoding: "utf8",
      }).stdout;
    };
    expect(opensslSays(`${signed}}`)).toMatch(/Verified Successfully/);
    expect(opensslSays(`${signed}}`.replace('"in":610', '"in":611'))).toMatch(/Verification Failure/);
  },
);
