import type { Bytes } from "./bytes.ts";
import { CamfenceError } from "../core/errors.ts";
import type { Frame } from "../sources/frame.ts";
import type { Blurred } from "./blur.ts";
import { cellGrid } from "./cell-grid.ts";
import type { CellValues } from "./cell-grid.ts";
import { decodeMosaic } from "./jpeg/decode-mosaic.ts";
import { colourOf, parseJpeg } from "./jpeg/jpeg-structure.ts";
import type { JpegColour, JpegStructure } from "./jpeg/jpeg-structure.ts";
import { stripJpeg } from "./jpeg/strip-jpeg.ts";
import { geometryOf, writeMosaicJpeg } from "./jpeg/write-mosaic.ts";
import type { Kernels } from "./kernels/kernels.ts";
import type { RedactionPolicy } from "./policy.ts";
import { solidValues } from "./solid.ts";
import { createStandingMosaics } from "./standing-mosaic.ts";

interface MosaicFile {
  readonly bytes: Bytes;
  readonly informationBits: number;
}
type Made = MosaicFile | Promise<MosaicFile>;

/** Blurs JPEGs. While a mosaic stands, its file is given out again as it is. */
export function createJpegBlur(
  policy: RedactionPolicy,
  kernels: Kernels,
): (frame: Frame) => Blurred | Promise<Blurred> {
  const choose = createStandingMosaics<Made>(policy.refreshMs);

  function make(frame: Frame): Made {
    const structure = parseJpeg(frame.data, "scan");
    checkSize(frame, structure, policy);
    const colour = colourOf(frame.data, structure);
    const solid = (): MosaicFile => solidFile(structure, colour);
    if (policy.mode === "solid") return solid();
    const choice = choose(frame, shapeOf(structure, colour));
    if (choice.kind === "solid") return solid();
    if (choice.kind === "standing") return choice.mosaic;
    const made = freshFile(frame.data, colour, policy, kernels);
    choice.keep(made);
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

function freshFile(data: Bytes, colour: JpegColour, policy: RedactionPolicy, kernels: Kernels): Made {
  const structure = parseJpeg(data, "end");
  const { frame } = structure;
  const { mcuWidthPx, mcuHeightPx } = geometryOf(frame);
  const block = { widthPx: mcuWidthPx, heightPx: mcuHeightPx };
  const grid = cellGrid(frame.widthPx, frame.heightPx, policy.cells, block);
  const file = (values: CellValues): MosaicFile => ({
    bytes: writeMosaicJpeg(frame, colour, values),
    informationBits: values.informationBits,
  });
  return decodeMosaic(stripJpeg(data, structure, "strip"), colour, grid, policy, kernels).then(file);
}

function solidFile({ frame }: JpegStructure, colour: JpegColour): MosaicFile {
  const { mcuWidthPx, mcuHeightPx } = geometryOf(frame);
  const block = { widthPx: mcuWidthPx, heightPx: mcuHeightPx };
  const values = solidValues(frame.widthPx, frame.heightPx, frame.components.length, block);
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
