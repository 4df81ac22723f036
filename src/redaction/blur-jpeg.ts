import type { Bytes } from "./bytes.ts";
import { CamfenceError } from "../core/errors.ts";
import type { Frame } from "../sources/frame.ts";
import type { Blurred } from "./blur.ts";
import { cellGrid, quantiseMeans } from "./cell-grid.ts";
import type { CellMeans } from "./cell-grid.ts";
import { decodeMeans } from "./jpeg/decode-means.ts";
import { colourOf, parseJpeg } from "./jpeg/jpeg-structure.ts";
import type { JpegColour, JpegStructure } from "./jpeg/jpeg-structure.ts";
import { stripJpeg } from "./jpeg/strip-jpeg.ts";
import { writeMosaicJpeg } from "./jpeg/write-mosaic.ts";
import { mcuGeometry } from "./jpeg/mcu-geometry.ts";
import { createDcReader, wholeScan } from "./jpeg/dc-means.ts";
import type { DcReader } from "./jpeg/dc-means.ts";
import type { Kernels } from "./kernels/kernels.ts";
import type { RedactionPolicy } from "./policy.ts";
import { solidValues } from "./solid.ts";
import type { Choose, Made, MosaicFile } from "./standing-mosaic.ts";

/** Blurs JPEGs. While a mosaic stands, its file is given out again as it is. */
export function createJpegBlur(
  policy: RedactionPolicy,
  kernels: Kernels,
  choose: Choose,
): (frame: Frame) => Blurred | Promise<Blurred> {
  const readDc = createDcReader(kernels);

  function make(frame: Frame): Made {
    const structure = parseJpeg(frame.data, "scan");
    checkSize(frame, structure, policy);
    const colour = colourOf(frame.data, structure);
    if (policy.mode === "solid") return solidFile(structure, colour);
    const choice = choose(frame, shapeOf(structure, colour));
    if (choice.kind === "standing" && "file" in choice.mosaic) return choice.mosaic.file;
    if (choice.kind !== "fresh") return solidFile(structure, colour);
    const made = freshFile(frame.data, colour, policy, kernels, readDc);
    choice.keep({ file: made });
    if (made instanceof Promise) made.catch(choice.forget);
    return made;
  }

  return (frame) => {
    const made = make(frame);
    const blurred = ({ bytes, informationBits }: MosaicFile): Blurred => {
      if (policy.originals === "policy") frame.data.fill(0);
      return { ok: true, frame: { ...frame, data: bytes }, informationBits };
    };
    return made instanceof Promise ? made.then(blurred) : blurred(made);
  };
}

/** From the DC terms where they can be read, else from the pixels. */
function freshFile(
  data: Bytes,
  colour: JpegColour,
  policy: RedactionPolicy,
  kernels: Kernels,
  readDc: DcReader,
): Made {
  const structure = parseJpeg(data, "end");
  const { frame } = structure;
  const grid = cellGrid(frame.widthPx, frame.heightPx, policy.cells, mcuGeometry(frame).mcuPx);
  const lumaChannel = colour === "rgb" ? 1 : 0;
  const file = (means: CellMeans): MosaicFile => {
    const values = quantiseMeans(means, grid, policy, lumaChannel);
    return { bytes: writeMosaicJpeg(frame, colour, values), informationBits: values.informationBits };
  };
  const scan = wholeScan(structure);
  if (scan !== null) return file(readDc(data, structure, scan, grid));
  const stripped = stripJpeg(data, structure, "strip");
  const means = decodeMeans(stripped, colour, grid, policy.maxPixels, kernels);
  return means.then(file).finally(() => stripped !== data && stripped.fill(0));
}

function solidFile({ frame }: JpegStructure, colour: JpegColour): MosaicFile {
  const { mcuPx } = mcuGeometry(frame);
  const values = solidValues(frame.widthPx, frame.heightPx, frame.components.length, mcuPx);
  return { bytes: writeMosaicJpeg(frame, colour, values), informationBits: 0 };
}

function checkSize({ width, height }: Frame, { frame }: JpegStructure, { maxPixels }: RedactionPolicy): void {
  const size = `JPEG is ${frame.widthPx}×${frame.heightPx}`;
  if (frame.widthPx !== width || frame.heightPx !== height) {
    throw new CamfenceError("malformed", `${size}, the frame says ${width}×${height}`);
  }
  if (width * height > maxPixels) {
    throw new CamfenceError("too-large", `${size}, more than the policy's ${maxPixels} pixels`);
  }
}

function shapeOf({ frame }: JpegStructure, colour: JpegColour): string {
  const sampling = frame.components.map((c) => `${c.h}${c.v}`).join(" ");
  return `jpeg ${frame.widthPx}×${frame.heightPx} ${colour} ${sampling}`;
}
