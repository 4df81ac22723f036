import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { camfence, tempDir } from "../kit/cli.ts";
import { hasTool } from "../kit/tools.ts";
import { box, feature, zoneText } from "../kit/zones.ts";

const DRIVE = "simulator/drives/mountain-view/mountain-view.nmea";
const CAMERAS = "front:0:100,rear:180:120";
/** Draws without a graphics card. */
const ARGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

describe.skipIf(!hasTool("chromium"))("the map page in a browser", () => {
  let browser: Browser;
  const servers: ChildProcess[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ARGS });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    for (const server of servers) server.kill();
  });

  /** A page with all that it complained of and all that it asked of others. */
  async function open(...args: readonly string[]) {
    const server = spawn(process.execPath, ["dist/camfence.js", "map", ...args], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    servers.push(server);
    const [url] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    const complaints: string[] = [];
    const elsewhere: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => void complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(url) && !/^(?:data|blob):/.test(request.url()))
        elsewhere.push(request.url());
    });
    await page.goto(url);
    await page.waitForSelector("html[data-ready]");
    return { page, complaints, elsewhere, server };
  }

  it("shows the sample zones and a drive, and answers a click as camfence verdict does, with nothing from elsewhere", async () => {
    const { page, complaints, elsewhere, server } = await open(
      "geofences",
      "--drive",
      DRIVE,
      "--cameras",
      CAMERAS,
    );
    const names = await page.locator("#list b").allTextContents();
    expect(names).toHaveLength(7);
    expect(names[0]).toBe("Fort Example (invented): driven into, dropped");
    await page.waitForSelector("#drives .drop");
    expect(await page.locator("#drives").textContent()).toMatch(/mountain-view.*passed.*blurred.*dropped/);
    await page.locator("#list button").first().click();
    expect(await page.locator("#inspector h2").textContent()).toContain("Fort Example");
    await expect.poll(() => shareOfRed(page), { timeout: 20_000 }).toBeGreaterThan(0.05);
    await page.locator("#map canvas").click({ position: { x: 435, y: 400 } });
    await page.waitForSelector("#inspector .verdict");
    const where = (await page.locator("#inspector .place").textContent()) ?? "";
    const { stdout } = await camfence(
      "verdict",
      "--zones",
      "geofences",
      "--at",
      where.replace(" ", ""),
      "--cameras",
      CAMERAS,
      "--json",
    );
    const told = JSON.parse(stdout) as { readonly action: string; readonly reason: string };
    expect(told).toMatchObject({ action: "drop", reason: "inside" });
    expect(await page.locator("#inspector .verdict b").textContent()).toBe(told.action);
    expect(await page.locator("#inspector .verdict span").textContent()).toContain(`${told.reason}:`);

    await page.locator("#heading").fill("123");
    await page.locator("#inspector label[for=heading]").getByText("heading 123° SE").waitFor();
    expect(await page.locator("#heading").inputValue()).toBe("123");

    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
    server.kill("SIGTERM");
    expect(await once(server, "exit")).toEqual([0, null]);
    await page.getByText("The server has ended").waitFor();
    await page.close();
  }, 90_000);

  it("a polygon and a circle that are drawn and saved are read back by zones check; a corner is dragged, and what protects less waits for its id", async () => {
    const folder = tempDir();
    const [file, drawn] = [join(folder, "sites.geojson"), join(folder, "drawn.geojson")];
    writeFileSync(file, zoneText([feature({ id: "old", category: "other" }, box(11, 50, 11.004, 50.003))]));
    const { page, complaints, elsewhere } = await open(folder, "--save-to", drawn);
    const canvas = page.locator("#map canvas");
    const click = async (x: number, y: number) => {
      await canvas.hover({ position: { x, y } });
      await canvas.click({ position: { x, y } });
    };
    const save = async () => {
      await page.getByRole("button", { name: "Preview" }).click();
      await page.locator(".buttons .main:enabled").click();
      await page.locator(".buttons .main").waitFor({ state: "detached" });
    };
    await goTo(page, "50.01,11.02");
    await page.getByRole("button", { name: "Draw a zone" }).click();
    for (const [x, y] of [
      [300, 250],
      [420, 250],
      [420, 380],
      [300, 380],
      [300, 380],
    ] as const)
      await click(x, y);
    await page.locator("#edit-id").fill("site/drawn");
    await page.locator("#edit-category").selectOption("military");
    await save();
    await goTo(page, "50.02,11.02");
    await page.getByRole("button", { name: "Draw a circle" }).click();
    await click(400, 400);
    await click(480, 400);
    await expect.poll(() => page.locator("#edit-radius").inputValue()).not.toBe("");
    await page.locator("#edit-id").fill("site/circle");
    await page.locator("#edit-radius").fill("150");
    await save();

    expect((await camfence("zones", "check", folder)).stdout).toMatch(/^ok: 3 zones/m);
    const [polygon, circle] = (JSON.parse(readFileSync(drawn, "utf8")) as ZoneFileText).features;
    expect(polygon).toMatchObject({
      properties: { id: "site/drawn", category: "military" },
      geometry: { type: "Polygon" },
    });
    expect(polygon?.geometry.coordinates[0]).toHaveLength(5);
    expect(circle).toMatchObject({
      properties: { id: "site/circle", radiusM: 150 },
      geometry: { type: "Point" },
    });
    const [lon = Number.NaN, lat = Number.NaN] = (circle?.geometry.coordinates ?? []).map(Number);
    expect(Math.hypot(lon - 11.02, lat - 50.02)).toBeLessThan(0.01);

    await page.locator("#search").fill("old");
    await page.locator("#search").press("Enter");
    await page.waitForTimeout(1000);
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await page.locator("#edit-standoff").fill("5");
    const { x = 0, y = 0 } = (await canvas.boundingBox()) ?? {};
    // The corner in the south-west, where the map fits the zone beside the legend, at zoom 16.
    await page.mouse.move(x + 329, y + 617);
    await page.mouse.down();
    await page.mouse.move(x + 310, y + 630, { steps: 4 });
    await page.mouse.up();
    await page.getByRole("button", { name: "Preview" }).click();
    await page.locator("#confirm").waitFor();
    expect(await page.locator(".buttons .main").isDisabled()).toBe(true);
    await page.locator("#confirm").fill("old");
    await page.locator(".buttons .main:enabled").click();
    await page.locator(".buttons .main").waitFor({ state: "detached" });
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
      features: [{ properties: { id: "old", standoffM: 5 } }],
    });
    const [moved] = (JSON.parse(readFileSync(file, "utf8")) as ZoneFileText).features;
    const [[west = 0, south = 0] = [], ...others] = (moved?.geometry.coordinates[0] ?? []) as number[][];
    expect(others.slice(0, 3)).toEqual(box(11, 50, 11.004, 50.003)[0]?.slice(1, 4));
    expect([11 - west, 50 - south].every((byDeg) => byDeg > 0.00003 && byDeg < 0.0004)).toBe(true);
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
    await page.close();
  }, 90_000);
});

interface ZoneFileText {
  readonly features: readonly {
    readonly properties: unknown;
    readonly geometry: { readonly type: string; readonly coordinates: readonly (readonly unknown[])[] };
  }[];
}

async function goTo(page: Page, place: string): Promise<void> {
  await page.locator("#search").fill(place);
  await page.locator("#search").press("Enter");
  await page.waitForTimeout(500);
  await page.locator("#inspector .close").click();
}

/** How much of the map is of the colour of zones that drop. */
async function shareOfRed(page: Page): Promise<number> {
  const { data, info } = await sharp(await page.locator("#map").screenshot())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  let red = 0;
  for (let at = 0; at < data.length; at += info.channels)
    if ((data[at] ?? 0) > (data[at + 1] ?? 0) + 30) red += 1;
  return red / (info.width * info.height);
}
