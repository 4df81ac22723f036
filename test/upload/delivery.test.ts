import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDataCentre, sealSegment } from "./kit/data-centre.ts";
import type { DataCentre } from "./kit/data-centre.ts";
import { startIngest } from "./kit/processes.ts";
import { createVehicle, isSent, kindsOf } from "./kit/uploading.ts";

let centre: DataCentre;
let ingest: Awaited<ReturnType<typeof startIngest>>;
beforeAll(async () => {
  centre = await createDataCentre("cn");
  ingest = await startIngest([...centre.args, "--dir", centre.archive]);
});
afterAll(() => ingest.end("SIGKILL"));

test("a segment is deleted in the vehicle once the data centre holds it", async () => {
  const vehicle = createVehicle();
  const sealed = await sealSegment({ id: "first", region: "cn", bytes: 300_000 }, centre.recipient);
  const segment = vehicle.put("first", sealed);
  const outcomes = await vehicle.upload([centre.config(ingest.url)], isSent);
  expect(kindsOf(outcomes)).toEqual(["first sent"]);
  expect(vehicle.ids()).toEqual([]);
  expect(centre.held()).toMatchObject({ first: segment.sha256 });
  expect(centre.incoming()).toEqual([]);
});

test("bytes that are no segment are refused by a receiver with the key", async () => {
  const vehicle = createVehicle();
  vehicle.put("noise", randomBytes(100_000));
  const outcomes = await vehicle.upload([centre.config(ingest.url)], () => true);
  expect(kindsOf(outcomes)).toEqual(["noise refused unopenable"]);
  expect(vehicle.ids()).toEqual(["noise"]);
  expect(centre.held()).not.toHaveProperty("noise");
});
