import { createHash } from "node:crypto";
import type * as z from "zod";

/** A small JSON value under the hash of itself, so that a torn one is known for it. */
export function stamp(value: unknown): string {
  const text = JSON.stringify(value);
  return `${sha256(text)}\n${text}\n`;
}

/** The value, or null where it is torn or no such value. */
export function unstamp<T>(bytes: Buffer, schema: z.ZodType<T>): T | null {
  const [hash, text = ""] = bytes.toString("utf8").split("\n");
  if (hash !== sha256(text)) return null;
  const parsed = schema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
