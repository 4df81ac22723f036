import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { asyncScheduler } from "rxjs";
import type { SchedulerLike } from "rxjs";
import { messageOf } from "../../core/errors.ts";
import { collect, watched } from "./http-body.ts";
import type { Repository } from "./repository.ts";
import { encodeName } from "./repository.ts";
import { UpdateError } from "./update-error.ts";

export interface HttpRepositoryOptions {
  readonly metadataUrl: string;
  /** @default metadataUrl */
  readonly targetsUrl?: string;
  /** Longest wait for an answer, and between two pieces of it. @default 30000 */
  readonly silenceMs?: number;
  /** Certificates (PEM) to trust instead of the system's. */
  readonly ca?: string;
}

/** A repository of static files on a web server. Redirects are refused: whatever they lead to, nobody configured it. */
export function createHttpRepository(
  options: HttpRepositoryOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Repository {
  const { metadataUrl, targetsUrl = metadataUrl } = options;
  return {
    async metadata(path, maxBytes, known) {
      const url = below(metadataUrl, path);
      const response = await get(
        url,
        known === undefined ? {} : { "if-none-match": known },
        options,
        scheduler,
      );
      const { statusCode = 0, headers } = response;
      if (statusCode === 200) {
        const tag = headers.etag ?? null;
        return {
          kind: "got",
          bytes: await collect(watched(response, maxBytes, options, scheduler), path, maxBytes),
          tag,
        };
      }
      response.destroy();
      if (statusCode === 304 && known !== undefined) return { kind: "unchanged" };
      // TUF 5.3.3: some stores answer 403 for what they do not have.
      if (statusCode === 404 || statusCode === 403) return { kind: "not-found" };
      throw unexpected(path, statusCode);
    },
    async target(path, fromBytes, lengthBytes) {
      const url = below(targetsUrl, path.split("/").map(encodeName).join("/"));
      const response = await get(
        url,
        fromBytes > 0 ? { range: `bytes=${fromBytes}-` } : {},
        options,
        scheduler,
      );
      const { statusCode = 0 } = response;
      const pieces = (maxBytes: number) => watched(response, maxBytes, options, scheduler);
      if (statusCode === 206 && startOf(response) === fromBytes)
        return { fromBytes, pieces: pieces(lengthBytes - fromBytes) };
      if (statusCode === 200) return { fromBytes: 0, pieces: pieces(lengthBytes) };
      response.destroy();
      if (fromBytes > 0 && (statusCode === 206 || statusCode === 416))
        return this.target(path, 0, lengthBytes);
      if (statusCode === 404 || statusCode === 403)
        throw new UpdateError("not-found", `the repository has no target ${path}`);
      throw unexpected(path, statusCode);
    },
  };
}

function below(base: string, path: string): URL {
  return new URL(path, base.endsWith("/") ? base : `${base}/`);
}

function startOf({ headers }: IncomingMessage): number {
  const [, start = ""] = /^bytes (\d+)-/.exec(headers["content-range"] ?? "") ?? [];
  return start === "" ? -1 : Number(start);
}

function unexpected(path: string, status: number): UpdateError {
  return new UpdateError("refused", `${path}: got status ${status}, expected 200`);
}

function get(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { silenceMs = 30_000, ca }: HttpRepositoryOptions,
  scheduler: SchedulerLike,
): Promise<IncomingMessage> {
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(url, {
      agent: false,
      headers: { ...headers, "accept-encoding": "identity" },
      ...(ca === undefined ? {} : { ca }),
    });
    const limit = scheduler.schedule(() => {
      outgoing.destroy(new UpdateError("timed-out", `${url.pathname}: no answer for ${silenceMs} ms`));
    }, silenceMs);
    outgoing.once("response", (response) => {
      limit.unsubscribe();
      resolve(response);
    });
    outgoing.once("error", (error) => {
      limit.unsubscribe();
      reject(
        error instanceof UpdateError
          ? error
          : new UpdateError("unreachable", `${url.pathname}: ${messageOf(error)}`, error),
      );
    });
    outgoing.end();
  });
}
