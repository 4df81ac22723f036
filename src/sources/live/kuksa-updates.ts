import { readFileSync } from "node:fs";
import type { ClientReadableStream, ServiceError, requestCallback } from "@grpc/grpc-js";
import { Client, Metadata, credentials, loadPackageDefinition } from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import { Observable } from "rxjs";
import * as z from "zod";
import { CamfenceError } from "../../core/errors.ts";
import { KUKSA_VAL_V2 } from "./kuksa-val-v2.ts";
import { LOCATION, OPTIONAL_LEAVES, REQUIRED_LEAVES, SPEED } from "./vss-location.ts";
import type { VssUpdate } from "./vss-update.ts";
import { vssUpdateOf } from "./vss-update.ts";

/** Messages that the databroker keeps for us when we are slow; older ones say nothing any more. */
const BUFFER_SIZE = 32;
const LIST_TIMEOUT_MS = 5000;

export interface KuksaLinkOptions {
  readonly host: string;
  readonly port: number;
  /** PEM certificates of who signed the databroker's; absent = no TLS. */
  readonly caFile?: string | undefined;
  /** Holds the JSON web token that the databroker asks for. */
  readonly tokenFile?: string | undefined;
  readonly speed: boolean;
}

/** Subscribes to the leaves of the location that the databroker knows. Fails with what the databroker answers. */
export function kuksaUpdates(options: KuksaLinkOptions): Observable<VssUpdate> {
  return new Observable((subscriber) => {
    const client = new VAL(`${options.host}:${options.port}`, credentialsOf(options));
    const metadata = metadataOf(options);
    let stream: ClientReadableStream<unknown> | undefined;
    const fail = (error: Error) => subscriber.error(error);
    const listed = (error: ServiceError | null, answer: unknown): void => {
      if (subscriber.closed) return;
      if (error !== null) return fail(error);
      const request = { signalPaths: leavesIn(answer, options), bufferSize: BUFFER_SIZE };
      stream = client.subscribe(request, metadata);
      stream.on("error", fail).on("end", () => subscriber.complete());
      stream.on("data", (response: unknown) => {
        const update = vssUpdateOf(response);
        if (update !== undefined) subscriber.next(update);
      });
    };
    client.listMetadata({ root: LOCATION }, metadata, { deadline: Date.now() + LIST_TIMEOUT_MS }, listed);
    return () => {
      // Cancelling makes it fail once more, with nobody to hear of it.
      stream?.on("error", () => {}).cancel();
      client.close();
    };
  });
}

interface ValClient extends Client {
  subscribe(request: object, metadata: Metadata): ClientReadableStream<unknown>;
  listMetadata(request: object, metadata: Metadata, options: object, done: requestCallback<unknown>): unknown;
}

const Listed = z.object({ metadata: z.array(z.object({ path: z.string() })).default([]) });

/** Subscribing to a leaf that the databroker does not know fails as a whole. */
function leavesIn(answer: unknown, { speed }: KuksaLinkOptions): readonly string[] {
  const known = new Set(Listed.parse(answer).metadata.map(({ path }) => path));
  return [
    ...REQUIRED_LEAVES,
    ...OPTIONAL_LEAVES.filter((path) => known.has(path)),
    ...(speed ? [SPEED] : []),
  ];
}

function credentialsOf({ caFile }: KuksaLinkOptions) {
  return caFile === undefined ? credentials.createInsecure() : credentials.createSsl(readFileSync(caFile));
}

function metadataOf({ tokenFile }: KuksaLinkOptions): Metadata {
  const metadata = new Metadata();
  if (tokenFile !== undefined) {
    metadata.set("authorization", `Bearer ${readFileSync(tokenFile, "utf8").trim()}`);
  }
  return metadata;
}

const VAL = clientClass();

function clientClass(): new (...args: ConstructorParameters<typeof Client>) => ValClient {
  const definition = fromJSON(KUKSA_VAL_V2 as Parameters<typeof fromJSON>[0], { longs: Number });
  const Service = z
    .custom<new (...args: ConstructorParameters<typeof Client>) => ValClient>(
      (found) => typeof found === "function",
    )
    .safeParse(memberAt(loadPackageDefinition(definition), ["kuksa", "val", "v2", "VAL"]));
  if (!Service.success) throw new CamfenceError("fault", "the databroker's service cannot be described");
  return Service.data;
}

function memberAt(from: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (found, name) => Object.getOwnPropertyDescriptor(found ?? {}, name)?.value,
    from,
  );
}
