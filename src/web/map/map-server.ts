import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Observable } from "rxjs";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { createEventStreams } from "./event-streams.ts";
import type { EventStreams, MapEvent } from "./event-streams.ts";
import type { PageFiles } from "./page-files.ts";
import { readBody } from "./read-body.ts";
import { askedBy } from "./who-may-ask.ts";

/** What the page may ask for, by name; each gives JSON. Throws CamfenceError for a question that is none. */
export interface MapAnswers {
  readonly questions: ReadonlyMap<string, (query: URLSearchParams) => unknown>;
  readonly save: (body: unknown) => unknown;
}

export interface MapServerOptions {
  /** 0 = any that is free. */
  readonly port: number;
  /** What the address holds, and every request must know. */
  readonly token: string;
  readonly page: PageFiles;
  readonly answers: MapAnswers;
  /** What a page that looks on is told; the last of each kind also to one that comes later. */
  readonly events: Observable<MapEvent>;
}

export interface MapServer {
  readonly url: string;
  close(): void;
}

/**
 * The page's own code and nothing else, from nowhere else. Styles are in files only; MapLibre's worker is a file of ours;
 * its images are made in the page (blob:), and icons stand in its style sheet (data:).
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  // The address is a secret.
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // What is shown are sensitive places.
  "cache-control": "no-store",
} as const;

/** Serves the map page on this machine only. Throws CamfenceError `usage` where the port is taken. */
export async function serveMap(options: MapServerOptions): Promise<MapServer> {
  const streams = createEventStreams(options.events);
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 5000 }, (request, response) => {
    void answer(request, response, portOf(server), options, streams);
  });
  server.maxConnections = 64;
  await listening(server, options.port);
  return {
    url: `http://127.0.0.1:${portOf(server)}/${options.token}/`,
    close() {
      streams.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo | null)?.port ?? 0;

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", (cause) => {
      reject(
        new CamfenceError("usage", `--port ${port}: ${messageOf(cause)}; expected a free port`, { cause }),
      );
    });
    server.listen(port, "127.0.0.1");
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  { token, page, answers }: MapServerOptions,
  streams: EventStreams,
): Promise<void> {
  const say = (code: number, type: string, body: string | Buffer): void => {
    response.writeHead(code, { ...HEADERS, "content-type": type }).end(body);
  };
  const sayJson = (code: number, value: unknown) => say(code, "application/json", JSON.stringify(value));
  try {
    const asked = askedBy(request, { token, port });
    if (asked.outcome === "refused") return say(asked.code, "text/plain; charset=utf-8", `${asked.why}\n`);
    const { name, query } = asked;
    if (name === "save") return sayJson(200, await answers.save(await readBody(request)));
    if (name === "events") {
      response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
      return streams.attach(response);
    }
    const question = answers.questions.get(name);
    if (question !== undefined) return sayJson(200, await question(query));
    const file = page.get(name);
    return file === undefined ? say(404, "text/plain", "no such thing\n") : say(200, file.type, file.bytes);
  } catch (thrown) {
    const isTheirs = thrown instanceof CamfenceError;
    return sayJson(isTheirs ? 422 : 500, { error: messageOf(thrown) });
  }
}
