import { createHash, timingSafeEqual } from "node:crypto";

/** Whether a request's `Authorization` header grants access. */
export type Access = (authorization: string | undefined) => boolean;

export const anyone: Access = () => true;

/**
 * Access for the holders of these tokens. Digests are compared, all of them and each in constant time, so that how
 * long it takes tells nothing of a token or of which one fits.
 */
export function tokenAccess(tokens: readonly string[]): Access {
  const known = tokens.map(digest);
  return (authorization) => {
    const given = digest(/^Bearer (\S+)$/.exec(authorization ?? "")?.[1] ?? "");
    return known.map((token) => timingSafeEqual(token, given)).includes(true);
  };
}

/** One token a line, of 16 characters or more; empty lines and lines that begin with # do not count. */
export function parseTokens(text: string): {
  readonly tokens: readonly string[];
  readonly badLines: readonly number[];
} {
  const lines = text.split(/\r?\n/).map((line, i) => ({ number: i + 1, token: line.trim() }));
  const stated = lines.filter(({ token }) => token !== "" && !token.startsWith("#"));
  const isToken = (token: string): boolean => /^[\x21-\x7e]{16,1024}$/.test(token);
  return {
    tokens: stated.filter(({ token }) => isToken(token)).map(({ token }) => token),
    badLines: stated.filter(({ token }) => !isToken(token)).map(({ number }) => number),
  };
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
