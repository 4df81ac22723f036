import type { HuffmanSpec } from "./jpeg-tables.ts";

// T.81 tables K.3 to K.6: 16 counts by length, then the symbols.
const DC_LUMA = "00010501010101010100000000000000000102030405060708090a0b";
const DC_CHROMA = "00030101010101010101010000000000000102030405060708090a0b";
const AC_LUMA =
  "0002010303020403050504040000017d" +
  "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a2526" +
  "2728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485" +
  "868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6" +
  "d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa";
const AC_CHROMA =
  "00020102040403040705040400010277" +
  "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a" +
  "262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a828384" +
  "85868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5" +
  "d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa";

/** What a JPEG without Huffman tables is coded with: brightness in slot 0, colour in slot 1. */
export const STANDARD_TABLES: readonly HuffmanSpec[] = [
  { kind: "dc", slot: 0, bytes: fromHex(`00${DC_LUMA}`) },
  { kind: "dc", slot: 1, bytes: fromHex(`01${DC_CHROMA}`) },
  { kind: "ac", slot: 0, bytes: fromHex(`10${AC_LUMA}`) },
  { kind: "ac", slot: 1, bytes: fromHex(`11${AC_CHROMA}`) },
];

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
