import { describe, expect, it } from "vitest";
import { FAR_AWAY, squareZone, zoneSet } from "./kit/place.ts";
import { drawn, tell } from "./kit/story.ts";

/** One character is 100 ms; the letters are those of `test/kit/story.ts`. A fix is trusted as the third of its kind. */

describe("first frames drop", () => {
  it("until so many fixes agree", () => {
    const fixes = "-ffff";
    const frames = "xxxxx";
    expect(drawn({ fixes, frames, policy: { positioning: { agreeFixes: 1 } } })).toBe("npppp");
    expect(drawn({ fixes, frames, policy: { positioning: { agreeFixes: 2 } } })).toBe("nnppp");
    expect(drawn({ fixes, frames })).toBe("nnnpp");
    expect(drawn({ fixes, frames, policy: { positioning: { agreeFixes: 4 } } })).toBe("nnnnp");
    expect(drawn({ fixes, frames, policy: { positioning: { agreeFixes: 5 } } })).toBe("nnnnn");
  });

  it("and a doubt between them starts the count again", () => {
    expect(drawn({ fixes: "ffnfff", frames: "xxxxxx" })).toBe("nnnnnp");
    expect(drawn({ fixes: "ffcfff", frames: "xxxxxx" })).toBe("nncccp");
  });
});

describe("silence closes the gate", () => {
  it("1500 ms after the last fix's own time", () => {
    const fixes = "fff";
    const frames = "--xxxxxxxxxxxxxxxxxx";
    expect(drawn({ fixes, frames })).toBe("--ppppppppppppppppss");
  });

  it.each([
    [1499, "s"],
    [1500, "p"],
    [1501, "p"],
  ])("with %i ms allowed, a frame 1500 ms after the last fix: %s", (maxFixAgeMs, letter) => {
    const story = { fixes: "fff", frames: "-----------------x", policy: { positioning: { maxFixAgeMs } } };
    expect(drawn(story).at(-1)).toBe(letter);
  });

  it("and a fix that comes late does not reopen it", () => {
    expect(drawn({ fixes: "fff----------------------l-", frames: "--x-----------------x-----x" })).toBe(
      "--p-----------------s-----s",
    );
  });

  it("but a fix that was valid a moment ago does, from its own time on", () => {
    const fixes = "fff-----------------o------------";
    const frames = "--------------------xxxxxxxxxxxxxxx";
    // Valid at 1650 ms, it lasts to 3150.
    expect(drawn({ fixes, frames })).toBe("--------------------ppppppppppppsss");
  });

  it("after which one fix is enough, unless the silence was long", () => {
    const gap = "-".repeat(298);
    expect(drawn({ fixes: `fff${gap}ff`, frames: `--x${gap}-x` }).at(-1)).toBe("p");
    expect(drawn({ fixes: `fff${gap}--ffff`, frames: `--x${gap}--xxxx` }).slice(-4)).toBe("nnpp");
  });
});

describe("what the receiver says of itself", () => {
  it.each([
    ["that it has no position", "n", "n"],
    ["that it is coarse", "c", "c"],
    ["that it is simulated", "s", "m"],
    ["nothing that is a number", "x", "n"],
    ["a speed that no vehicle has", "F", "!"],
  ])("%s closes the gate at once", (_, fix, letter) => {
    expect(drawn({ fixes: `ffff${fix}--`, frames: "xxxxxxx" })).toBe(`nnpp${letter.repeat(3)}`);
  });

  it("one good fix opens it again after a doubt, three after a speed that no vehicle has", () => {
    expect(drawn({ fixes: "fffcff", frames: "xxxxxx" })).toBe("nnpcpp");
    expect(drawn({ fixes: "fffnff", frames: "xxxxxx" })).toBe("nnpnpp");
    expect(drawn({ fixes: "fffFffff", frames: "xxxxxxxx" })).toBe("nnp!!!pp");
  });

  it("a simulator counts on a test bench", () => {
    expect(drawn({ fixes: "ssss", frames: "xxxx", policy: { positioning: { allowSimulated: true } } })).toBe(
      "nnpp",
    );
  });
});

describe("what is neither here nor there changes nothing", () => {
  it.each([
    ["the same fix again", "d"],
    ["one from before the last", "o"],
    ["one from the future", "u"],
  ])("%s", (_, fix) => {
    expect(drawn({ fixes: `ffff${fix}${fix}`, frames: "xxxxxx" })).toBe("nnpppp");
  });

  it("nor does it keep the gate open", () => {
    for (const fix of ["d", "u"]) {
      const fixes = `fff${fix.repeat(20)}`;
      expect(drawn({ fixes, frames: `${"-".repeat(18)}x----` })).toBe(`${"-".repeat(18)}s----`);
    }
  });
});

