import { describe, expect, it } from "vitest";
import { begin } from "./kit/tuf-test.ts";
import { TufRepository, newKey } from "./kit/tuf-repository.ts";

// The tables of the public TUF conformance suite: test_updater_key_rotations, test_updater_delegation_graphs. A version
// is: keys, threshold, who signs, and whether the client is to take it.

type Version = readonly [
  keys: readonly number[],
  threshold: number,
  signatures: readonly number[],
  good?: false,
];

const ROOTS: Readonly<Record<string, readonly Version[]>> = {
  "1-of-1 key rotation": [
    [[1], 1, [1]],
    [[2], 1, [2, 1]],
    [[2], 1, [2]],
  ],
  "1-of-1 key rotation, unused signatures": [
    [[1], 1, [3, 1, 4]],
    [[2], 1, [3, 2, 1, 4]],
    [[2], 1, [3, 2, 4]],
  ],
  "3-of-5 sign with different keys": [
    [[0, 1, 2, 3, 4], 3, [0, 2, 4]],
    [[0, 1, 2, 3, 4], 3, [0, 4, 1]],
    [[0, 1, 2, 3, 4], 3, [0, 1, 3]],
    [[0, 1, 2, 3, 4], 3, [0, 1, 3]],
  ],
  "3-of-5 one key rotated": [
    [[0, 1, 2, 3, 4], 3, [0, 2, 4]],
    [[0, 1, 3, 4, 5], 3, [0, 4, 1]],
  ],
  "3-of-5 one key rotated with a step between": [
    [[0, 1, 2, 3, 4], 3, [0, 2, 4]],
    [[0, 1, 3, 4, 5], 3, [0, 2, 4, 5]],
    [[0, 1, 3, 4, 5], 3, [0, 4, 5]],
  ],
  "3-of-5 all keys rotated with a step between": [
    [[0, 1, 2, 3, 4], 3, [0, 2, 4]],
    [[5, 6, 7, 8, 9], 3, [0, 2, 4, 5, 6, 7]],
    [[5, 6, 7, 8, 9], 3, [5, 6, 7]],
  ],
  "1-of-3 threshold increase to 2-of-3": [
    [[1, 2, 3], 1, [1]],
    [[1, 2, 3], 2, [1, 2]],
  ],
  "2-of-3 threshold decrease to 1-of-3": [
    [[1, 2, 3], 2, [1, 2]],
    [[1, 2, 3], 1, [1, 2]],
    [[1, 2, 3], 1, [1]],
  ],
  "1-of-1 threshold increase to 2-of-2": [
    [[1], 1, [1]],
    [[1, 2], 2, [1, 2]],
  ],
  "1-of-1 not signed with the old key": [
    [[1], 1, [1]],
    [[2], 1, [2, 3, 4], false],
  ],
  "1-of-1 not signed with the new key": [
    [[1], 1, [1]],
    [[2], 1, [1, 3, 4], false],
  ],
  "3-of-5 not signed with 3 new keys": [
    [[0, 1, 2, 3, 4], 3, [0, 2, 4]],
    [[0, 1, 3, 4, 5], 3, [0, 2, 4], false],
  ],
  "3-of-5 not signed with 3 old keys": [
    [[0, 1, 2, 3, 4], 3, [0, 2, 4]],
    [[0, 1, 3, 4, 5], 3, [0, 4, 5], false],
  ],
  "1-of-3 to 2-of-3: new threshold not reached": [
    [[1, 2, 3], 1, [1]],
    [[1, 2, 3], 2, [2], false],
  ],
  "2-of-3 to 1-of-3: old threshold not reached": [
    [[1, 2, 3], 2, [1, 2]],
    [[1, 2, 3], 1, [1], false],
  ],
};

const OTHERS: Readonly<Record<string, Version>> = {
  "1-of-1 key rotation": [[2], 1, [2]],
  "1-of-1 key rotation, unused signatures": [[1], 1, [3, 1, 4]],
  "1-of-1 not signed with the new key": [[2], 1, [1, 3, 4], false],
  "3-of-5 one signature of a wrong key": [[0, 1, 3, 4, 5], 3, [0, 2, 4], false],
  "3-of-5 one signature missing": [[0, 1, 3, 4, 5], 3, [0, 4], false],
  "3-of-5 first combination": [[0, 1, 2, 3, 4], 3, [0, 2, 4]],
  "3-of-5 second combination": [[0, 1, 2, 3, 4], 3, [0, 4, 1]],
  "3-of-5 third combination": [[0, 1, 2, 3, 4], 3, [0, 1, 3]],
  "3-of-5 fourth combination": [[0, 1, 2, 3, 4], 3, [1, 2, 3]],
  "3-of-5 fifth combination": [[0, 1, 2, 3, 4], 3, [2, 3, 4]],
};

const KEYS = Array.from({ length: 10 }, () => newKey());
const pick = (numbers: readonly number[]) => numbers.flatMap((i) => KEYS[i] ?? []);

function assign(repo: TufRepository, role: string, [keys, threshold, signatures]: Version): void {
  repo.role(role).keyids = [];
  repo.role(role).threshold = threshold;
  for (const key of pick(keys)) repo.trust(role, key);
  repo.signers.set(role, pick(signatures));
}

