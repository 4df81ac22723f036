import { RECIPIENT } from "../kit/buffer.ts";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BehaviorSubject, NEVER, of, throwError } from "rxjs";
import { afterEach, expect, test } from "vitest";
import { pinOf } from "../../src/upload/endpoint-tls.ts";
import { Regions, routeOf } from "../../src/upload/region-endpoint.ts";
import { openResumeFile } from "../../src/upload/resume-file.ts";
import { tempDir } from "../kit/cli.ts";
import { createDataCentre, sealSegment } from "./kit/data-centre.ts";
import { fakeReceiver } from "./kit/fake-receiver.ts";
import type { Answering } from "./kit/fake-receiver.ts";
import { startIngest } from "./kit/processes.ts";
import { createVehicle, isSent, kindsOf } from "./kit/uploading.ts";

const KEY = `ed25519:${Buffer.alloc(32, 7).toString("base64")}`;
const GOOD = { id: "cn", endpoint: "https://dc.example/in", recipient: RECIPIENT, receiptKey: KEY };

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function receiver(answering: Answering = () => undefined, id = "a") {
  const vehicle = createVehicle();
  const segment = vehicle.put(id, randomBytes(10_000));
  const fake = await fakeReceiver(() => segment, answering);
  open.push(() => fake.close());
  return { vehicle, segment, fake };
}

test.each([
  ["plain HTTP over the network", { endpoint: "http://dc.example/" }],
  ["plain HTTP to what only looks like this machine", { endpoint: "http://127.0.0.1.dc.example/" }],
  ["another protocol", { endpoint: "ftp://dc.example/" }],
  ["no URL", { endpoint: "dc.example" }],
  ["a password in the URL", { endpoint: "https://u:p@dc.example/" }],
  ["a query in the URL", { endpoint: "https://dc.example/?to=x" }],
  ["no age recipient", { recipient: "AGE-SECRET-KEY-1" }],
  ["no receipt key", { receiptKey: undefined }],
  ["a receipt key of another kind", { receiptKey: "ed25519:AAAA" }],
  ["a receipt key with something behind it", { receiptKey: `${KEY}AAAA` }],
  ["a pin of the wrong length", { pin: "AAAA" }],
  ["a token that would break a header", { token: "a\r\nb" }],
  ["an unknown field", { also: 1 }],
  ["an id that is none", { id: "../cn" }],
])("a region with %s is refused", (_what, change) => {
  expect(Regions.safeParse([GOOD]).success).toBe(true);
  expect(Regions.safeParse([{ ...GOOD, ...change }]).success).toBe(false);
});

test("a region that stands twice is refused, as it would have two data centres", () => {
  expect(Regions.safeParse([GOOD, { ...GOOD, endpoint: "https://other.example/" }]).success).toBe(false);
});

test("a segment goes to the endpoint of its region or nowhere", () => {
  const regions = Regions.parse([GOOD, { ...GOOD, id: "eu", endpoint: "https://eu.example" }]);
  expect(routeOf("eu", regions)).toMatchObject({ id: "eu" });
  expect(routeOf(null, regions)).toBe("no-region");
  expect(routeOf("us", regions)).toBe("no-endpoint");
  expect(routeOf("c", regions)).toBe("no-endpoint");
});

test("segments without a region, of an unknown one, not judged again or held stay, and no byte of them leaves", async () => {
  const { vehicle, fake } = await receiver(undefined, "z");
  vehicle.put("a-null", randomBytes(10), { region: null, state: "held" });
  // A store that is wrong about the state does not make it leave.
  vehicle.put("b-null", randomBytes(10), { region: null, state: "ready" });
  vehicle.put("c-us", randomBytes(10), { region: "us" });
  vehicle.put("d-unchecked", randomBytes(10), { state: "unchecked" });
  vehicle.put("e-held", randomBytes(10), { state: "held" });
  const outcomes = await vehicle.upload([fake.config()], isSent);
  expect(kindsOf(outcomes).toSorted()).toEqual([
    "a-null stays no-region",
    "b-null stays no-region",
    "c-us stays no-endpoint",
    "z sent",
  ]);
  expect(vehicle.ids()).toEqual(["a-null", "b-null", "c-us", "d-unchecked", "e-held"]);
  expect(fake.requests.filter((request) => request.startsWith("POST"))).toHaveLength(1);
});

