import type { parseOptions } from "../arguments.ts";

export const HELP = `camfence impact --before ZONES… --after ZONES… DRIVES…
camfence impact work --redis URL

Which frames of recorded drives a new zone set would drop, blur or release, by zone and by vehicle. A drive's
vehicle is the folder that it lies in.

  DRIVES             drives, KITTI raw folders, folders of both, or s3://BUCKET/PREFIX
  --before ZONES     zone files or folders of the set in force; may be given more than once
  --after ZONES      those of the set that is to take its place
  --cameras LIST     id:yaw:hfov of each camera, degrees             [each drive's own, or front:0:100]
  --topics ID=TOPIC  recordings' images of a camera; others are matched by /camera/ID and by frame id
  --fps N            frames a second, where a drive has no images    [10]
  --accuracy M       95 % radius of fixes for which a drive states none
  --config FILE      policy and cameras, YAML or JSON
  --workers N        threads                                         [one per processor]
  --redis URL        give the drives out to workers on any machine, through BullMQ, and wait for them
  --s3 URL           endpoint of the S3 service; keys come from the environment
  --s3-region NAME   its region                                      [us-east-1]
  --out DIR          impact.json, junit.xml, impact.html and results.jsonl; what that has already is not judged again
  --fail-on-released exit code 1 where frames would be released that are held back now
  --json             the report as one JSON document on stdout
  --help             this text

work takes drives from the queue until SIGTERM. It needs the same zone files at the same paths, and the drives.

Example: camfence impact --before geofences/ --after geofences-next/ drives/ --out out/impact

Exit code: 0 judged, 1 a drive or a zone file is wrong, 2 wrong usage or a file that cannot be read.
`;

export const OPTIONS = {
  before: { type: "string", multiple: true },
  after: { type: "string", multiple: true },
  cameras: { type: "string" },
  topics: { type: "string", multiple: true },
  fps: { type: "string" },
  accuracy: { type: "string" },
  config: { type: "string" },
  workers: { type: "string" },
  redis: { type: "string" },
  s3: { type: "string" },
  "s3-region": { type: "string" },
  out: { type: "string" },
  "fail-on-released": { type: "boolean" },
  json: { type: "boolean" },
} as const;

export type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>["values"];
