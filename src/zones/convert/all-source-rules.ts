import type { Rule } from "../check/rule.ts";
import { sourceCategory } from "./rules/source-category.ts";
import { sourceCrs } from "./rules/source-crs.ts";
import { sourceDatum } from "./rules/source-datum.ts";
import { sourceDuplicate } from "./rules/source-duplicate.ts";
import { sourceFormat } from "./rules/source-format.ts";
import { sourceIncomplete } from "./rules/source-incomplete.ts";
import { sourceNoArea } from "./rules/source-no-area.ts";
import { sourceWidened } from "./rules/source-widened.ts";

/** Every rule about files of other formats, beside those about the zones that come of them. */
export const SOURCE_RULES: readonly Rule[] = [
  sourceFormat,
  sourceIncomplete,
  sourceCrs,
  sourceDatum,
  sourceCategory,
  sourceNoArea,
  sourceDuplicate,
  sourceWidened,
];
