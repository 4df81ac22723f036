import type { PixelSource, Scenario } from "../../../simulator/index.ts";
import { blankPixels } from "../../../simulator/index.ts";

/** Pixels that show nothing, for every camera of a scenario; grey JPEGs are coded once. */
export async function pixelsFor({ cameras }: Scenario): Promise<PixelSource> {
  const coded = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { format, width, height } of cameras) {
    if (format !== "jpeg") continue;
    const grey = { create: { width, height, channels: 3 as const, background: "#808080" } };
    const { default: sharp } = await import("sharp");
    coded.set(`${width} ${height}`, new Uint8Array(await sharp(grey).jpeg().toBuffer()));
  }
  const blank = blankPixels();
  return (shot) => {
    const jpeg = shot.format === "jpeg" ? coded.get(`${shot.width} ${shot.height}`) : undefined;
    return jpeg ?? blank(shot);
  };
}
