import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { dropIn, pageOf, seconds, summaryOf, zoneAt } from "./fixtures.ts";

const ATTACK = `</title></script><script>alert("x")</script><img src=x onerror='y'>&`;

test("what others named is shown as text, wherever it stands, and never becomes markup", async () => {
  const outcomes = seconds(20, (second) => (second > 9 ? dropIn(ATTACK) : {}));
  const page = await pageOf(outcomes, [zoneAt(ATTACK, 100)], {
    drive: ATTACK,
    warnings: [ATTACK],
    zoneSet: { hash: ATTACK, zones: 1 },
    revocations: [{ after: ATTACK, until: ATTACK }],
  });
  expect(page).not.toContain('alert("');
  expect(page).not.toContain("<img");
  expect(page).not.toContain("onerror='");
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain("&lt;/title&gt;&lt;/script&gt;&lt;script&gt;alert(&quot;x&quot;)");
});

test("a name that turns the writing direction round turns nothing but itself", async () => {
  const page = await pageOf(
    seconds(5, () => dropIn("\u202Efort")),
    [zoneAt("\u202Efort", 50)],
  );
  expect(page).toContain("<b><bdi>\u202Efort</bdi></b>");
});

test("the page needs nothing from anywhere", async () => {
  const page = await pageOf(seconds(20, () => dropIn("fort")));
  expect(page).not.toMatch(/https?:|\/\/|@import/i);
  expect(page.match(/url\([^)]*\)/g)).toEqual(["url(#hatch)"]);
  for (const [, target] of page.matchAll(/(?:src|href)="([^"]*)"/g))
    expect(target).toMatch(/^(#|data:image\/jpeg;base64,)/);
});

test("the page's own policy allows its one script and style, and nothing else", async () => {
  const page = await pageOf(seconds(20));
  const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const hashOf = (tag: string) => {
    const text = page.split(`<${tag}>`)[1]?.split(`</${tag}>`)[0] ?? "";
    return `sha256-${createHash("sha256").update(text).digest("base64")}`;
  };
  expect(policy).toBe(
    `default-src 'none'; style-src '${hashOf("style")}'; script-src '${hashOf("script")}'; img-src data:; base-uri 'none'; form-action 'none'`,
  );
  const body = page.slice(page.indexOf("<body>"), page.indexOf("<script>"));
  expect(body).not.toMatch(/\s(style|on[a-z]+)="/);
});

test("the frames add up on the page as they do in the summary", async () => {
  const outcomes = seconds(3000, (second) => (second % 7 === 0 ? dropIn("fort") : {}));
  const { frames } = summaryOf(outcomes);
  const page = await pageOf(outcomes);
  const text = page.replaceAll(/<[^>]*>/g, "").replaceAll(/\s+/g, " ");
  expect(frames).toEqual({ in: 3000, passed: 2571, blurred: 0, dropped: 429 });
  expect(text).toContain("3,000 frames in = 2,571 passed + 0 blurred + 429 dropped");
  const [, total] = text.split("all frames");
  expect(total?.slice(0, 30).split(/\s+/).join("")).toMatch(/^2,5710429100\.0%/);
});

test("a drive whose place was never known has strips and no map", async () => {
  const page = await pageOf(
    seconds(5, () => ({ action: "drop", reason: "no-fix", latDeg: null, lonDeg: null })),
  );
  expect(page).toContain("No map: the place of the vehicle was never known.");
  expect(page).toContain('<rect class="drop doubt" data-run="0.0"');
});

test("a drive without any frame gives a page", async () => {
  expect(await pageOf([], [], { from: null, to: null })).toContain("unknown to unknown UTC");
});
