import {
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import { expect, it } from "vitest";
import { AgeRecipient } from "../../src/buffer/age/recipient.ts";

/** The age library's own opinion. */
function isTaken(text: string): boolean {
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

const isGood = (text: string): boolean => AgeRecipient.safeParse(text).success;
const LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l".match(/./g) ?? [];

it("every key that the age library seals to is a recipient", async () => {
  const x25519 = await identityToRecipient(await generateX25519Identity());
  const hybrid = await identityToRecipient(await generateHybridIdentity());
  const hardware = "age1tag1qwe0kafsjrar4txm6heqnhpfuggzr0gvznz7fvygxrlq90u5mq2pysxtw6h";
  for (const recipient of [x25519, hybrid, hardware]) {
    expect([recipient, isTaken(recipient), isGood(recipient)]).toEqual([recipient, true, true]);
  }
});

it("a recipient with a mistyped, left out or doubled letter, or in capitals, is none", async () => {
  const good = await identityToRecipient(await generateX25519Identity());
  for (let at = 0; at < good.length; at++) {
    const before = good.slice(0, at);
    const mistyped = LETTERS.filter((letter) => letter !== good[at]);
    for (const letter of mistyped) {
      const text = `${before}${letter}${good.slice(at + 1)}`;
      expect([text, isGood(text)]).toEqual([text, isTaken(text)]);
      expect(isGood(text)).toBe(false);
    }
    expect(isGood(`${before}${good.slice(at + 1)}`)).toBe(false);
    expect(isGood(`${before}${good[at]}${good.slice(at)}`)).toBe(false);
  }
  expect([good.toUpperCase(), ` ${good}`, `${good}\n`, "", "age1"].filter(isGood)).toEqual([]);
});

it("a private key is no recipient", async () => {
  expect(isGood(await generateX25519Identity())).toBe(false);
  expect(isGood((await generateX25519Identity()).toLowerCase())).toBe(false);
});
