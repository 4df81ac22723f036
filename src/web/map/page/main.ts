import type { DrivesOnMap, MapState } from "../map-state.ts";
import { fetchDrives, fetchReaches, fetchState, fetchVerdict, listen, Refusal } from "./api.ts";
import type { Question } from "./api.ts";
import { createAreaList, showFiles } from "./area-list.ts";
import { keepReachesShown, showAreas, showDrives } from "./area-sources.ts";
import { byId, el } from "./dom.ts";
import { openEditor, targetsIn } from "./editor.ts";
import type { EditWhat } from "./edit-words.ts";
import { featureOf, showFindings, showSet } from "./findings.ts";
import { driveSummary, showInspector } from "./inspector.ts";
import type { Inspected } from "./inspector.ts";
import { showLegend } from "./legend.ts";
import { collection } from "./collection.ts";
import { openMapView } from "./map-view.ts";
import type { MapView } from "./map-view.ts";
import { showStandpoint } from "./standpoint.ts";
import { place } from "./words.ts";
import type { Mistake } from "../../../zones/check/mistake.ts";

const NOTHING: Inspected = { question: null, answer: null, area: null, piece: null };

let state: MapState | null = null;
let drives: DrivesOnMap = { revision: 0, drives: [] };
let inspected: Inspected = NOTHING;
let isThere = true;
let stopEditing: (() => void) | null = null;

const view = await openView();
const refreshReaches = keepReachesShown(view, () => state, fetchReaches);
const list = createAreaList({ onArea: goToArea, onPlace: goToPlace });
showLegend(view, false);
await Promise.all([loadState(), loadDrives()]);
fitAll();
listen(
  (kind, revision) => {
    if (kind === "zones" && revision !== state?.revision) void loadState();
    if (kind === "drives" && revision !== drives.revision) void loadDrives();
  },
  (there) => {
    isThere = there;
    if (state !== null) showSet(state, isThere);
  },
);
watchPointer(view);
document.documentElement.dataset["ready"] = "true";

async function openView(): Promise<MapView> {
  try {
    return await openMapView(byId("map"));
  } catch (thrown) {
    byId("notice").textContent = "This browser cannot draw maps (WebGL is missing or switched off).";
    throw thrown;
  }
}

async function loadState(): Promise<void> {
  const selected = inspected.area === null ? null : (state?.areas[inspected.area] ?? null);
  const next = await fetchState();
  state = next;
  // Numbers are new with each reading, ids last.
  const area = selected === null ? -1 : next.areas.findIndex(({ id }) => id === selected.id);
  showSet(next, isThere);
  showFindings(next, goToFinding);
  showFiles(next);
  showTools();
  showAreas(view, next);
  list.show(next);
  await refreshReaches();
  select(area < 0 ? null : area);
  if (inspected.question !== null) await judge(inspected.question);
}

async function loadDrives(): Promise<void> {
  drives = await fetchDrives();
  showDrives(view, drives);
  showLegend(view, drives.drives.length > 0);
  byId("drives").replaceChildren(...drives.drives.map(driveSummary));
}

function fitAll(): void {
  const zones = state?.areas.filter(({ kind }) => kind === "zone") ?? [];
  const ways = drives.drives.flatMap(({ pieces }) => pieces.flatMap(({ line }) => line));
  const boxes = [...zones.map(({ box }) => box), ...ways.map(([lon, lat]) => [lon, lat, lon, lat] as const)];
  const [first] = boxes;
  if (first === undefined) return;
  const [west, south, east, north] = boxes.reduce(
    (all, box) =>
      [
        Math.min(all[0], box[0]),
        Math.min(all[1], box[1]),
        Math.max(all[2], box[2]),
        Math.max(all[3], box[3]),
      ] as const,
    first,
  );
  view.fit([west, south, east, north]);
}

function redraw(): void {
  if (state === null || stopEditing !== null) return;
  const { question, answer } = inspected;
  const radiusM = answer === null || typeof answer === "string" ? null : answer.radiusM;
  showStandpoint(view, question, radiusM, state.cameras);
  showInspector(state, inspected, {
    onQuestion: (asked) => void judge(asked),
    onArea: goToId,
    onClose: close,
    tools: toolsOf,
  });
}

/** What can be done with an area; or why nothing can. */
function toolsOf(number: number): HTMLElement | null {
  const area = state?.areas[number];
  const file = area === undefined ? undefined : state?.files[area.file];
  if (area === undefined || file === undefined) return null;
  if (file.readOnly !== null) return el("p", { class: "soft" }, `Read-only here: ${file.readOnly}.`);
  const button = (text: string, isRemoval: boolean) =>
    el("button", { type: "button", click: () => edit({ kind: "area", area, isRemoval }) }, text);
  return el("div", { class: "buttons" }, button("Edit", false), button("Remove", true));
}

