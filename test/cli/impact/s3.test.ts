import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { spawn } from "node:child_process";
import { S3 } from "@aws-sdk/client-s3";
import { afterAll, expect, test } from "vitest";
import { camfence, tempDir } from "../../kit/cli.ts";
import { nmeaEastwards } from "../../kit/drives.ts";
import { box, feature, zoneFile } from "../../kit/zones.ts";
import { S3_KEYS, startS3 } from "../../upload/kit/s3.ts";

const s3 = await startS3();
afterAll(() => s3?.stop());

test.skipIf(s3 === null)("drives in a bucket give what the same drives in a folder give", async () => {
  if (s3 === null) return;
  const bucket = await s3.bucket("drives");
  const client = new S3({
    endpoint: s3.endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: S3_KEYS.AWS_ACCESS_KEY_ID, secretAccessKey: S3_KEYS.AWS_SECRET_ACCESS_KEY },
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  const dir = tempDir();
  for (const name of ["a.nmea", "b.nmea"]) {
    const path = join(dir, name);
    writeFileSync(path, nmeaEastwards({ latDeg: 50, lonDeg: 11, speedMps: 20, seconds: 60 }));
    await client.putObject({
      Bucket: bucket,
      Key: `fleet/${basename(dir)}/${name}`,
      Body: readFileSync(path),
    });
  }
  await client.putObject({ Bucket: bucket, Key: "fleet/notes.txt", Body: "no drive" });
  const zones = ["--before", zoneFile([feature({ id: "far", category: "other" }, box(1, 1, 1.1, 1.1))])];
  zones.push(
    "--after",
    zoneFile([feature({ id: "base", category: "other" }, box(11.006, 49.9, 11.008, 50.1))]),
  );
  const local = JSON.parse((await camfence("impact", ...zones, dir, "--json")).stdout) as object;
  const remote = await withKeys("impact", ...zones, `s3://${bucket}/fleet`, "--s3", s3.endpoint, "--json");
  const got = JSON.parse(remote) as object;
  expect({ ...got, drives: [] }).toEqual({ ...local, drives: [] });
});

async function withKeys(...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ["dist/camfence.js", ...args], {
    env: { ...process.env, ...S3_KEYS },
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 60_000,
  });
  let text = "";
  for await (const piece of child.stdout) text += String(piece);
  return text;
}
