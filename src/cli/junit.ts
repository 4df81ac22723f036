/** One thing that was expected. */
export interface JunitCase {
  readonly name: string;
  readonly met: boolean;
  /** What was got. */
  readonly got: string;
}

export interface JunitSuite {
  readonly name: string;
  readonly file: string;
  readonly seconds: number;
  readonly cases: readonly JunitCase[];
}

/** JUnit's XML, as test reports of CI servers read it: a suite for each drive, a case for each expectation. */
export function junitXml(suites: readonly JunitSuite[]): string {
  const all = suites.flatMap(({ cases }) => cases);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="camfence" ${countsOf(all)}>`,
    ...suites.flatMap(suiteLines),
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

function suiteLines({ name, file, seconds, cases }: JunitSuite): readonly string[] {
  const head = `<testsuite name="${escaped(name)}" ${countsOf(cases)} time="${seconds.toFixed(3)}">`;
  return [`  ${head}`, ...cases.flatMap((each) => caseLines(each, file)), "  </testsuite>"];
}

function caseLines({ name, met, got }: JunitCase, file: string): readonly string[] {
  const open = `    <testcase name="${escaped(name)}" classname="${escaped(file)}" file="${escaped(file)}" time="0"`;
  if (met) return [`${open} />`];
  return [
    `${open}>`,
    `      <failure message="${escaped(`got ${got}`)}">expected ${escaped(name)}; got ${escaped(got)}</failure>`,
    "    </testcase>",
  ];
}

function countsOf(cases: readonly JunitCase[]): string {
  return `tests="${cases.length}" failures="${cases.filter(({ met }) => !met).length}" errors="0" skipped="0"`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function escaped(text: string): string {
  // Characters that no XML 1.0 document may hold, not even escaped, go.
  const legal = text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "\uFFFD");
  return legal.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
