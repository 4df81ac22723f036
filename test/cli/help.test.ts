import { expect, it } from "vitest";
import { withHelp } from "../../src/cli/with-help.ts";
import { camfence, inProcess } from "../kit/cli.ts";

const ALONE = "replay simulate demo verdict bridge filter buffer ingest impact init run";
const GROUPS = {
  ingest: "list open keygen",
  ledger: "verify summary keygen",
  zones: "build convert check rules diff keygen publish rotate-key revoke status update tuf-client",
};
const COMMANDS = [
  ...ALONE.split(" "),
  ...Object.entries(GROUPS).flatMap(([group, names]) => names.split(" ").map((name) => `${group} ${name}`)),
];

it.concurrent.each(COMMANDS)(
  "camfence %s explains itself with an example, and does nothing else",
  async (name) => {
    const long = await camfence(...name.split(" "), "--help");
    expect(long).toMatchObject({ code: 0, stderr: "" });
    expect(long.stdout).toMatch(/Example: camfence/);
    expect(await camfence(...name.split(" "), "-h")).toEqual(long);
  },
);

it.each(["zones", "ledger"])("camfence %s names its commands, and refuses any other", async (group) => {
  expect((await camfence(group, "--help")).code).toBe(0);
  for (const name of ["chekc", "toString", "__proto__"]) {
    const { code, stderr } = await camfence(group, name);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^camfence: [^\n]+expected one of [^\n]+\n$/)]);
  }
});

it("behind --, a file may be called --help", async () => {
  const echo = withHelp("help\n", async (args, io: { stdout: (text: string) => void }) => {
    io.stdout(args.join(" "));
    return 0;
  });
  expect((await inProcess(echo, "--", "--help")).stdout).toBe("-- --help");
  expect((await inProcess(echo, "--out", "x", "-h")).stdout).toBe("help\n");
});
