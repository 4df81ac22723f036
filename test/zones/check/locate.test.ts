import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findDuplicateKeys, mayHaveDuplicateKeys } from "../../../src/zones/read/duplicate-keys.ts";
import { locate } from "../../../src/zones/check/locate.ts";

describe("a path leads to the name of a member, or to an element", () => {
  const text = '\n{ "a": [10, {"b\\"c": [[1], [2, "]}"]]} , true],\n "z": {} }';
  it.each([
    [[], "{"],
    [["a"], '"a"'],
    [["a", 0], "10"],
    [["a", 1], '{"b'],
    [["a", 1, 'b"c'], '"b\\"c"'],
    [["a", 1, 'b"c', 1, 1], '"]}"'],
    [["a", 2], "true"],
    [["z"], '"z"'],
  ])("%j", (path, start) => {
    const [offset = -1] = locate(text, [path]);
    expect(text.slice(offset).startsWith(start)).toBe(true);
  });

  it.each([
    [["a", 7], '"a"'],
    [["z", "missing", "deeper"], '"z"'],
    [["missing"], "{"],
  ])("%j, which is missing, leads to what should have it", (path, start) => {
    const [offset = -1] = locate(text, [path]);
    expect(text.slice(offset).startsWith(start)).toBe(true);
  });

  it("all paths at once, as one by one", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(3), (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        const paths = pathsIn(value);
        const offsets = locate(json, paths);
        expect(paths.map((path) => locate(json, [path])[0])).toEqual(offsets);
        const named = paths.flatMap((path, index) => {
          const last = path.at(-1);
          return typeof last === "string"
            ? [[JSON.stringify(last), json.slice(offsets[index])] as const]
            : [];
        });
        expect(named.filter(([name, found]) => !found.startsWith(name))).toEqual([]);
      }),
    );
  });
});

type Path = readonly (string | number)[];

function pathsIn(value: unknown): readonly Path[] {
  if (Array.isArray(value))
    return [[], ...value.flatMap((item, at) => pathsIn(item).map((path) => [at, ...path]))];
  if (typeof value !== "object" || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([name, item]) => pathsIn(item).map((path) => [name, ...path])),
  ];
}

const isSuspect = (text: string) => mayHaveDuplicateKeys(Buffer.from(text), JSON.parse(text));

function duplicatesIn(text: string): readonly string[] {
  const found: string[] = [];
  findDuplicateKeys(text, ({ name, offset }) => found.push(`${name}@${offset}`));
  return found;
}

describe("a name that occurs twice in one object is found", () => {
  it.each([
    ['{"a":1,"a":2}', ["a@7"]],
    ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}', []],
    ['{"x":{"a":1 , "\\u0061" : 2}}', ["a@14"]],
    ['{"a":":","b":"{\\"a\\":1,\\"a\\":2}"}', []],
    ['{"a":{},"a":{},"a":{}}', ["a@8", "a@15"]],
    ['{"":1,"":2}', ["@6"]],
    ['{"__proto__":1,"__proto__":2}', ["__proto__@15"]],
    ["[1]", []],
  ])("%s", (text, found) => {
    expect(duplicatesIn(text)).toEqual(found);
    expect(isSuspect(text)).toBe(found.length > 0 || text.includes('":"'));
  });

  it("the quick look never misses one that the slow one finds", () => {
    const name = fc.string({ unit: fc.constantFrom("a", ":", "\\", '"', "{", "}", " "), maxLength: 3 });
    const member = fc.tuple(name, fc.oneof(name, fc.constant({}), fc.constant([name])));
    fc.assert(
      fc.property(fc.array(member, { maxLength: 5 }), (members) => {
        const inside = members.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
        const text = `{"features":[{${inside.join(" ,")}}]}`;
        const isFound = duplicatesIn(text).length > 0;
        expect(isFound).toBe(new Set(members.map(([key]) => key)).size < members.length);
        expect(isSuspect(text) || !isFound).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
