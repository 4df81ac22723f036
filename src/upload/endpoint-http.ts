import { request as httpRequest } from "node:http";
import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { SchedulerLike } from "rxjs";
import type { Answer } from "./answer.ts";
import { agentFor } from "./endpoint-tls.ts";
import type { Pace } from "./pace.ts";
import { createPatience } from "./patience.ts";
import type { Patience } from "./patience.ts";
import type { RegionEndpoint } from "./region-endpoint.ts";
import type { Body } from "./segment-source.ts";
import { UploadError } from "./upload-error.ts";

export interface HttpOptions {
  readonly pace: Pace;
  /** Longest time without a byte accepted, and from the last byte to the whole answer. */
  readonly silenceMs: number;
}

export interface HttpAnswer extends Answer {
  readonly header: (name: string) => string | undefined;
}

/** Requests to the endpoint of one region, and to nothing else. */
export interface EndpointHttp {
  /**
   * Rejects with UploadError or the socket's error; then the request is over. `onRequest` gets the way to cut it.
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body | null;
  readonly signal: AbortSignal;
}

export function createEndpointHttp(
  region: RegionEndpoint,
  options: HttpOptions,
  scheduler: SchedulerLike,
): EndpointHttp {
  const agent = agentFor(region);
  return {
    async send(request) {
      const url = checkedUrl(request.url, region.endpoint);
      const patience = createPatience(options.silenceMs, scheduler);
      try {
        return await exchange(open(url, request, region, agent), request, patience, options.pace);
      } finally {
        patience.end();
      }
    },
    close: () => agent.destroy(),
  };
}

/**
 * Rule 6: whatever names a place to send to (the configuration, a `Location` of the receiver, the file of uploads
 * under way), nothing goes anywhere but below the endpoint that is configured for the region.
 */
function checkedUrl(text: string, endpoint: URL): URL {
  const url = new URL(text);
  if (url.origin === endpoint.origin && url.pathname.startsWith(endpoint.pathname)) return url;
  const detail = `got ${url.origin}${url.pathname} to send to, expected ${endpoint.origin}${endpoint.pathname}…`;
  throw new UploadError({ kind: "refused", why: "redirect", detail });
}

function open(
  url: URL,
  { method, headers, body, signal }: HttpRequest,
  region: RegionEndpoint,
  agent: Agent,
) {
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const access = region.token === undefined ? {} : { authorization: `Bearer ${region.token}` };
  const length = { "content-length": String(body?.size ?? 0) };
  return send(url, { method, agent, signal, headers: { ...headers, ...access, ...length } });
}

async function exchange(
  outgoing: ClientRequest,
  { method, body }: HttpRequest,
  patience: Patience,
  pace: Pace,
): Promise<HttpAnswer> {
  patience.onEnd((error) => outgoing.destroy(error));
  const answered = answerTo(outgoing, method);
  const written = write(outgoing, body, patience, pace).catch((thrown: unknown) => {
    outgoing.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
  });
  const answer = await answered;
  // A receiver may refuse before it has read everything; what is still being written then goes nowhere.
  if (!outgoing.writableFinished) outgoing.destroy();
  await written;
  return answer;
}

async function write(
  outgoing: ClientRequest,
  body: Body | null,
  patience: Patience,
  pace: Pace,
): Promise<void> {
  if (body === null) return void outgoing.end();
  for await (const chunk of body.chunks()) {
    patience.pause();
    await pace(chunk.length);
    patience.renew();
    if (!outgoing.write(chunk)) await drained(outgoing);
    if (outgoing.destroyed) return;
  }
  outgoing.end();
  patience.renew();
}

function drained(outgoing: ClientRequest): Promise<void> {
  if (outgoing.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      outgoing.off("drain", end).off("close", end);
      resolve();
    };
    outgoing.on("drain", end).on("close", end);
  });
}

function answerTo(outgoing: ClientRequest, method: string): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    outgoing.once("error", reject);
    outgoing.once("response", (response: IncomingMessage) => {
      readText(response).then((body) => resolve(answerOf(response, method, body)), reject);
    });
  });
}

function answerOf({ statusCode = 0, headers }: IncomingMessage, method: string, body: string): HttpAnswer {
  const header = (name: string): string | undefined => headers[name.toLowerCase()]?.toString();
  return { method, status: statusCode, body, header };
}

// A receipt has under 500 bytes.
const MAX_ANSWER_BYTES = 64 * 1024;

async function readText(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES) throw tooLong();
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function tooLong(): UploadError {
  const detail = `got an answer of over ${MAX_ANSWER_BYTES} bytes`;
  return new UploadError({ kind: "refused", why: "protocol", detail });
}
