import type { Rule } from "../../check/rule.ts";

export const sourceDatum: Rule = {
  id: "source-datum",
  severity: "warning",
  asks: "A place in China does not come from a Chinese web map, unless --datum says so.",
  remedy: "if they were drawn on Amap, Tencent or Baidu, convert again with --datum gcj02 or bd09",
};
