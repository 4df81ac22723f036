import type { Channel, Schema } from "./channel.ts";
import { imageMessage } from "./image-message.ts";
import type { ImageFields, ImageKind, ImageMessage } from "./image-message.ts";
import { jsonImage } from "./json-image.ts";
import type { ReadPosition } from "./position-message.ts";
import { positionReader } from "./position-message.ts";
import { protobufFields } from "./protobuf-fields.ts";
import { protobufImage } from "./protobuf-image.ts";
import { rosDefinitions, rosFields } from "./ros-fields.ts";
import { cdrImage, ros1Image } from "./ros-image.ts";

/** What the messages of a channel are to a guard. */
export type ChannelKind =
  /** `read` throws CamfenceError `malformed`. */
  | { readonly kind: "image"; readonly read: (data: Uint8Array) => ImageMessage }
  | { readonly kind: "position"; readonly read: ReadPosition }
  /** Images or positions that cannot be read, and why. */
  | { readonly kind: "unreadable"; readonly what: "images" | "positions"; readonly why: string }
  | { readonly kind: "other" };

const IMAGES: Readonly<Record<string, ImageKind>> = {
  "foxglove.CompressedImage": "compressed",
  "foxglove.RawImage": "raw",
  "foxglove.CompressedVideo": "video",
  "foxglove_msgs/CompressedImage": "compressed",
  "foxglove_msgs/RawImage": "raw",
  "foxglove_msgs/CompressedVideo": "video",
  "sensor_msgs/CompressedImage": "compressed",
  "sensor_msgs/Image": "raw",
};

const POSITIONS: readonly string[] = [
  "foxglove.LocationFix",
  "foxglove_msgs/LocationFix",
  "sensor_msgs/NavSatFix",
  // With the fields of a NavSatFix, and more.
  "gps_common/GPSFix",
  "gps_msgs/GPSFix",
];

/** Messages known to hold positions in another form. */
const OTHER_POSITIONS =
  /^(?:foxglove\.LocationFixes|foxglove_msgs\/LocationFixes|nmea_msgs\/(?:Sentence|Gp\w+)|ublox_msgs\/Nav(?:PVT|POS\w+|HPPOS\w+)\d*|geographic_msgs\/Geo(?:Point|Pose)\w*)$/;

/** Names of schemas and topics that speak of pictures … */
const PICTURE_WORDS = /image|video|jpe?g|picture|photo|h\.?26[45]|hevc|ffmpeg|camera/i;
/** … and those that speak of what lies around them: calibration, drawings on top. */
const NO_PICTURE =
  /camera_?(?:info|calibration)|calibration|annotation|marker|parameters?$|\/redaction$|\/verdict$/i;

/**
 * Tells the channels that must be judged. Rule 2: whatever may hold pictures and cannot be read as such is `unreadable`; by
 * its schema's name, by the messages that its schema nests, and by its topic where there is no schema to tell.
 */
export function channelKind(channel: Channel): ChannelKind {
  const { schema } = channel;
  const name = plainName(schema);
  const kind = Object.hasOwn(IMAGES, name) ? IMAGES[name] : undefined;
  if (kind !== undefined) return imageKind(channel, kind);
  if (POSITIONS.includes(name)) {
    const read = positionReader(channel);
    return read === null ? unreadable("positions", channel) : { kind: "position", read };
  }
  if (OTHER_POSITIONS.test(name)) return unreadable("positions", channel);
  return mayHoldPictures(channel, name) ? unreadable("images", channel) : { kind: "other" };
}

function imageKind(channel: Channel, kind: ImageKind): ChannelKind {
  const read = imageReader(channel);
  if (read === null) return unreadable("images", channel);
  return { kind: "image", read: (data) => imageMessage(kind, read(data)) };
}

function imageReader({ messageEncoding, schema }: Channel): ((data: Uint8Array) => ImageFields) | null {
  if (schema === null) return null;
  if (messageEncoding === "json") return jsonImage;
  if (messageEncoding === "protobuf") {
    const fields = protobufFields(schema);
    return fields === null || !fields.has("data") ? null : protobufImage(fields);
  }
  const fields = rosFields(schema);
  if (fields === null) return null;
  if (messageEncoding === "ros1") return (data) => ros1Image(fields, data);
  return messageEncoding === "cdr" ? (data) => cdrImage(fields, data) : null;
}

/** ROS 2 writes `sensor_msgs/msg/Image` for what ROS 1 calls `sensor_msgs/Image`. */
function plainName(schema: Schema | null): string {
  return (schema?.name ?? "").replace("/msg/", "/");
}

function unreadable(what: "images" | "positions", { messageEncoding, schema }: Channel): ChannelKind {
  const named = schema === null ? "no schema" : `schema ${schema.name} (${schema.encoding || "no encoding"})`;
  return { kind: "unreadable", what, why: `${named} in ${messageEncoding || "no encoding"} is not read` };
}

function mayHoldPictures({ topic, schema }: Channel, name: string): boolean {
  if (PICTURE_WORDS.test(name) && !NO_PICTURE.test(name)) return true;
  if (schema === null || schema.encoding === "") return PICTURE_WORDS.test(topic) && !NO_PICTURE.test(topic);
  return nestsPictures(schema);
}

/** A message that carries pictures among other things, such as ROS 1's `vision_msgs/Detection2D`. */
function nestsPictures(schema: Schema): boolean {
  const definitions = rosDefinitions(schema) ?? [];
  if (definitions.some(({ name }) => Object.hasOwn(IMAGES, (name ?? "").replace("/msg/", "/")))) return true;
  return (
    schema.encoding === "protobuf" &&
    /foxglove\/(?:Compressed(?:Image|Video)|RawImage)\.proto/.test(latin1(schema))
  );
}

function latin1({ data }: Schema): string {
  return Buffer.from(data.buffer, data.byteOffset, data.length).toString("latin1");
}