test.each(["POST", "HEAD", "PATCH", "GET"])(
  "a redirect of %s to another port is not followed",
  async (method) => {
    const { fake: elsewhere } = await receiver();
    let cutFirst = method === "HEAD";
    const { vehicle, fake } = await receiver((request, response) => {
      if (cutFirst && request.method === "PATCH") {
        cutFirst = false;
        request.socket.resetAndDestroy();
        return true;
      }
      if (request.method !== method) return undefined;
      response.writeHead(307, { Location: elsewhere.url }).end();
      return true;
    });
    const outcomes = await vehicle.upload([fake.config()], ({ kind }) => kind !== "retry-later");
    expect(kindsOf(outcomes).at(-1)).toBe("a refused redirect");
    expect(elsewhere.requests).toEqual([]);
    expect(vehicle.ids()).toEqual(["a"]);
  },
);

test.each([
  ["another port", (url: string) => `${url}segments/abc`],
  ["another host", () => "http://localhost:1/segments/abc"],
  ["a place outside of the endpoint's path", () => "/elsewhere/abc"],
])("an upload that the receiver places at %s is refused", async (_where, place) => {
  const { fake: elsewhere } = await receiver();
  const { vehicle, fake } = await receiver((request, response) => {
    if (request.method !== "POST") return undefined;
    response.writeHead(201, { Location: place(elsewhere.url) }).end();
    return true;
  });
  const outcomes = await vehicle.upload([fake.config({ endpoint: `${fake.url}in` })], () => true);
  expect(kindsOf(outcomes)).toEqual(["a refused redirect"]);
  expect(elsewhere.requests).toEqual([]);
  expect(fake.requests).toEqual(["POST /in/segments"]);
});

test("a resume file that names another host leads nowhere", async () => {
  const { fake: elsewhere } = await receiver();
  const { vehicle, segment, fake } = await receiver();
  const upload = { size: 1, metadata: {}, creationTime: "", uploadUrl: `${elsewhere.url}segments/abc` };
  const key = `cn ${fake.url} a ${segment.sha256}`;
  writeFileSync(
    join(vehicle.folder, "uploads.json"),
    JSON.stringify({ version: 1, uploads: { [key]: upload } }),
  );
  const outcomes = await vehicle.upload([fake.config()], () => true);
  expect(kindsOf(outcomes)).toEqual(["a refused redirect"]);
  expect(elsewhere.requests).toEqual([]);
});

test.each(["{", "[]", '{"version":2,"uploads":{}}', '{"version":1,"uploads":{"x":1}}', ""])(
  "a resume file that reads %j only costs what was under way",
  async (text) => {
    const { vehicle, fake } = await receiver();
    writeFileSync(join(vehicle.folder, "uploads.json"), text);
    expect(kindsOf(await vehicle.upload([fake.config()], () => true))).toEqual(["a sent"]);
  },
);

test("what a killed writer left beside the resume file is gone with the next start", async () => {
  const folder = tempDir();
  for (const name of ["uploads.json.0a1b.tmp", "other.json.0a1b.tmp"]) writeFileSync(join(folder, name), "{");
  expect(await openResumeFile(join(folder, "uploads.json")).findAllUploads()).toEqual([]);
  expect(readdirSync(folder)).toEqual(["other.json.0a1b.tmp"]);
});

test("nothing leaves while the link is not allowed, or nobody knows whether it is", async () => {
  for (const allowed of [of(false), NEVER, throwError(() => new Error("no such modem"))]) {
    const { vehicle, fake } = await receiver();
    const uploading = vehicle.upload([fake.config()], () => true, { allowed }, 300);
    await expect(uploading).rejects.toThrow("not within 300 ms");
    expect(fake.requests).toEqual([]);
    expect(vehicle.ids()).toContain("a");
  }
});

