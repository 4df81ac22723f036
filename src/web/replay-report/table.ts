import type { Markup } from "../report/markup.ts";
import { markup } from "../report/markup.ts";
import { countText } from "../report/count-text.ts";

export interface Column {
  readonly name: string;
  /** Figures stand to the right. @default "left" */
  readonly align?: "right";
}

export interface Table {
  /** @default none: what stands above it says what it is */
  readonly caption?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Markup[];
  /** The row of sums. @default none */
  readonly foot?: Markup;
}

/** A table that scrolls by itself where the page is narrow. */
export function table({ caption, columns, rows, foot }: Table): Markup {
  return markup`<div class="scroll">
    <table>
      ${caption === undefined ? null : markup`<caption>${caption}</caption>`}
      <thead>
        <tr>
          ${columns.map(({ name, align }) => markup`<th scope="col"${align === undefined ? null : markup` class="n"`}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
      ${foot === undefined ? null : markup`<tfoot>${foot}</tfoot>`}
    </table>
  </div>`;
}

/** What a table left out, where it is cut at `shown` rows. */
export function moreThan(count: number, shown: number, what = ""): Markup {
  return count <= shown
    ? markup``
    : markup`<p class="note">and ${countText(count - shown)} more${what === "" ? "" : ` ${what}`}</p>`;
}

export const left = (name: string): Column => ({ name });
export const right = (name: string): Column => ({ name, align: "right" });
