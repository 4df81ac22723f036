/** The published definitions of the messages that tests record, shortened to their fields. */
export const FOXGLOVE_PROTO = `
syntax = "proto3";
package foxglove;
message Time { int64 seconds = 1; int32 nanos = 2; }
message CompressedImage { Time timestamp = 1; string frame_id = 4; bytes data = 2; string format = 3; bytes note = 9; }
message RawImage {
  Time timestamp = 1; string frame_id = 7; fixed32 width = 2; fixed32 height = 3; string encoding = 4;
  fixed32 step = 5; bytes data = 6;
}
message CompressedVideo { Time timestamp = 1; string frame_id = 2; bytes data = 3; string format = 4; }
message LocationFix {
  Time timestamp = 6; string frame_id = 7; double latitude = 1; double longitude = 2; double altitude = 3;
  repeated double position_covariance = 4; PositionCovarianceType position_covariance_type = 5;
  enum PositionCovarianceType { UNKNOWN = 0; APPROXIMATED = 1; DIAGONAL_KNOWN = 2; KNOWN = 3; }
}
message Text { Time timestamp = 1; string text = 2; }
`;

const time = { type: "object", properties: { sec: { type: "integer" }, nsec: { type: "integer" } } };
const [text, number] = [{ type: "string" }, { type: "number" }];
const data = { type: "string", contentEncoding: "base64" };
const object = (properties: object) => ({ type: "object", properties: { timestamp: time, ...properties } });

export const FOXGLOVE_JSON = {
  CompressedImage: object({ frame_id: text, data, format: text }),
  RawImage: object({ frame_id: text, width: number, height: number, encoding: text, step: number, data }),
  CompressedVideo: object({ frame_id: text, data, format: text }),
  LocationFix: object({ frame_id: text, latitude: number, longitude: number, altitude: number }),
  Text: object({ text }),
} as const;

const RULE = "=".repeat(80);
const HEADER1 = `\n${RULE}\nMSG: std_msgs/Header\nuint32 seq\ntime stamp\nstring frame_id\n`;
const TIME2 = `\n${RULE}\nMSG: builtin_interfaces/Time\nint32 sec\nuint32 nanosec\n`;
const HEADER2 = `\n${RULE}\nMSG: std_msgs/Header\nbuiltin_interfaces/Time stamp\nstring frame_id\n${TIME2}`;
const STATUS = `\n${RULE}\nMSG: sensor_msgs/NavSatStatus\nint8 STATUS_NO_FIX=-1\nint8 status\nuint16 service\n`;

const IMAGE = "uint32 height\nuint32 width\nstring encoding\nuint8 is_bigendian\nuint32 step\nuint8[] data\n";
const FIX =
  "sensor_msgs/NavSatStatus status\nfloat64 latitude\nfloat64 longitude\nfloat64 altitude\n" +
  "float64[9] position_covariance\nuint8 COVARIANCE_TYPE_UNKNOWN=0\nuint8 position_covariance_type\n";

export const ROS1 = {
  CompressedImage: {
    name: "sensor_msgs/CompressedImage",
    text: `std_msgs/Header header\nstring format\nuint8[] data\n${HEADER1}`,
  },
  RawImage: { name: "sensor_msgs/Image", text: `std_msgs/Header header\n${IMAGE}${HEADER1}` },
  CompressedVideo: {
    name: "foxglove_msgs/CompressedVideo",
    text: "time timestamp\nstring frame_id\nuint8[] data\nstring format\n",
  },
  LocationFix: { name: "sensor_msgs/NavSatFix", text: `std_msgs/Header header\n${FIX}${HEADER1}${STATUS}` },
  Text: { name: "std_msgs/String", text: "string text\n" },
} as const;

export const ROS2 = {
  CompressedImage: {
    name: "sensor_msgs/msg/CompressedImage",
    text: `std_msgs/Header header\nstring format\nuint8[] data\n${HEADER2}`,
  },
  RawImage: { name: "sensor_msgs/msg/Image", text: `std_msgs/Header header\n${IMAGE}${HEADER2}` },
  CompressedVideo: {
    name: "foxglove_msgs/msg/CompressedVideo",
    text: `builtin_interfaces/Time timestamp\nstring frame_id\nuint8[] data\nstring format\n${TIME2}`,
  },
  LocationFix: {
    name: "sensor_msgs/msg/NavSatFix",
    text: `std_msgs/Header header\n${FIX}${HEADER2}${STATUS}`,
  },
  Text: { name: "std_msgs/msg/String", text: "string text\n" },
} as const;