describe("a jump", () => {
  it("closes the gate until three fixes agree", () => {
    expect(drawn({ fixes: "ffffJJJJ", frames: "xxxxxxxx" })).toBe("nnpp!!pp");
    expect(drawn({ fixes: "ffffJffff", frames: "xxxxxxxxx" })).toBe("nnpp!!!pp");
  });

  it("is no agreement when the receiver cannot decide", () => {
    expect(drawn({ fixes: "ffffJfJfJfJJffJJ", frames: "xxxxxxxxxxxxxxxx" })).toBe(`nnpp${"!".repeat(12)}`);
  });

  it("revokes once what was released since the last trusted fix, up to now", () => {
    const { revocations } = tell({ fixes: "fff---JJfJJJJ", frames: "---xxx-------" });
    expect(revocations).toEqual([{ afterMs: 200, untilMs: 650 }]);
  });

  it("revokes it, too, when a doubt came between", () => {
    const { revocations, drawn: what } = tell({ fixes: "fff--nJ", frames: "--xxxx-" });
    expect(what).toBe("--pppn-");
    expect(revocations).toEqual([{ afterMs: 200, untilMs: 650 }]);
  });

  it("revokes again after it was trusted again", () => {
    const { revocations } = tell({ fixes: "fffJJJff", frames: "--------" });
    expect(revocations).toEqual([
      { afterMs: 200, untilMs: 350 },
      { afterMs: 500, untilMs: 650 },
    ]);
  });

  it("revokes nothing before anything was trusted", () => {
    expect(tell({ fixes: "ffJ", frames: "xxx" }).revocations).toEqual([]);
  });
});

describe("frames that are judged late", () => {
  it("are judged by the fixes on both sides of them", () => {
    expect(drawn({ fixes: "fffffff", frames: "---hhhh" })).toBe("---nnpp");
  });

  it("drop where the receiver was in doubt, although it is in no doubt now", () => {
    expect(drawn({ fixes: "ffffncffff", frames: "xxxxxxhhhx" })).toBe("nnppncpccp");
  });

  it("drop when they are too late, or from the future", () => {
    expect(drawn({ fixes: "fffff", frames: "---yu" })).toBe("---LL");
  });

  it.each([
    [5999, "L"],
    [6000, "n"],
    [6001, "n"],
  ])("with %i ms allowed, a frame of 6000 ms ago: %s", (maxFrameAgeMs, letter) => {
    expect(drawn({ fixes: "fff", frames: "---y", policy: { gate: { maxFrameAgeMs } } }).at(-1)).toBe(letter);
  });
});

describe("holdMs", () => {
  const policy = { gate: { holdMs: 250 } };

  it("a frame waits for the next fix", () => {
    expect(drawn({ fixes: "fff-f---", frames: "---x----", policy })).toBe("----p---");
  });

  it("and no longer than it may", () => {
    expect(drawn({ fixes: "fff-----", frames: "---x----", policy })).toBe("-----p--");
    expect(tell({ fixes: "fff-----", frames: "---x----", policy }).outcomes).toHaveLength(1);
  });

  it("a doubt while it waits drops it", () => {
    expect(drawn({ fixes: "fff-n---", frames: "---x----", policy })).toBe("-----n--");
    expect(drawn({ fixes: "fff-J---", frames: "---x----", policy })).toBe("-----!--");
  });

  it("order is kept, and none waits for another's fix", () => {
    const { outcomes } = tell({ fixes: "fff--f-f-", frames: "---xxxx--", policy });
    expect(outcomes.map(({ record }) => record.seq)).toEqual([0, 1, 2, 3]);
    expect(outcomes.every(({ record }) => record.action === "pass")).toBe(true);
  });
});

describe("the end of an input", () => {
  it.each(["#", "|"])("fixes: closes the gate with no-fix (%s)", (end) => {
    const told = tell({ fixes: `ffff${end}`, frames: "xxxxxx" });
    expect(told.drawn).toBe("nnppnn");
    expect(told.notices.map(({ input }) => input)).toEqual(["fixes"]);
  });

  it.each(["#", "|"])("zones: the last set stays (%s)", (end) => {
    const told = tell({ fixes: "ffffff", frames: "xxxxxx", zones: `z--${end}` });
    expect(told.drawn).toBe("nnpppp");
    expect(told.notices.map(({ input }) => input)).toEqual(["zones"]);
  });

  it("a camera: nothing else", () => {
    const told = tell({ fixes: "ffffff", frames: "xxxx#" });
    expect(told.drawn).toBe("nnpp--");
    expect(told.notices.map(({ input }) => input)).toEqual(["camera front"]);
  });
});

