import { expect, test } from "vitest";
import { parseCameras } from "../../src/sources/camera-option.ts";

test("each camera has id, yaw and field of view", () => {
  expect(parseCameras("front:0:100, rear:180:120,left:-90.5:60")).toMatchObject([
    { id: "front", yawDeg: 0, hfovDeg: 100, kind: "exterior" },
    { id: "rear", yawDeg: 180, hfovDeg: 120 },
    { id: "left", yawDeg: -90.5, hfovDeg: 60 },
  ]);
});

test.each([
  ["", 'camera "": it needs three parts'],
  ["front", 'camera "front": it needs three parts'],
  ["front:0", "it needs three parts"],
  ["front:0:100:5", "it needs three parts"],
  ["front:0:100,", 'camera "": it needs three parts'],
  [":0:100", 'camera ":0:100": id: a camera id is made of'],
  ["fr ont:0:100", "id: a camera id is made of"],
  ["front::100", '"" is no number of degrees'],
  ["front:x:100", '"x" is no number of degrees'],
  ["front:0x10:100", '"0x10" is no number of degrees'],
  ["front:0:1e2", '"1e2" is no number of degrees'],
  ["front:0:NaN", '"NaN" is no number of degrees'],
  ["front:361:100", "yawDeg: "],
  ["front:0:0", "hfovDeg: "],
  ["front:0:361", "hfovDeg: "],
  ["front:0:100,rear:180:90,front:0:90", 'the id "front" is given twice'],
])('"%s" is wrong usage', (text, message) => {
  expect(() => parseCameras(text)).toThrow(expect.objectContaining({ code: "usage" }));
  expect(() => parseCameras(text)).toThrow(message);
});