test("a link that closes before the first request lets none out", async () => {
  const { vehicle, fake } = await receiver();
  const allowed = new BehaviorSubject(true);
  const resume = openResumeFile(join(vehicle.folder, "uploads.json"));
  const closing = {
    ...resume,
    findUploadsByFingerprint: async (fingerprint: string) => {
      allowed.next(false);
      return resume.findUploadsByFingerprint(fingerprint);
    },
  };
  const uploading = vehicle.upload([fake.config()], () => true, { allowed, resume: closing }, 300);
  await expect(uploading).rejects.toThrow("not within 300 ms");
  expect(fake.requests).toEqual([]);
});

test("a receiver of another region refuses a segment, by what is said beside it and by what is sealed inside", async () => {
  const centre = await createDataCentre("eu");
  const ingest = await startIngest([...centre.args, "--dir", centre.archive]);
  open.push(() => ingest.end("SIGKILL"));
  const vehicle = createVehicle();
  vehicle.put("cn-1", await sealSegment({ id: "cn-1", region: "cn", bytes: 1000 }, centre.recipient));
  // A vehicle set up wrong: its region cn points to the data centre of eu.
  const beside = await vehicle.upload([centre.config(ingest.url, { id: "cn" })], () => true);
  expect(kindsOf(beside)).toEqual(["cn-1 wrong-region"]);
  // A vehicle that says eu of a segment that was sealed as one of cn, or of no region.
  for (const [id, region] of [
    ["cn-2", "cn"],
    ["no-1", null],
  ] as const) {
    const liar = createVehicle();
    liar.put(id, await sealSegment({ id, region, bytes: 1000 }, centre.recipient), { region: "eu" });
    const inside = await liar.upload([centre.config(ingest.url)], () => true);
    expect(kindsOf(inside)).toEqual([`${id} wrong-region`]);
    expect(liar.ids()).toEqual([id]);
  }
  // The id inside is another one.
  const renamed = createVehicle();
  renamed.put("x", await sealSegment({ id: "y", region: "eu", bytes: 1000 }, centre.recipient), {
    region: "eu",
  });
  expect(kindsOf(await renamed.upload([centre.config(ingest.url)], () => true))).toEqual([
    "x refused unopenable",
  ]);
  expect(centre.held()).toEqual({});
  expect(centre.incoming()).toEqual([]);
});

/** A self-signed certificate for 127.0.0.1, by openssl. */
function certificate(dir: string, name: string) {
  const file = (end: string): string => join(dir, `${name}.${end}`);
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file("key")];
  execFileSync("openssl", ["req", "-x509", ...key, ...subject, "-out", file("crt")], { stdio: "pipe" });
  return {
    args: ["--tls-cert", file("crt"), "--tls-key", file("key")],
    pem: readFileSync(file("crt"), "utf8"),
  };
}

/** The pin as openssl's own commands make it. */
function opensslPin(pem: string): string {
  const shell =
    "openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64";
  return execFileSync("sh", ["-c", shell], { input: pem, encoding: "utf8" }).trim();
}

test("over TLS a segment goes only to a receiver that is trusted, is the host, and has the pinned key", async () => {
  const centre = await createDataCentre("cn");
  const [ours, other] = [certificate(centre.dir, "ours"), certificate(centre.dir, "other")];
  const ingest = await startIngest([...centre.args, "--dir", centre.archive, ...ours.args]);
  open.push(() => ingest.end("SIGKILL"));
  const vehicle = createVehicle();
  vehicle.put("s", await sealSegment({ id: "s", region: "cn", bytes: 1000 }, centre.recipient));
  const attempt = async (rest: Record<string, unknown>, url = ingest.url) =>
    kindsOf(await vehicle.upload([centre.config(url, rest)], () => true))[0];

  expect(await attempt({})).toBe("s refused untrusted");
  expect(await attempt({ ca: other.pem })).toBe("s refused untrusted");
  expect(await attempt({ ca: ours.pem }, ingest.url.replace("127.0.0.1", "localhost"))).toBe(
    "s refused untrusted",
  );
  expect(await attempt({ ca: ours.pem, pin: pinOf(other.pem) })).toBe("s refused untrusted");
  expect(vehicle.ids()).toEqual(["s"]);
  expect(centre.incoming()).toEqual([]);
  expect(pinOf(ours.pem)).toBe(opensslPin(ours.pem));
  expect(await attempt({ ca: ours.pem, pin: pinOf(ours.pem) })).toBe("s sent");
});
