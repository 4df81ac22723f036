import type { Readable } from "node:stream";
import type { S3 } from "@aws-sdk/client-s3";
import { parseReceipt } from "../receipt.ts";
import type { Receipt } from "../receipt.ts";
import type { Archive } from "./archive.ts";
import { UPLOAD_EXPIRES_MS } from "./staging.ts";
import type { Staging } from "./staging.ts";

export interface S3Options {
  /** Of the service, such as https://s3.cn-north-1.amazonaws.com.cn. Keys come from the environment, as AWS's own tools take them. */
  readonly endpoint: string;
  readonly bucket: string;
  /** @default us-east-1 */
  readonly region?: string;
}

interface Bucket {
  readonly s3: S3;
  readonly name: string;
}

/**
 * A bucket with uploads under their own ids, `segments/<id>/<sha256>.mcap.age` and `receipts/<id>.json`. Any number of
 * receivers may use it. Needs what S3 promises since 2020: that a read or listing shows every write before it. Does not
 * need conditional writes: the place of a segment is its content's, and of two contents under one id that meet, none
 * or the first is kept.
 */
export async function openS3Depot(options: S3Options): Promise<Staging & Archive> {
  // Only here, as a receiver on files should not load it.
  const [{ S3 }, { S3Store }] = await Promise.all([import("@aws-sdk/client-s3"), import("@tus/s3-store")]);
  const config = {
    endpoint: options.endpoint,
    region: options.region ?? "us-east-1",
    forcePathStyle: true,
    // Services other than AWS do not know the newer checksums.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  } as const;
  const bucket: Bucket = { s3: new S3(config), name: options.bucket };
  return {
    tus: new S3Store({
      s3ClientConfig: { ...config, bucket: options.bucket },
      expirationPeriodInMilliseconds: UPLOAD_EXPIRES_MS,
      useTags: false,
      cache: FORGETFUL,
    }),
    read: (uploadId) => read(bucket, uploadId),
    drop: (uploadId) => drop(bucket, uploadId),
    room: () => roomOf(bucket),
    keep: (uploadId, receipt) => keep(bucket, uploadId, receipt),
    receiptOf: (id) => readReceipt(bucket, receiptKey(id)),
    receipts: () => receiptsIn(bucket),
  };
}

// The tus store's own cache would go on to claim that an upload which was dropped, here or by another receiver, is
// complete.
const FORGETFUL = { get: async () => undefined, set: async () => {}, delete: async () => {} };

const RECEIPTS = "receipts/";

function receiptKey(id: string): string {
  return `${RECEIPTS}${id}.json`;
}

async function read({ s3, name }: Bucket, key: string): Promise<Readable> {
  const { Body } = await s3.getObject({ Bucket: name, Key: key });
  return Body as Readable;
}

/** Not by the tus store, which removes neither complete uploads nor the last part of incomplete ones. */
async function drop({ s3, name }: Bucket, uploadId: string): Promise<void> {
  const { Uploads = [] } = await s3.listMultipartUploads({ Bucket: name, Prefix: uploadId });
  for (const { Key, UploadId } of Uploads) await s3.abortMultipartUpload({ Bucket: name, Key, UploadId });
  for (const end of ["", ".part", ".info"]) await s3.deleteObject({ Bucket: name, Key: uploadId + end });
}

async function roomOf({ s3, name }: Bucket) {
  const { Uploads = [] } = await s3.listMultipartUploads({ Bucket: name });
  return { freeBytes: null, openUploads: Uploads.length };
}

async function keep({ s3, name }: Bucket, uploadId: string, receipt: Receipt): Promise<"kept" | "taken"> {
  const folder = `segments/${receipt.id}/`;
  const key = `${folder}${receipt.sha256}.mcap.age`;
  await s3.copyObject({ Bucket: name, Key: key, CopySource: `${name}/${uploadId}` });
  // Only now: whoever else brings another content sees ours from here on, and we see theirs.
  const { Contents = [] } = await s3.listObjectsV2({ Bucket: name, Prefix: folder });
  if (Contents.some((object) => object.Key !== key)) {
    await s3.deleteObject({ Bucket: name, Key: key });
    return "taken";
  }
  await s3.putObject({ Bucket: name, Key: receiptKey(receipt.id), Body: JSON.stringify(receipt) });
  return "kept";
}

async function readReceipt(bucket: Bucket, key: string): Promise<Receipt | null> {
  try {
    const { Body } = await bucket.s3.getObject({ Bucket: bucket.name, Key: key });
    return parseReceipt((await Body?.transformToString()) ?? "");
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "NoSuchKey") return null;
    throw thrown;
  }
}

async function* receiptsIn(bucket: Bucket): AsyncGenerator<Receipt> {
  let token: string | undefined;
  do {
    const page = await bucket.s3.listObjectsV2({
      Bucket: bucket.name,
      Prefix: RECEIPTS,
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    for (const { Key = "" } of page.Contents ?? []) {
      const receipt = await readReceipt(bucket, Key);
      if (receipt !== null) yield receipt;
    }
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}
