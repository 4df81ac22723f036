import { GuardPolicy } from "../../config.ts";
import { CamfenceError } from "../../core/errors.ts";
import { mayTellPlace } from "../../gate/place-judge.ts";
import type { Camera } from "../../sources/camera.ts";
import type { GnssReport } from "../../sources/fix.ts";
import type { Channel } from "../../sources/mcap/channel.ts";
import type { ChannelKind } from "../../sources/mcap/channel-kind.ts";
import { channelKind } from "../../sources/mcap/channel-kind.ts";
import type { ImageMessage } from "../../sources/mcap/image-message.ts";
import { reportOf } from "../../sources/mcap/position-message.ts";
import type { PositionFields } from "../../sources/mcap/position-message.ts";
import type { RecordedMessage } from "../../sources/mcap/recording-sink.ts";
import type { Entry } from "./entry.ts";
import { entryOf, frameEntry } from "./entry.ts";
import type { FilterOptions } from "./filter-recording.ts";
import type { LogOrder, Logged } from "./in-log-order.ts";
import type { Shot } from "./streams.ts";
import type { Tally } from "./tally.ts";
import type { WaitingLine } from "./waiting-line.ts";

/** What the gate must know of, in the order of recording. */
export type Event =
  | (Logged & { readonly kind: "report"; readonly report: GnssReport })
  | (Logged & {
      readonly kind: "frame";
      readonly camera: Camera;
      readonly shot: Shot;
      readonly stream: string;
      /** Nobody can blur it. */
      readonly passOnly: boolean;
      readonly entry: Entry;
      readonly withData: (data: Uint8Array) => readonly Uint8Array[];
    });

/**
 * Tells what each message of a recording is, once for each channel, and sends it on its way: what must be judged into
 * `order`, what may come out into `line`.
 */
export function createSorter(
  options: FilterOptions,
  tally: Tally,
  ways: { readonly order: LogOrder<Event>; readonly line: WaitingLine },
): (message: RecordedMessage) => void {
  const kinds = new Map<Channel, ChannelKind>();
  const say = saidOnce(options.say);
  const frames = frameSorter(options, tally, ways, say);
  const positions = positionSorter(options, tally, ways, say);

  return (message) => {
    const { channel } = message;
    const kind = kinds.get(channel) ?? channelKind(channel);
    kinds.set(channel, kind);
    switch (kind.kind) {
      case "image":
        return frames(message, kind.read);
      case "position":
        return positions(message, kind.read);
      case "unreadable":
        if (kind.what === "positions" && options.keepPositions) break;
        say(`${channel.topic}: ${kind.what} that cannot be read are left out: ${kind.why}`);
        if (kind.what === "positions") return removed(tally);
        tally.frameIn(channel.topic);
        return tally.dropped(channel.topic, "unreadable");
      case "other":
        break;
      default:
        return kind satisfies never;
    }
    ways.line.push(entryOf(message, { kind: "kept" }));
  };
}

type Say = (line: string) => void;

function saidOnce(say: Say): Say {
  const said = new Set<string>();
  return (line) => {
    if (said.has(line)) return;
    said.add(line);
    say(line);
  };
}

