import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { camfence, tempDir } from "../kit/cli.ts";
import { hasTool } from "../kit/tools.ts";
import { box, feature, zoneFile } from "../kit/zones.ts";

const DRIVE = "simulator/drives/mountain-view/mountain-view.nmea";

/** What stands under the pointer so many pixels above the middle of the last dot, which lies on top. */
const UNDER_POINTER = `((besidePx) => {
  const { x, y } = [...document.querySelectorAll(".places-more .more")].at(-1).getBoundingClientRect();
  return document.elementFromPoint(x, y - besidePx).textContent;
})`;

describe.skipIf(!hasTool("chromium"))("impact.html in a browser", () => {
  let browser: Browser;
  const out = tempDir();
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
    const site = feature({ id: "yard", category: "government" }, box(-122.084, 37.417, -122.082, 37.419));
    await camfence(
      "impact",
      "--before",
      "geofences/mountain-view.geojson",
      "--after",
      zoneFile([site]),
      DRIVE,
      "--out",
      out,
    );
  }, 60_000);
  afterAll(() => browser.close());

  it.each(["light", "dark"] as const)(
    "is drawn under its own policy, %s, and shows what is asked for",
    async (colorScheme) => {
      const page = await browser.newPage({ viewport: { width: 1100, height: 900 }, colorScheme });
      const complaints: string[] = [];
      const asked: string[] = [];
      page.on("console", (message) => void complaints.push(message.text()));
      page.on("pageerror", (error) => void complaints.push(error.message));
      page.on("request", (request) => void asked.push(request.url()));
      const url = pathToFileURL(join(out, "impact.html")).href;
      await page.goto(url);
      const shown = async () => [
        await page.locator(".places-more").isVisible(),
        await page.locator(".places-less").isVisible(),
      ];
      expect(await shown()).toEqual([true, true]);
      await page.getByLabel("held back less").check();
      expect(await shown()).toEqual([false, true]);
      await page.getByLabel("held back more").check();
      expect(await shown()).toEqual([true, false]);
      // Whoever rests on a dot is told what changes there; it is never less than eight pixels wide.
      for (const besidePx of [0, 3.5]) {
        expect(await page.evaluate(`${UNDER_POINTER}(${besidePx})`)).toMatch(/frames held back more/);
      }
      const before = await page.locator("#map").getAttribute("viewBox");
      await page.getByLabel("Zoom in").click();
      expect(await page.locator("#map").getAttribute("viewBox")).not.toBe(before);
      expect(complaints).toEqual([]);
      expect(asked).toEqual([url]);
      await page.close();
    },
  );
});
