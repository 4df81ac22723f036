import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseJpeg } from "../../src/redaction/jpeg/jpeg-structure.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";

/** Writes what leaves of one JPEG for each verdict: `pass.jpg`, `blur.jpg` and `solid.jpg`; gives the bits of the blur. */
export async function writeRedactionPictures(jpeg: Uint8Array<ArrayBuffer>, folder: string): Promise<number> {
  const { widthPx: width, heightPx: height } = parseJpeg(jpeg, "scan").frame;
  const frame = {
    camera: "front",
    timeMs: 0,
    seq: 0,
    width,
    height,
    format: "jpeg",
    data: jpeg,
    keyframe: true,
  } as const;
  mkdirSync(folder, { recursive: true });
  const outcomes = {
    pass: await createRedactor().release(frame),
    blur: await createRedactor().blur(frame),
    solid: await createRedactor({ mode: "solid" }).blur(frame),
  };
  for (const [name, outcome] of Object.entries(outcomes)) {
    if (!outcome.ok) throw new Error(`${name}: ${outcome.detail}`);
    writeFileSync(join(folder, `${name}.jpg`), outcome.frame.data);
  }
  return outcomes.blur.ok ? (outcomes.blur.informationBits ?? 0) : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , input = "", folder = "out/redaction"] = process.argv;
  const bits = await writeRedactionPictures(new Uint8Array(readFileSync(input)), folder);
  process.stdout.write(`${folder}: pass.jpg, blur.jpg (at most ${bits} bits of the original), solid.jpg\n`);
}
