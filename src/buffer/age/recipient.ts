import { Encrypter } from "age-encryption";
import * as z from "zod";

/** The public half of an age key: `age1…`, with a checksum that shows a mistyped letter. */
export const AgeRecipient = z
  .string()
  .refine(isRecipient, "expected an age recipient, age1…, as of `camfence ingest keygen`");

function isRecipient(text: string): boolean {
  try {
    new Encrypter().addRecipient(text);
    return text.startsWith("age1");
  } catch {
    return false;
  }
}
