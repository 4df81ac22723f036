import { LIMITS } from "../../upload/ingest/creation.ts";
import type { Limits } from "../../upload/ingest/creation.ts";
import { numberOption } from "../arguments.ts";

export const LIMIT_OPTIONS = {
  "max-bytes": { type: "string" },
  "max-uploads": { type: "string" },
  "min-free": { type: "string" },
  "request-seconds": { type: "string" },
} as const;

type Texts = { readonly [Name in keyof typeof LIMIT_OPTIONS]?: string | undefined };

/** Throws a `usage` error naming the option for what is no number in its range. */
export function limitsOf(texts: Texts): Limits {
  const option = (name: keyof Texts, least: number, most: number): number | undefined => {
    const text = texts[name];
    return text === undefined ? undefined : Math.floor(numberOption(name, text, least, most));
  };
  const requestSeconds = option("request-seconds", 1, 86_400);
  return {
    maxBytes: option("max-bytes", 1, Number.MAX_SAFE_INTEGER) ?? LIMITS.maxBytes,
    maxOpenUploads: option("max-uploads", 1, 1_000_000) ?? LIMITS.maxOpenUploads,
    minFreeBytes: option("min-free", 0, Number.MAX_SAFE_INTEGER) ?? LIMITS.minFreeBytes,
    requestMs: requestSeconds === undefined ? LIMITS.requestMs : requestSeconds * 1000,
  };
}
