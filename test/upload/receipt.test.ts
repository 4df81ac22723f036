import { execFileSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatPublicKey, parsePublicKey } from "../../src/upload/keys.ts";
import { checkReceipt, signReceipt } from "../../src/upload/receipt.ts";
import { tempDir } from "../kit/cli.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const CLAIM = { id: "a-1", sha256: "ab".repeat(32), bytes: 12, region: "cn" };
const TIME = "2026-03-01T08:00:00.000Z";
const RECEIPT = signReceipt(CLAIM, TIME, privateKey);

test("a receipt proves what it says", () => {
  expect(checkReceipt(JSON.stringify(RECEIPT), CLAIM, publicKey)).toEqual(RECEIPT);
});

test("a receipt with any one character changed proves nothing", () => {
  const text = JSON.stringify(RECEIPT);
  const change = fc.record({ at: fc.nat(text.length - 1), to: fc.integer({ min: 32, max: 126 }) });
  fc.assert(
    fc.property(change, ({ at, to }) => {
      const changed = text.slice(0, at) + String.fromCodePoint(to) + text.slice(at + 1);
      fc.pre(changed !== text);
      const checked = checkReceipt(changed, CLAIM, publicKey);
      // The last character of base64 carries bits that count for nothing.
      const isSame = typeof checked !== "string" && checked.time === TIME && checked.sha256 === CLAIM.sha256;
      expect(typeof checked === "string" || isSame).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("a signature by another key, or over another claim, proves nothing", () => {
  const other = generateKeyPairSync("ed25519");
  expect(checkReceipt(JSON.stringify(RECEIPT), CLAIM, other.publicKey)).toBe("wrong-signature");
  const moved = { ...RECEIPT, region: "eu" };
  expect(checkReceipt(JSON.stringify(moved), { ...CLAIM, region: "eu" }, publicKey)).toBe("wrong-signature");
  expect(checkReceipt(JSON.stringify({ ...RECEIPT, time: "2027-01-01T00:00:00Z" }), CLAIM, publicKey)).toBe(
    "wrong-signature",
  );
});

test("openssl verifies a receipt by its documented text", () => {
  const dir = tempDir();
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  const text = `camfence receipt 1\na-1\n${CLAIM.sha256}\n12\ncn\n${TIME}\n`;
  const key = file("key.pem", publicKey.export({ format: "pem", type: "spki" }));
  const signature = file("signature", Buffer.from(RECEIPT.signature, "base64"));
  const args = [
    "pkeyutl",
    "-verify",
    "-pubin",
    "-inkey",
    key,
    "-rawin",
    "-in",
    file("text", text),
    "-sigfile",
    signature,
  ];
  expect(execFileSync("openssl", args, { encoding: "utf8" })).toContain("Signature Verified Successfully");
});

test("a public key reads back as it was written", () => {
  const text = formatPublicKey(privateKey);
  expect(text).toBe(formatPublicKey(publicKey));
  expect(parsePublicKey(text)?.equals(createPublicKey(privateKey))).toBe(true);
  for (const bad of [
    "",
    "ed25519:",
    text.slice(8),
    `${text}=`,
    text.replace("=", ""),
    `x${text}`,
    `${text} `,
  ])
    expect(parsePublicKey(bad)).toBeNull();
});
