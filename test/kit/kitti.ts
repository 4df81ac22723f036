import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { tempDir } from "./cli.ts";
import { START_MS, eastM } from "./filter.ts";
import { place } from "./place.ts";

/** 20 s at 10 Hz in the published layout of KITTI raw; the vehicle passes the origin at 10 s. */
export async function kittiFolder(parent = tempDir()): Promise<string> {
  const folder = join(parent, "2011_09_26_drive_0001_sync");
  const png = await sharp({ create: { width: 64, height: 24, channels: 3, background: "#456" } })
    .png()
    .toBuffer();
  const grey = await sharp(png).toColourspace("b-w").png().toBuffer();
  const times: string[] = [];
  for (const name of ["oxts", "image_00", "image_02"])
    mkdirSync(join(folder, name, "data"), { recursive: true });
  for (let i = 0; i < 200; i++) {
    const timeMs = START_MS + 20_000 + i * 100;
    const name = String(i).padStart(10, "0");
    const { latDeg, lonDeg } = place(eastM(timeMs), 0);
    times.push(new Date(timeMs).toISOString().replace("T", " ").replace("Z", "000000"));
    // lat lon alt roll pitch yaw vn ve vf vl vu ax ay az af al au wx wy wz wf wl wu pos vel navstat sats pos vel ori mode
    const motion = `112.8 0 0 0 0 10 10 0 0 ${"0 ".repeat(12)}`.trim();
    writeFileSync(
      join(folder, "oxts", "data", `${name}.txt`),
      `${latDeg} ${lonDeg} ${motion} 0.05 0.02 4 9 6 6 6\n`,
    );
    writeFileSync(join(folder, "image_00", "data", `${name}.png`), grey);
    writeFileSync(join(folder, "image_02", "data", `${name}.png`), png);
  }
  for (const name of ["oxts", "image_00", "image_02"]) {
    writeFileSync(join(folder, name, "timestamps.txt"), `${times.join("\n")}\n`);
  }
  return folder;
}
