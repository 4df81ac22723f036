import { parse } from "@foxglove/rosmsg";
import { MessageWriter } from "@foxglove/rosmsg-serialization";
import { expect, it } from "vitest";
import { channelKind } from "../../../src/sources/mcap/channel-kind.ts";
import { reportOf } from "../../../src/sources/mcap/position-message.ts";

const RULE = "=".repeat(80);
const HEADER = "uint32 seq\ntime stamp\nstring frame_id\n";
/** As gps_umd publishes it, shortened. */
const GPS_FIX = `Header header
gps_common/GPSStatus status
float64 latitude
float64 longitude
float64 altitude
float64 track
float64 speed
float64 time
float64 err_horz
float64[9] position_covariance
uint8 COVARIANCE_TYPE_UNKNOWN = 0
uint8 position_covariance_type
${RULE}
MSG: std_msgs/Header
${HEADER}${RULE}
MSG: gps_common/GPSStatus
Header header
uint16 satellites_used
int16 STATUS_NO_FIX=-1
int16 STATUS_FIX=0
int16 STATUS_DGPS_FIX=18
int16 STATUS_WAAS_FIX=33
int16 status
`;

const header = { seq: 0, stamp: { sec: 1_772_352_000, nsec: 500_000_000 }, frame_id: "gps" };

it.each([
  [-1, { quality: "none" }],
  [0, { quality: "autonomous", latDeg: 48.1, lonDeg: 11.5 }],
  [18, { quality: "differential" }],
  [33, { quality: "differential" }],
  [99, { quality: "none" }],
])("a GPSFix of status %i is a position", (status, expected) => {
  const writer = new MessageWriter(parse(GPS_FIX));
  const data = writer.writeMessage({
    header,
    status: { header, satellites_used: 9, status },
    latitude: 48.1,
    longitude: 11.5,
    position_covariance: [4, 0, 0, 0, 4, 0, 0, 0, 9],
    position_covariance_type: 2,
  });
  const schema = {
    id: 1,
    name: "gps_common/GPSFix",
    encoding: "ros1msg",
    data: new TextEncoder().encode(GPS_FIX),
  };
  const kind = channelKind({ id: 1, topic: "/gps", messageEncoding: "ros1", metadata: new Map(), schema });
  if (kind.kind !== "position") throw new Error(kind.kind);
  const report = reportOf(kind.read(data), null);
  expect(report).toMatchObject({ timeMs: 1_772_352_000_500, ...expected });
  if (report !== null && report.quality !== "none") expect(report.accuracyM).toBeCloseTo(2 * 2.45, 1);
});
