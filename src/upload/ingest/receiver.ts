import { createServer as createHttpServer } from "node:http";
import type { IncomingMessage, Server as HttpServer, ServerOptions, ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { asyncScheduler, firstValueFrom, interval, race, Subject, timer } from "rxjs";
import type { SchedulerLike } from "rxjs";
import { messageOf } from "../../core/errors.ts";
import type { Access } from "./access.ts";
import { receiptFor } from "./receipt-request.ts";
import { refusalBody, REFUSALS } from "./refusal.ts";
import type { Refusal } from "./refusal.ts";
import { createTusServer, TUS_PATH } from "./tus-endpoint.ts";
import type { EndpointOptions } from "./tus-endpoint.ts";

export interface ReceiverOptions extends EndpointOptions {
  readonly access: Access;
  /** PEM of the certificate chain and its key. @default plain HTTP, for this machine or behind a proxy with TLS */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface Receiver {
  /** Resolves when connections are accepted. Rejects when the address is not to be had. */
  listen(host: string, port: number): Promise<AddressInfo>;
  /** Takes no new connection, lets requests under way end within `graceMs`, then cuts them. */
  stop(graceMs: number): Promise<void>;
}

// Requests carry small headers, and a connection that says nothing is nobody's.
const HEADERS_MS = 10_000;
const CHECK_EVERY_MS = 1000;
const EXPIRE_EVERY_MS = 3600 * 1000;

/**
 * The data centre's receiver: tus under `/segments`, signed receipts under `/receipts/<segment>`, `/health`. All but
 * the last need access. Keeps nothing in memory between requests that another receiver of the same store could not do
 * without.
 */
export function createReceiver(
  options: ReceiverOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Receiver {
  const tus = createTusServer(options);
  const server = serverOf(options, (request, response) => {
    const answer = isTusRequest(request) ? tus.handle(request, response) : reply(request, response, options);
    answer.catch((thrown: unknown) => failed(response, thrown, options));
  });
  const expiry = interval(EXPIRE_EVERY_MS, scheduler).subscribe(() => {
    tus.cleanUpExpiredUploads().catch((thrown: unknown) => options.onFault(messageOf(thrown)));
  });
  return {
    listen: (host, port) => listen(server, host, port),
    async stop(graceMs) {
      expiry.unsubscribe();
      const closed = new Subject<0>();
      server.close(() => closed.next(0));
      server.closeIdleConnections();
      await firstValueFrom(race(closed, timer(graceMs, scheduler)));
      server.closeAllConnections();
    },
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Access is checked before anything else of a request is looked at. */
function serverOf({ tls, limits, access }: ReceiverOptions, handle: Handler): HttpServer {
  const options: ServerOptions = {
    requestTimeout: limits.requestMs,
    headersTimeout: Math.min(HEADERS_MS, limits.requestMs),
    connectionsCheckingInterval: CHECK_EVERY_MS,
  };
  const guarded: Handler = (request, response) => {
    if (request.url === "/health") response.end("ok\n");
    else if (access(request.headers.authorization)) handle(request, response);
    else refuse(response, "no-access", "expected Authorization: Bearer and a token that this receiver knows");
  };
  return tls === undefined
    ? createHttpServer(options, guarded)
    : createHttpsServer({ ...options, ...tls }, guarded);
}

/** Nothing but creating, asking and appending: held segments are neither read nor deleted over the network. */
function isTusRequest({ method, url = "" }: IncomingMessage): boolean {
  if (method === "POST") return url === TUS_PATH;
  return (method === "HEAD" || method === "PATCH") && url.startsWith(`${TUS_PATH}/`);
}

async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  options: ReceiverOptions,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://receiver");
  if (request.method === "DELETE" && url.pathname.startsWith(`${TUS_PATH}/`))
    return abandon(url.pathname.slice(TUS_PATH.length + 1), response, options);
  const id = /^\/receipts\/([A-Za-z0-9-]{1,128})$/.exec(url.pathname)?.[1];
  if (id === undefined)
    return refuse(response, "unknown", "expected POST, HEAD or PATCH /segments, or GET /receipts/ID");
  if (request.method !== "GET") return refuse(response, "bad-method", "expected GET");
  const receipt = await receiptFor(id, url.searchParams.get("upload"), options);
  if (receipt === null) return refuse(response, "unknown", `segment ${id} is not held`);
  response.setHeader("Content-Type", "application/json");
  response.end(`${JSON.stringify(receipt)}\n`);
}

/** As the tus server makes them: nobody guesses one, and none is a path. */
const UPLOAD_ID = /^[0-9a-f]{32}$/;

/** A vehicle takes back what it has not yet brought to its end. */
async function abandon(
  uploadId: string,
  response: ServerResponse,
  { depot }: ReceiverOptions,
): Promise<void> {
  if (!UPLOAD_ID.test(uploadId)) return refuse(response, "unknown", "there is no such upload");
  await depot.drop(uploadId);
  response.writeHead(204).end();
}

function failed(response: ServerResponse, thrown: unknown, { onFault }: ReceiverOptions): void {
  if (isRefusal(thrown)) return void response.writeHead(thrown.status_code).end(thrown.body);
  onFault(messageOf(thrown));
  if (response.headersSent) response.destroy();
  else refuse(response, "fault", "our fault; come later");
}

function isRefusal(thrown: unknown): thrown is { status_code: number; body: string } {
  return typeof thrown === "object" && thrown !== null && "status_code" in thrown && "body" in thrown;
}

/** Closes the connection: what may still come in of the request's body is not wanted. */
function refuse(response: ServerResponse, refusal: Refusal, message: string): void {
  response.writeHead(REFUSALS[refusal], { "Content-Type": "application/json", Connection: "close" });
  response.end(refusalBody(refusal, message));
}

function listen(server: HttpServer, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}