describe("root rotation", () => {
  it.each(Object.entries(ROOTS))("%s", async (_name, versions) => {
    const repo = new TufRepository();
    repo.root.version = 0;
    for (const version of versions) {
      assign(repo, "root", version);
      repo.nextRoot();
    }
    const { client } = await begin(repo);
    const isGood = versions.at(-1)?.[3] !== false;
    expect(await client.refresh()).toBe(isGood ? 0 : 1);
    const last = versions.length - (isGood ? 0 : 1);
    expect(client.bytes("root")).toEqual(repo.files.get(`${last}.root.json`));
  });
});

describe("rotation of the other roles", () => {
  it.each(Object.entries(OTHERS))("%s", async (_name, version) => {
    const { repo, client } = await begin();
    for (const role of ["timestamp", "snapshot", "targets"]) {
      assign(repo, role, version);
      repo.nextRoot();
      if (role === "targets") repo.nextTargets();
      else repo.publishHeads();
      expect(await client.refresh()).toBe(version[3] === false ? 1 : 0);
      if (version[3] === false) continue;
      const { version: number } = repo.draft(role);
      const name = role === "timestamp" ? "timestamp.json" : `${number}.${role}.json`;
      expect(client.bytes(role)).toEqual(repo.files.get(name));
    }
  });
});

type Delegation = readonly [from: string, to: string, options?: { paths?: string[]; terminating?: boolean }];

const PY = { paths: ["*.py"] };
const END = { terminating: true };
const GRAPHS: Readonly<Record<string, readonly [delegations: readonly Delegation[], visited: string]>> = {
  "basic delegation": [[["targets", "A"]], "A"],
  "single level": [
    [
      ["targets", "A"],
      ["targets", "B"],
    ],
    "AB",
  ],
  "two levels": [
    [
      ["targets", "A"],
      ["targets", "B"],
      ["B", "C"],
    ],
    "ABC",
  ],
  "two levels, depth first": [
    [
      ["targets", "A"],
      ["targets", "B"],
      ["A", "C"],
      ["A", "D"],
    ],
    "ACDB",
  ],
  "three levels, depth first": [
    [
      ["targets", "A"],
      ["targets", "B"],
      ["A", "C"],
      ["C", "D"],
    ],
    "ACDB",
  ],
  "terminating in two levels": [
    [
      ["targets", "A"],
      ["targets", "B"],
      ["A", "C", END],
      ["A", "D"],
    ],
    "AC",
  ],
  "terminating in three levels": [
    [
      ["targets", "A"],
      ["targets", "B"],
      ["A", "C", END],
      ["C", "D"],
    ],
    "ACD",
  ],
  "branches that do not match, two levels": [
    [
      ["targets", "A", PY],
      ["targets", "B"],
      ["A", "C"],
    ],
    "B",
  ],
  "branches that do not match, three levels": [
    [
      ["targets", "A"],
      ["targets", "B"],
      ["A", "C", PY],
      ["C", "D"],
    ],
    "AB",
  ],
  cyclic: [
    [
      ["targets", "A"],
      ["targets", "B"],
      ["B", "C"],
      ["C", "D"],
      ["D", "B"],
    ],
    "ABCD",
  ],
  "two roles delegate to a third": [
    [
      ["targets", "A"],
      ["targets", "B"],
      ["B", "C"],
      ["A", "C"],
    ],
    "ACB",
  ],
  "two roles delegate to a third, by other paths": [
    [
      ["targets", "A"],
      ["targets", "B"],
      ["B", "C"],
      ["A", "C", PY],
    ],
    "ABC",
  ],
};

describe("delegations", () => {
  it.each(Object.entries(GRAPHS))("%s", async (_name, [delegations, visited]) => {
    const { repo, server, client } = await begin();
    for (const [from, to, options] of delegations) repo.delegate(from, to, options);
    repo.publish(...repo.delegated.keys());
    repo.nextTargets();
    expect(await client.download("missingpath")).toBe(1);
    expect(server.metadataAsked().slice(4)).toEqual(Array.from(visited).map((role) => `1.${role}.json`));
  });

  it.each([
    ["targetfile", true, ""],
    ["README.md", true, "A"],
    ["releases/x/x_v1", true, "BC"],
    ["releases/y/y_v1.zip", true, "BD"],
    ["releases/z/z_v1.zip", false, "B"],
  ])("search for %s", async (path, found, visited) => {
    const { repo, server, client } = await begin();
    repo.delegate("targets", "A", { paths: ["*.doc", "*.md"] });
    repo.delegate("targets", "B", { paths: ["releases/*/*"] });
    repo.delegate("B", "C", { paths: ["releases/x/*"] });
    repo.delegate("B", "D", { paths: ["releases/y/*.zip"] });
    repo.addTarget("targetfile", "targetfile content");
    repo.addTarget("README.md", "by A", "A");
    repo.addTarget("releases/x/x_v1", "by C", "C");
    repo.addTarget("releases/y/y_v1.zip", "by D", "D");
    repo.addTarget("releases/z/z_v1.zip", "by D", "D");
    repo.publish("A", "B", "C", "D");
    repo.nextTargets();
    expect(await client.download(path)).toBe(found ? 0 : 1);
    expect(server.metadataAsked().slice(4)).toEqual(Array.from(visited).map((role) => `1.${role}.json`));
    expect(client.downloaded()).toHaveLength(found ? 1 : 0);
  });

  it("more roles than anyone needs are not all asked", async () => {
    const { repo, server, client } = await begin();
    for (let i = 0; i < 60; i++) repo.delegate("targets", `role-${i}`);
    repo.publish(...repo.delegated.keys());
    repo.nextTargets();
    expect(await client.download("missingpath")).toBe(1);
    expect(server.metadataAsked().length).toBeLessThan(40);
  });
});
