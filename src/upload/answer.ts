import type { Ending, RefusalReason, RetryReason } from "./outcome.ts";

/** An HTTP answer that says how things stand. */
export interface Answer {
  readonly method: string;
  readonly status: number;
  readonly body: string;
}

/**
 * What an answer means. `go-on`: the upload proceeds, or (404 and 410 to the question how far it is) starts over.
 * `held`: the receiver has this segment already. No answer is ever taken for a delivery: only a receipt is.
 */
export function meaningOf(answer: Answer): "go-on" | "held" | Ending {
  const { method, status } = answer;
  if (status === 208) return "held";
  if (status >= 200 && status < 300) return "go-on";
  if (method === "HEAD" && (status === 404 || status === 410)) return "go-on";
  return failureOf(answer);
}

function failureOf({ method, status, body }: Answer): Ending {
  const detail = `${method} was answered ${status}: ${printable(body)}`;
  if (status === 460) return { kind: "wrong-hash", detail };
  if (status === 421) return { kind: "wrong-region", detail };
  if (status === 409 && method === "POST") return { kind: "refused", why: "taken", detail };
  if (method === "PATCH" && (status === 404 || status === 410))
    return { kind: "retry-later", why: "upload-lost", detail };
  // Rule 6: to the same host or another, a redirect leads to a place that nobody configured.
  if (status >= 300 && status < 400) return { kind: "refused", why: "redirect", detail };
  const retry = RETRIES[status] ?? (status >= 500 ? "receiver-fault" : undefined);
  if (retry !== undefined) return { kind: "retry-later", why: retry, detail };
  return { kind: "refused", why: REFUSED[status] ?? "protocol", detail };
}

const RETRIES: Readonly<Record<number, RetryReason>> = {
  408: "busy",
  409: "conflict",
  423: "locked",
  425: "busy",
  429: "busy",
  503: "busy",
  507: "receiver-full",
};

const REFUSED: Readonly<Record<number, RefusalReason>> = {
  401: "no-access",
  403: "forbidden",
  413: "too-large",
  422: "unopenable",
};

const DETAIL_CHARACTERS = 200;

/** The beginning of what a receiver said, fit for a ledger and a terminal. */
function printable(body: string): string {
  return body
    .slice(0, DETAIL_CHARACTERS)
    .replaceAll(/[^\x20-\x7e]+/g, " ")
    .trim();
}
