import { CamfenceError } from "../../core/errors.ts";
import { Camera } from "../../sources/camera.ts";

/** Which camera an image topic shows. */
export interface CameraMatch {
  /** The camera of a message; null where there is none. */
  of(topic: string, frameId: string): Camera | null;
}

/**
 * By what was said of the topic first, then by the name that camfence itself gives topics, then by frame id: the message's
 * own word on where it was taken. Without any cameras every topic is one that looks all around, which is the strictest.
 */
export function matchCameras(
  cameras: readonly Camera[] | null,
  topics: ReadonlyMap<string, string>,
): CameraMatch {
  if (cameras === null) return allAround();
  const byId = new Map(cameras.map((camera) => [camera.id, camera]));
  const strange = [...topics].find(([, id]) => !byId.has(id));
  if (strange !== undefined) {
    const ids = [...byId.keys()].join(", ");
    throw new CamfenceError(
      "usage",
      `topic ${strange[0]}: got camera "${strange[1]}", expected one of ${ids}`,
    );
  }
  return {
    of(topic, frameId) {
      const told = topics.get(topic);
      return byId.get(told ?? /^\/camera\/([^/]+)$/.exec(topic)?.[1] ?? "") ?? byId.get(frameId) ?? null;
    },
  };
}

function allAround(): CameraMatch {
  const cameras = new Map<string, Camera>();
  return {
    of(topic) {
      const known = cameras.get(topic);
      if (known !== undefined) return known;
      const id = topic.replaceAll(/[^A-Za-z0-9_.-]+/g, "_") || "_";
      const camera = Camera.parse({ id, yawDeg: 0, hfovDeg: 360 });
      cameras.set(topic, camera);
      return camera;
    },
  };
}

/** Reads `--topics front=/cam/front/image,rear=/cam/rear/image`, given once or more: camera ids by topic. */
export function parseTopics(texts: readonly string[]): ReadonlyMap<string, string> {
  const topics = new Map<string, string>();
  for (const text of texts.flatMap((each) => each.split(","))) {
    const [, camera, topic] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (camera === undefined || topic === undefined) {
      throw new CamfenceError("usage", `--topics: got "${text}", expected CAMERA=TOPIC`);
    }
    const before = topics.get(topic);
    if (before !== undefined && before !== camera) {
      throw new CamfenceError("usage", `--topics: ${topic} is given to ${before} and to ${camera}`);
    }
    topics.set(topic, camera);
  }
  return topics;
}
