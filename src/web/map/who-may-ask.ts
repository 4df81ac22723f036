import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What only the page that the printed address opened knows and is. */
export interface Welcome {
  readonly token: string;
  readonly port: number;
}

/** A request that may be answered, or why not. */
export type Asked =
  | { readonly outcome: "welcome"; readonly name: string; readonly query: URLSearchParams }
  | { readonly outcome: "refused"; readonly code: 403 | 404 | 405; readonly why: string };

/** The one thing that a page may do but look. */
const SAVE = "save";

/**
 * Looks at who asks before anything else is looked at. A name that was made to point to this machine (DNS rebinding)
 * fails at the host; a page from elsewhere at the origin, and at the token, which it cannot know.
 */
export function askedBy({ method, url, headers }: IncomingMessage, { token, port }: Welcome): Asked {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = "", origin } = headers;
  if (!hosts.includes(host)) return refused(403, "only for this machine, by the address that was printed");
  const { given, name, query } = partsOf(url ?? "");
  if (!isSame(given, token)) return refused(403, "wrong or missing token: open the address that was printed");
  if (origin !== undefined && origin !== `http://${host}`) return refused(403, "only for its own page");
  if (name !== SAVE)
    return method === "GET" ? { outcome: "welcome", name, query } : refused(405, "expected GET");
  if (method !== "POST") return refused(405, "expected POST");
  // A browser always says where a POST comes from.
  return origin === undefined ? refused(403, "only for its own page") : { outcome: "welcome", name, query };
}

const refused = (code: 403 | 404 | 405, why: string): Asked => ({ outcome: "refused", code, why });

/** `/TOKEN/name?query`, taken as it is: nothing is resolved, so that nothing leads elsewhere. */
function partsOf(url: string) {
  const [path = "", ...query] = url.split("?");
  const [before, given = "", name, ...more] = path.split("/");
  const isPlain = before === "" && more.length === 0;
  return {
    given,
    name: isPlain && name !== undefined ? name : "?",
    query: new URLSearchParams(query.join("?")),
  };
}

/** Takes as long for a near miss as for a far one. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
