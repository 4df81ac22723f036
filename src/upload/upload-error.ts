import type { Ending } from "./outcome.ts";

/** Carries the ending of an upload through the tus client. */
export class UploadError extends Error {
  override readonly name = "UploadError";
  readonly ending: Ending | "held";

  constructor(ending: Ending | "held", cause?: unknown) {
    super(ending === "held" ? ending : ending.kind, { cause });
    this.ending = ending;
  }
}

/** What an error of the tus client or of a request means: the ending that it carries, or what became of the socket. */
export function endingOf(thrown: unknown): Ending | "held" {
  for (let error = thrown; error instanceof Error; error = causeOf(error)) {
    if (error instanceof UploadError) return error.ending;
    const ending = socketEnding(error);
    if (ending !== null) return ending;
  }
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: "refused", why: "protocol", detail };
}

function causeOf(error: Error): unknown {
  return "causingError" in error ? error.causingError : error.cause;
}

function socketEnding(error: Error): Ending | null {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const detail = `${code}: ${error.message}`;
  if (UNREACHABLE.has(code)) return { kind: "retry-later", why: "unreachable", detail };
  if (code === "ETIMEDOUT") return { kind: "retry-later", why: "timed-out", detail };
  if (CUT.has(code)) return { kind: "retry-later", why: "cut", detail };
  if (UNTRUSTED.test(code)) return { kind: "refused", why: "untrusted", detail };
  // What a node without a code, such as llhttp's HPE_…, says is not HTTP.
  return code.startsWith("HPE_") ? { kind: "refused", why: "protocol", detail } : null;
}

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
]);
const CUT = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "ERR_STREAM_PREMATURE_CLOSE"]);
// OpenSSL's X509_V_ERR names as Node gives them, and Node's own.
const UNTRUSTED = /CERT|SIGNATURE|ISSUER|CRL|^ERR_TLS|^ERR_SSL|^EPROTO$/;
