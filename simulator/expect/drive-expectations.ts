import { DriveExpectations } from "../scenario/expectation.ts";
import type { Expectation } from "../scenario/expectation.ts";
import { parseYaml } from "../scenario/yaml-file.ts";
import { needsTruth } from "./expectations.ts";

/** The expectations of a recorded drive: the same as a scenario's, but for those that only the truth can answer. */
export function parseDriveExpectations(file: string, text: string): readonly Expectation[] {
  return parseYaml(file, text, Untrue).expect;
}

const Untrue = DriveExpectations.superRefine(({ expect }, context) => {
  for (const [i, expectation] of expect.entries()) {
    if (!needsTruth(expectation)) continue;
    const message = `what a recorded drive can show: nobody knows its truth, ${expectation.that} is for scenarios`;
    context.addIssue({ code: "custom", path: ["expect", i, "that"], message });
  }
});
