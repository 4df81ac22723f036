import { describe, expect, it } from "vitest";
import { createKeyframeRule } from "../../src/gate/keyframes.ts";
import { CLEAR, drop } from "../../src/gate/verdict.ts";
import type { Verdict } from "../../src/gate/verdict.ts";
import { isKeyframe, isSkippedLeading } from "../../src/redaction/coded/keyframe.ts";
import type { Frame } from "../../src/sources/frame.ts";
import { IDR, NON_IDR, frameAt } from "../kit/frames.ts";

const h264 = (keyframe: boolean, data = keyframe ? IDR : NON_IDR) =>
  frameAt(0, { format: "h264", keyframe, data });
/** One H.265 slice of a NAL type: 19 IDR, 21 CRA, 8 RASL, 1 trailing. */
const h265 = (type: number) =>
  frameAt(0, { format: "h265", keyframe: type >= 16, data: Uint8Array.of(0, 0, 0, 1, type << 1, 1, 0x80) });
const BLUR: Verdict = { action: "blur", reason: "inside", zones: ["a"] };

interface Judged {
  readonly verdict: Verdict;
  readonly frame: Frame;
}
const dropped = (frame: Frame): Judged => ({ verdict: drop("no-fix"), frame });
const blurred = (frame: Frame): Judged => ({ verdict: BLUR, frame });

/** What comes of frames one after the other: `-` is a frame that passed and was lost after all. */
function run(frames: readonly (Frame | Judged | "lost")[]): string {
  const rule = createKeyframeRule({ isKeyframe, isSkippedLeading });
  const letters = frames.map((given) => {
    if (given === "lost") return (rule.lost(), "-");
    const { verdict, frame } = "verdict" in given ? given : { verdict: CLEAR, frame: given };
    const { action, reason } = rule.apply(verdict, frame);
    return reason === "awaiting-keyframe" ? "k" : action[0];
  });
  return letters.join("");
}

const K = h264(true);
const P = h264(false);

describe("coded video", () => {
  it.each([
    ["begins with a keyframe", [P, P, K, P, P], "kkppp"],
    ["waits for one after a drop", [K, P, dropped(P), P, K, P], "ppdkpp"],
    ["waits for one after a blur", [K, blurred(P), P, K, P], "pbkpp"],
    ["waits for one after a dropped keyframe", [K, dropped(K), P, K], "pdkp"],
    ["waits for one after a frame that was lost", [K, P, "lost", P, K, P], "pp-kpp"],
    ["takes no flag's word for it", [h264(true, NON_IDR), K], "kp"],
    ["nor the bytes' alone", [h264(false, IDR), K], "kp"],
    ["nor that of bytes that cannot be read", [h264(true, Uint8Array.of(1, 2, 3)), K], "kp"],
  ] as const)("%s", (_, frames, letters) => {
    expect(run(frames)).toBe(letters);
  });

  it("H.265: skipped leading pictures lean on what was dropped, until the next keyframe", () => {
    expect(run([h265(21), h265(8), h265(8), h265(1), h265(8), h265(1), h265(21), h265(8), h265(1)])).toBe(
      "pkkpkpppp",
    );
  });

  it("H.265: nothing is skipped where nothing was dropped before", () => {
    expect(run([h265(19), h265(1), h265(21), h265(8), h265(1)])).toBe("ppppp");
  });
});

it("images of their own wait for nothing", () => {
  const jpeg = frameAt(0, { format: "jpeg", keyframe: false });
  expect(run([jpeg, dropped(jpeg), jpeg, "lost", jpeg])).toBe("pdp-p");
});