describe("zone sets", () => {
  const sets = {
    z: zoneSet([FAR_AWAY], { issuedMs: 10 }),
    old: zoneSet([FAR_AWAY], { issuedMs: 9 }),
    n: zoneSet([squareZone({ eastM: -50, northM: -50, sideM: 100 })], { issuedMs: 11 }),
    o: zoneSet([squareZone({ eastM: -50, northM: -50, sideM: 100 })], { issuedMs: 9 }),
    q: zoneSet([squareZone({ eastM: -50, northM: -50, sideM: 100 })], { issuedMs: 10 }),
    e: zoneSet([], { issuedMs: 12 }),
    x: zoneSet([FAR_AWAY], { issuedMs: 10, expiresMs: 500 }),
    N: zoneSet([FAR_AWAY], { issuedMs: Number.NaN }),
  };
  const story = { fixes: "ffffffff", frames: "xxxxxxxx", sets };

  it("without one everything drops", () => {
    expect(drawn({ ...story, zones: "----z" })).toBe("zzzzpppp");
  });

  it("a newer one is in force from its arrival on", () => {
    expect(drawn({ ...story, zones: "z---n" })).toBe("nnppiiii");
  });

  it("an equally old one is, too; an older one, an empty one and one of no time are refused", () => {
    expect(drawn({ ...story, zones: "z---q" })).toBe("nnppiiii");
    for (const zones of ["z---o", "z---e"]) {
      const told = tell({ ...story, zones });
      expect(told.drawn).toBe("nnpppppp");
      expect(told.notices.map(({ input }) => input)).toEqual(["zones"]);
    }
    expect(drawn({ ...story, zones: "n---N---" })).toBe("nniiiiii");
    expect(drawn({ ...story, zones: "N---n---" })).toBe("zzzziiii");
  });

  it("one expires during the drive", () => {
    expect(drawn({ ...story, zones: "x" })).toBe("nnpppeee");
  });
});

/** Backs away from the edge at 20 m/s. */
const away = (timeMs: number) => ({ eastM: -15 - timeMs / 50, speedMps: 20, courseDeg: 270 });

/** Is out of the zone when it is heard of again. */
const unseen = (timeMs: number) => ({ eastM: timeMs < 1000 ? -10 : -32, accuracyM: 1 });

describe("leaving late", () => {
  /** The zone begins 100 m east of where the vehicle stands, or leaves to when it backs away. */
  const sets = { z: zoneSet([squareZone({ eastM: 0, northM: -500, sideM: 1000 })]) };
  const base = { sets, policy: { gate: { marginM: 0 } } };

  const leftAt = (seed: number) => {
    const story = { fixes: "f".repeat(40), frames: "x".repeat(40), drive: away, sets };
    return drawn({ ...story, policy: { gate: { marginM: 60, seed } } }).indexOf("p");
  };

  it("enters at once, by a fix or by a frame", () => {
    expect(drawn({ ...base, fixes: "fffff", frames: "xxxxx" })).toBe("nniii");
  });

  it.each([
    [1, ""],
    [2, "l"],
    [3, "ll"],
    [4, "lll"],
  ])("leaves with the %ith fix that is clear", (exitFixes, leaving) => {
    const story = { fixes: "f".repeat(20), frames: "x".repeat(20), drive: away, sets };
    const what = drawn({ ...story, policy: { gate: { marginM: 0, exitFixes } } });
    expect(what).toMatch(new RegExp(`^nni+${leaving}p+$`));
  });

  it("a margin is drawn for each crossing, the same with the same seed", () => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    expect(seeds.map(leftAt)).toEqual(seeds.map(leftAt));
    expect(new Set(seeds.map(leftAt)).size).toBeGreaterThan(4);
  });

  it("silence is no leaving", () => {
    const gap = "-".repeat(20);
    const fixes = `fffff${gap}fff`;
    expect(drawn({ ...base, fixes, frames: `xxxxx${gap}xxx`, drive: unseen })).toBe(`nniii${gap}llp`);
  });
});

describe("a camera that looks inside", () => {
  it("drops, unless it is to be judged like the others", () => {
    const story = { fixes: "fffff", frames: "xxxxx", camera: { kind: "cabin" } as const };
    expect(drawn(story)).toBe("CCCCC");
    expect(drawn({ ...story, policy: { gate: { cabin: "judge" } } })).toBe("nnppp");
  });
});

describe("coded video", () => {
  it("begins with a keyframe, and again after each drop", () => {
    expect(drawn({ fixes: "fffff------", frames: "-KPPKPPKPPP" })).toBe("-nkkppppppp");
    expect(drawn({ fixes: "fffffnff---", frames: "--KPPPPKPPP" })).toBe("--pppnkpppp");
  });

  it("an unreadable or late frame between is a drop, too", () => {
    expect(drawn({ fixes: "fffffffffff", frames: "--KPPyPPKPP" })).toBe("--pppLkkppp");
  });
});
