import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { S3 } from "@aws-sdk/client-s3";
import { tempDir } from "../../kit/cli.ts";

const SCRIPT = "../shared/tools/s3-up.sh";
const ENDPOINT = "http://127.0.0.1:18080";
const START_LIMIT_MS = 30_000;

/** As the processes under test take them. */
export const S3_KEYS = { AWS_ACCESS_KEY_ID: "test:tester", AWS_SECRET_ACCESS_KEY: "testing" };

export interface S3Service {
  readonly endpoint: string;
  /** Makes an empty bucket. */
  bucket(name: string): Promise<string>;
  keys(bucket: string): Promise<readonly string[]>;
  stop(): void;
}

/** OpenStack Swift's S3 API on this machine, which takes its time; null, said loudly, where it cannot be started. */
export async function startS3(): Promise<S3Service | null> {
  if (process.env["SLOW"] !== "1" && process.env["CI"] === undefined) return skip("set SLOW=1 to start one");
  const missing = ["swift-proxy-server", "memcached"].filter(
    (name) => spawnSync("which", [name]).status !== 0,
  );
  if (!existsSync(SCRIPT) || missing.length > 0 || (await answers()))
    return skip(
      missing.length > 0 ? `${missing.join(", ")} not installed` : `${SCRIPT} absent or its port in use`,
    );
  const dir = tempDir();
  execFileSync(SCRIPT, [dir], { stdio: "ignore" });
  const stop = (): void => stopAll(dir);
  const limitMs = Date.now() + START_LIMIT_MS;
  while (!(await answers())) {
    if (Date.now() > limitMs) {
      stop();
      return skip("it did not answer in time");
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const s3 = client();
  return {
    endpoint: ENDPOINT,
    stop,
    async bucket(name) {
      await s3.createBucket({ Bucket: name });
      return name;
    },
    keys: async (Bucket) => {
      const { Contents = [] } = await s3.listObjectsV2({ Bucket });
      return Contents.map(({ Key = "" }) => Key);
    },
  };
}

function client(): S3 {
  return new S3({
    endpoint: ENDPOINT,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: S3_KEYS.AWS_ACCESS_KEY_ID, secretAccessKey: S3_KEYS.AWS_SECRET_ACCESS_KEY },
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
}

/** Any answer to a bare request: 503 means that the parts behind the proxy are not yet there. */
async function answers(): Promise<boolean> {
  try {
    await client().listBuckets({});
    return true;
  } catch {
    return false;
  }
}

/** By the ids that the script left, each with the group that it leads. */
function stopAll(dir: string): void {
  for (const name of readdirSync(join(dir, "run")).filter((each) => each.endsWith(".pid"))) {
    const pid = Number(readFileSync(join(dir, "run", name), "utf8"));
    spawnSync("kill", [String(pid)]);
  }
}

function skip(why: string): null {
  process.stderr.write(`tests: no S3 service here (${why}), tests of the S3 store are skipped\n`);
  return null;
}
