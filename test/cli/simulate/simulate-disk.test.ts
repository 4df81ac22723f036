import { expect, test } from "vitest";
import type { Files } from "../../../src/buffer/disk/files.ts";
import { createSimulatedDisk } from "../../../src/cli/simulate/simulate-disk.ts";

const bytes = Buffer.from("12345678");

async function written(files: Files, name = "a") {
  const file = await files.open(name, "create");
  await file.write(bytes, 0);
  return file;
}

test("a full disk takes nothing new; what is there can be overwritten, renamed and removed", async () => {
  const disk = createSimulatedDisk();
  const { files } = disk.attach();
  const file = await written(files);
  disk.fill(true);
  expect(await files.freeBytes()).toBe(0);
  await expect(file.write(bytes, 1)).rejects.toMatchObject({ code: "ENOSPC" });
  await expect(files.open("b", "create")).rejects.toMatchObject({ code: "ENOSPC" });
  expect(await file.write(bytes, 0)).toBe(8);
  await files.rename("a", "c");
  await files.remove("c");
  disk.fill(false);
  expect(await (await written(files, "b")).size()).toBe(8);
});

test("a killed process changes nothing any more, and the next one finds what it wrote", async () => {
  const disk = createSimulatedDisk();
  const { files, kill } = disk.attach();
  const file = await written(files);
  kill();
  for (const change of [
    () => file.write(bytes, 8),
    () => file.truncate(0),
    () => files.open("b", "create"),
    () => files.rename("a", "b"),
    () => files.remove("a"),
  ])
    await expect(change()).rejects.toMatchObject({ code: "EIO" });
  const next = disk.attach().files;
  expect(await next.list()).toEqual(["a"]);
  expect(await (await next.open("a", "read")).size()).toBe(8);
});
