import { SaxesParser } from "saxes";

export interface Suite extends Readonly<Record<string, string | number>> {
  readonly cases: number;
}

/** The suites of a JUnit file with their attributes and the number of their cases. Throws where it is not well-formed. */
export function suitesOf(text: string): readonly Suite[] {
  const suites: Record<string, string | number>[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (name === "testsuite") suites.push({ ...attributes, cases: 0 });
    const last = suites.at(-1);
    if (name === "testcase" && last !== undefined) last["cases"] = Number(last["cases"]) + 1;
  });
  parser.write(text).close();
  return suites as unknown as readonly Suite[];
}
