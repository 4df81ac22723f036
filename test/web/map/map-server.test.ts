import { request } from "node:http";
import { ReplaySubject } from "rxjs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CamfenceError } from "../../../src/core/errors.ts";
import type { MapEvent } from "../../../src/web/map/event-streams.ts";
import type { MapServer } from "../../../src/web/map/map-server.ts";
import { serveMap } from "../../../src/web/map/map-server.ts";

const TOKEN = "A-token_of-22-letters0";
const events = new ReplaySubject<MapEvent>(2);
const saved: unknown[] = [];
let server: MapServer;
let port = 0;

beforeAll(async () => {
  server = await serveMap({
    port: 0,
    token: TOKEN,
    page: new Map([["", { type: "text/html; charset=utf-8", bytes: Buffer.from("<p>page</p>") }]]),
    answers: {
      questions: new Map<string, (query: URLSearchParams) => unknown>([
        ["state", () => ({ revision: 1 })],
        ["echo", (query) => query.get("q")],
        ["wrong", () => fail(new CamfenceError("usage", "lat: got nothing"))],
        ["broken", () => fail(new TypeError("ours"))],
      ]),
      save: (body) => saved.push(body),
    },
    events,
  });
  port = Number(new URL(server.url).port);
});
afterAll(() => server.close());

function fail(error: Error): never {
  throw error;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Not `fetch`, which sets Host and tidies paths. */
function ask(path: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () =>
        resolve({
          code: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(pieces).toString(),
        }),
      );
    });
    asking.on("error", reject);
    asking.end(body);
  });
}

it("listens on this machine only, at an address that holds the token", () => {
  expect(server.url).toBe(`http://127.0.0.1:${port}/${TOKEN}/`);
});

it("serves the page and its questions to whoever has the token", async () => {
  expect(await ask(`/${TOKEN}/`)).toMatchObject({ code: 200, text: "<p>page</p>" });
  expect(await ask(`/${TOKEN}/state`)).toMatchObject({ code: 200, text: '{"revision":1}' });
  expect(await ask(`/${TOKEN}/echo?q=a%20b`)).toMatchObject({ code: 200, text: '"a b"' });
});

it("lets the page's own code in and nothing else", async () => {
  const { headers } = await ask(`/${TOKEN}/`);
  const policy = String(headers["content-security-policy"]);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(headers).toMatchObject({
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
});

it.each([
  ["no token", "/", 403],
  ["no token, a name", "/state", 403],
  ["a wrong token", `/${TOKEN.replace("A", "B")}/state`, 403],
  ["the beginning of the token", `/${TOKEN.slice(0, -1)}/state`, 403],
  ["more than the token", `/${TOKEN}0/state`, 403],
  ["the token in the query", `/state?token=${TOKEN}`, 403],
  ["a name that is none", `/${TOKEN}/nothing`, 404],
  ["a path upwards", `/${TOKEN}/../../etc/passwd`, 404],
  ["a path upwards, escaped", `/${TOKEN}/..%2f..%2fetc%2fpasswd`, 404],
  ["a path below a name", `/${TOKEN}/state/more`, 404],
  ["an absolute address of another host", `//other/${TOKEN}/state`, 403],
  ["a name of every object", `/${TOKEN}/constructor`, 404],
])("refuses %s", async (_name, path, code) => {
  expect((await ask(path)).code).toBe(code);
});

it("refuses names that were made to point to this machine", async () => {
  for (const host of [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1",
    `127.0.0.1:${port + 1}`,
    `127.0.0.1.evil.example:${port}`,
  ])
    expect((await ask(`/${TOKEN}/state`, { headers: { host } })).code, host).toBe(403);
  expect((await ask(`/${TOKEN}/state`, { headers: { host: `localhost:${port}` } })).code).toBe(200);
});

it("refuses pages from elsewhere, though they had the token", async () => {
  for (const origin of [
    "http://evil.example",
    "null",
    `http://127.0.0.1:${port + 1}`,
    `https://127.0.0.1:${port}`,
  ])
    expect((await ask(`/${TOKEN}/state`, { headers: { origin } })).code, origin).toBe(403);
  const origin = `http://127.0.0.1:${port}`;
  expect((await ask(`/${TOKEN}/state`, { headers: { origin } })).code).toBe(200);
});

it("takes nothing in but a save of its own page", async () => {
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
    expect((await ask(`/${TOKEN}/state`, { method })).code, method).toBe(405);
  const origin = `http://127.0.0.1:${port}`;
  const json = { "content-type": "application/json" };
  const save = (asked: Asked) => ask(`/${TOKEN}/save`, { method: "POST", body: "{}", ...asked });
  expect((await ask(`/${TOKEN}/save`)).code).toBe(405);
  expect((await save({ headers: json })).code).toBe(403);
  expect((await save({ headers: { ...json, origin: "http://evil.example" } })).code).toBe(403);
  expect((await save({ headers: { "content-type": "text/plain", origin } })).code).toBe(422);
  expect((await save({ headers: { ...json, origin }, body: "{" })).code).toBe(422);
  expect(saved).toEqual([]);
  expect((await save({ headers: { ...json, origin }, body: '{"a":1}' })).code).toBe(200);
  expect(saved).toEqual([{ a: 1 }]);
});

it("says what was wrong with a question", async () => {
  expect(await ask(`/${TOKEN}/wrong`)).toMatchObject({ code: 422, text: '{"error":"lat: got nothing"}' });
  expect((await ask(`/${TOKEN}/broken`)).code).toBe(500);
});

it("a body without end is cut off", async () => {
  const headers = { "content-type": "application/json", origin: `http://127.0.0.1:${port}` };
  const body = `"${"x".repeat(9 * 1024 * 1024)}"`;
  const code = await ask(`/${TOKEN}/save`, { method: "POST", headers, body }).then(
    (answer) => answer.code,
    () => "cut off",
  );
  expect([422, "cut off"]).toContain(code);
  expect(saved).toHaveLength(1);
});

it("tells a page that comes later the last of each kind of event, and what happens then", async () => {
  events.next({ kind: "zones", revision: 1 });
  events.next({ kind: "zones", revision: 2 });
  events.next({ kind: "drives", revision: 2 });
  const stop = new AbortController();
  const response = await fetch(`${server.url}events`, { signal: stop.signal });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = response.body?.getReader();
  let text = "";
  const readUntil = async (end: string) => {
    while (!text.includes(end)) text += new TextDecoder().decode((await reader?.read())?.value);
  };
  await readUntil("event: drives\ndata: 2\n\n");
  expect(text).toBe("retry: 1000\n\nevent: zones\ndata: 2\n\nevent: drives\ndata: 2\n\n");
  events.next({ kind: "zones", revision: 3 });
  await readUntil("data: 3\n\n");
  stop.abort();
});

it("a port that is taken is wrong usage", async () => {
  const again = serveMap({
    port,
    token: TOKEN,
    page: new Map(),
    answers: { questions: new Map(), save: () => null },
    events,
  });
  await expect(again).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining(`--port ${port}`),
  });
});