function showTools(): void {
  if (state === null) return;
  const none = targetsIn(state).length === 0;
  const title = none ? "No file here can be edited; name one for new zones with --save-to" : null;
  const button = (text: string, what: "polygon" | "circle") =>
    el("button", { type: "button", disabled: none, title, click: () => edit({ kind: "new", what }) }, text);
  byId("tools").replaceChildren(button("Draw a zone", "polygon"), button("Draw a circle", "circle"));
}

function edit(edited: EditWhat): void {
  if (state === null) return;
  stopEditing?.();
  stopEditing = null;
  close();
  const onEnd = (savedId: string | null): void => {
    stopEditing = null;
    if (savedId !== null) void loadState().then(() => goToId(savedId));
    else if (edited.kind === "area" && !edited.isRemoval) goToId(edited.area.id);
    else redraw();
  };
  stopEditing = openEditor({ view, state, edited, onEnd });
}

function close(): void {
  inspected = NOTHING;
  select(null);
}

function select(area: number | null): void {
  inspected = { ...inspected, area };
  const shown = area === null ? undefined : state?.areas[area];
  view.show(
    "selected",
    collection(shown === undefined ? [] : [{ type: "Feature", properties: {}, geometry: shown.geometry }]),
  );
  list.mark(area);
  redraw();
}

let asking = 0;

async function judge(question: Question): Promise<void> {
  const mine = ++asking;
  const isAnother = inspected.question === null;
  inspected = { ...inspected, question, ...(isAnother && { answer: null }) };
  redraw();
  let answer: Inspected["answer"];
  try {
    answer = await fetchVerdict(question);
  } catch (thrown) {
    if (!(thrown instanceof Refusal || thrown instanceof TypeError)) throw thrown;
    answer = thrown.message;
  }
  if (mine !== asking || inspected.question === null) return;
  inspected = { ...inspected, answer };
  redraw();
}

function goToArea(number: number): void {
  if (stopEditing !== null) return;
  const area = state?.areas[number];
  if (area === undefined) return;
  inspected = { ...NOTHING };
  select(number);
  view.fit(area.box, true);
}

function goToId(id: string): void {
  const number = state?.areas.findIndex((area) => area.id === id) ?? -1;
  if (number >= 0) select(number);
}

function goToPlace({ latDeg, lonDeg }: { readonly latDeg: number; readonly lonDeg: number }): void {
  view.map.jumpTo({ center: [lonDeg, latDeg], zoom: Math.max(view.map.getZoom(), 14) });
  askAt(latDeg, lonDeg);
}

function goToFinding(mistake: Mistake): void {
  const file = state?.files.findIndex(({ file: name }) => name === mistake.file) ?? -1;
  const feature = featureOf(mistake);
  const area = state?.areas.findIndex((each) => each.file === file && each.feature === feature) ?? -1;
  if (area >= 0) return goToArea(area);
  const broken = state?.broken.find((each) => each.file === file && each.feature === feature);
  const places = broken?.lines.flat() ?? [];
  if (places.length === 0)
    return void (byId("notice").textContent = `${mistake.file}:${mistake.line} has no place on the map`);
  const [lons, lats] = [places.map(([lon]) => lon), places.map(([, lat]) => lat)];
  return view.fit([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]);
}

function askAt(latDeg: number, lonDeg: number): void {
  const { headingDeg = null, accuracyM = null } = inspected.question ?? {};
  void judge({ latDeg, lonDeg: ((((lonDeg + 180) % 360) + 360) % 360) - 180, headingDeg, accuracyM });
}

function watchPointer({ map }: MapView): void {
  map.on("mousemove", ({ lngLat }) => {
    const { lat, lng } = lngLat.wrap();
    byId("pointer").textContent = `${place(lat, lng)}  WGS 84`;
  });
  map.on("click", ({ point, lngLat }) => {
    if (stopEditing !== null) return;
    const [piece] = map.queryRenderedFeatures(
      [
        [point.x - 3, point.y - 3],
        [point.x + 3, point.y + 3],
      ],
      { layers: ["drive-pass", "drive-blur", "drive-drop"] },
    );
    const [zone] = map.queryRenderedFeatures(point, { layers: ["zone-drop", "zone-blur", "centres"] });
    const drive = drives.drives[Number(piece?.properties["drive"])];
    const driven = drive?.pieces[Number(piece?.properties["piece"])];
    inspected = {
      ...inspected,
      piece: drive !== undefined && driven !== undefined ? { drive, piece: driven } : null,
    };
    select(zone === undefined ? null : Number(zone.properties["number"]));
    askAt(lngLat.lat, lngLat.lng);
  });
  map.getCanvas().addEventListener("keydown", ({ key }) => {
    if (key !== "Enter" || stopEditing !== null) return;
    const { lat, lng } = map.getCenter();
    askAt(lat, lng);
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && stopEditing === null) close();
  });
}
