import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { Health } from "./health.ts";
import type { Metrics } from "./metrics.ts";

export interface StatusServerOptions {
  readonly host: string;
  readonly port: number;
  readonly metrics: Pick<Metrics, "text" | "contentType">;
  readonly health: () => Health;
}

/** A page in a browser must not read these through a name that it points at this machine (DNS rebinding). */
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/** Serves `/metrics` and `/health` (200, or 503 when impaired). Rejects with `usage` when the port is taken. */
export async function serveStatus(
  options: StatusServerOptions,
): Promise<{ readonly url: string; close(): void }> {
  const server = createServer({ requestTimeout: 5000, headersTimeout: 5000 }, (request, response) => {
    void answer(request, response, options);
  });
  server.maxConnections = 32;
  await listening(server, options);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listening(server: Server, { host, port }: StatusServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", (cause) => {
      reject(new CamfenceError("usage", `metrics: ${cause.message}; expected a free port`, { cause }));
    });
    server.listen(port, host);
  });
}

async function answer(
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
  { metrics, health }: StatusServerOptions,
): Promise<void> {
  const say = (code: number, type: string, body: string): void => {
    response.writeHead(code, { "content-type": type, "cache-control": "no-store" }).end(body);
  };
  try {
    if (!LOOPBACK.test(headers.host ?? "")) return say(403, "text/plain", "only for this machine\n");
    if (method !== "GET" && method !== "HEAD") return say(405, "text/plain", "expected GET\n");
    if (url === "/metrics") return say(200, metrics.contentType, await metrics.text());
    if (url !== "/health") return say(404, "text/plain", "expected /metrics or /health\n");
    const found = health();
    say(found.status === "well" ? 200 : 503, "application/json", `${JSON.stringify(found)}\n`);
  } catch (thrown) {
    say(500, "text/plain", `${messageOf(thrown)}\n`);
  }
}