function frameSorter(
  { cameras, logTimes }: FilterOptions,
  tally: Tally,
  { order, line }: { readonly order: LogOrder<Event>; readonly line: WaitingLine },
  say: Say,
) {
  /** The camera that a topic showed last, for messages too broken to say. */
  const latest = new Map<string, Camera>();

  return (message: RecordedMessage, read: (data: Uint8Array) => ImageMessage): void => {
    const { channel, logMs } = message;
    const { topic } = channel;
    tally.frameIn(topic);
    const image = attempt(() => read(message.data));
    const isRead = !("broken" in image);
    const camera = isRead ? cameras.of(topic, image.frameId) : (latest.get(topic) ?? cameras.of(topic, ""));
    if (camera === null) {
      const frameId = isRead ? ` with frame id "${image.frameId}"` : "";
      say(
        `${topic}: images${frameId} match no camera and are left out; name one with --topics CAMERA=${topic}`,
      );
      return tally.dropped(topic, "no-camera");
    }
    latest.set(topic, camera);
    const timeMs = isRead ? (image.stampMs ?? (logTimes ? logMs : null)) : Number.NaN;
    if (timeMs === null) {
      say(
        `${topic}: images without a time of their own are left out; --log-times takes when they were recorded`,
      );
    }
    const stream = `${topic} ${camera.id}`;
    const entry = frameEntry(message, stream);
    line.push(entry);
    const shot = shotOf(image, timeMs);
    const withData = isRead ? image.withData : () => [];
    const passOnly = isRead && image.deep !== undefined;
    order.push({ kind: "frame", rank: 1, logMs, camera, shot, stream, passOnly, entry, withData });
  };
}

/** What cannot be placed in time or read as a picture still goes through the gate: video must know of the gap. */
function shotOf(image: ImageMessage | { readonly broken: string }, timeMs: number | null): Shot {
  const picture = "broken" in image ? image : (image.deep ?? image.picture);
  if ("broken" in picture) return { timeMs: timeMs ?? Number.NaN, broken: picture.broken };
  if (timeMs === null) return { timeMs: Number.NaN, broken: "got no time of capture" };
  return { timeMs, ...picture };
}

function positionSorter(
  options: FilterOptions,
  tally: Tally,
  { order, line }: { readonly order: LogOrder<Event>; readonly line: WaitingLine },
  say: Say,
) {
  const { positioning } = GuardPolicy.parse(options.policy);
  const { zones, keepPositions, positionTopics, logTimes, accuracyM } = options;

  function mayTell(report: GnssReport | null, fields: PositionFields, logMs: number): boolean {
    const { latitude: latDeg, longitude: lonDeg } = fields;
    // Where there are no numbers there is nothing to tell.
    if (!Number.isFinite(latDeg) && !Number.isFinite(lonDeg)) return true;
    const stated = report !== null && "accuracyM" in report ? report.accuracyM : null;
    return mayTellPlace(
      zones,
      { timeMs: report?.timeMs ?? logMs, latDeg, lonDeg, accuracyM: stated },
      positioning,
    );
  }

  return (message: RecordedMessage, read: (data: Uint8Array) => PositionFields): void => {
    const { channel, logMs } = message;
    tally.positions.in++;
    const fields = attempt(() => read(message.data));
    if ("broken" in fields) {
      say(`${channel.topic}: positions that cannot be read are left out: ${fields.broken}`);
      tally.positions.unusable++;
      if (keepPositions) return line.push(entryOf(message, { kind: "kept" }));
      tally.positions.removed++;
      return undefined;
    }
    const report = withAccuracy(reportOf(fields, logTimes ? logMs : null), accuracyM);
    if (report === null) {
      tally.positions.unusable++;
      say(
        `${channel.topic}: positions without a time of their own are not used; --log-times takes when they were recorded`,
      );
    } else if (positionTopics === null || positionTopics.includes(channel.topic)) {
      order.push({ kind: "report", rank: 0, logMs, report });
    }
    if (keepPositions || mayTell(report, fields, logMs)) line.push(entryOf(message, { kind: "kept" }));
    else tally.positions.removed++;
  };
}

function removed({ positions }: Tally): void {
  positions.in++;
  positions.unusable++;
  positions.removed++;
}

function withAccuracy(report: GnssReport | null, accuracyM: number | null): GnssReport | null {
  if (report === null || accuracyM === null || report.quality === "none") return report;
  return report.accuracyM === null ? { ...report, accuracyM } : report;
}

function attempt<T>(read: () => T): T | { readonly broken: string } {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof CamfenceError)) throw thrown;
    return { broken: thrown.message };
  }
}
