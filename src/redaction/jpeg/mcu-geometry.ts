import type { BlockPx } from "../cell-grid.ts";
import type { JpegFrameHeader } from "./jpeg-headers.ts";

export interface McuGeometry {
  readonly mcuPx: BlockPx;
  readonly mcuColumns: number;
  readonly mcuRows: number;
  readonly components: readonly ComponentGeometry[];
}

export interface ComponentGeometry {
  /** Blocks across and down in one MCU. */
  readonly h: number;
  readonly v: number;
  /** Blocks across and down that hold any of the picture. */
  readonly blockColumns: number;
  readonly blockRows: number;
}

const BLOCK = 8;

/** The MCUs of a scan that holds all components. A lone component is never interleaved: its MCU is one block. */
export function mcuGeometry({ widthPx, heightPx, components }: JpegFrameHeader): McuGeometry {
  const sampling = components.length === 1 ? [{ h: 1, v: 1 }] : components;
  const hMost = Math.max(...sampling.map(({ h }) => h));
  const vMost = Math.max(...sampling.map(({ v }) => v));
  const mcuPx = { widthPx: BLOCK * hMost, heightPx: BLOCK * vMost };
  return {
    mcuPx,
    mcuColumns: Math.ceil(widthPx / mcuPx.widthPx),
    mcuRows: Math.ceil(heightPx / mcuPx.heightPx),
    components: sampling.map(({ h, v }) => ({
      h,
      v,
      blockColumns: Math.ceil(Math.ceil((widthPx * h) / hMost) / BLOCK),
      blockRows: Math.ceil(Math.ceil((heightPx * v) / vMost) / BLOCK),
    })),
  };
}
