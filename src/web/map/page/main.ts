import type { DrivesOnMap, MapState } from "../map-state.ts";
import { fetchDrives, fetchReaches, fetchState, fetchVerdict, listen, Refusal } from "./api.ts";
import type { Question } from "./api.ts";
import { createAreaList, showFiles } from "./area-list.ts";
import { keepReachesShown, showAreas, showDrives } from "./area-sources.ts";
import { boxAround, boxOf, boxOfAll } from "./boxes.ts";
import { byId } from "./dom.ts";
import { areaTools, showDrawTools } from "./edit-tools.ts";
import { openEditor } from "./editor.ts";
import type { EditWhat } from "./edit-words.ts";
import { featureOf, showFindings, showSet } from "./findings.ts";
import { driveSummary, showInspector } from "./inspector.ts";
import type { Inspected } from "./inspector.ts";
import { showLegend } from "./legend.ts";
import { collection } from "./collection.ts";
import { openMapView } from "./map-view.ts";
import type { MapView } from "./map-view.ts";
import { watchPointer } from "./pointer.ts";
import type { Clicked } from "./pointer.ts";
import { showStandpoint } from "./standpoint.ts";
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
watchPointer(view, {
  isBusy: () => stopEditing !== null,
  onClick: inspect,
  onCentre: askAt,
  onEscape: close,
});
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
  showDrawTools(next, edit);
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
  const all = boxOfAll(state?.areas ?? [], drives.drives);
  if (all !== null) view.fit(all);
}

function redraw(): void {
  const shown = state;
  if (shown === null || stopEditing !== null) return;
  const { question, answer } = inspected;
  const radiusM = answer === null || typeof answer === "string" ? null : answer.radiusM;
  showStandpoint(view, question, radiusM, shown.cameras);
  showInspector(shown, inspected, {
    onQuestion: (asked) => void judge(asked),
    onArea: goToId,
    onClose: close,
    tools: (number) => areaTools(shown, number, edit),
  });
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
  const around = boxAround(places.map(boxOf));
  if (around !== null) return view.fit(around);
  byId("notice").textContent = `${mistake.file}:${mistake.line} has no place on the map`;
}

function askAt(latDeg: number, lonDeg: number): void {
  const { headingDeg = null, accuracyM = null } = inspected.question ?? {};
  void judge({ latDeg, lonDeg: ((((lonDeg + 180) % 360) + 360) % 360) - 180, headingDeg, accuracyM });
}

function inspect({ latDeg, lonDeg, zone, drive, piece }: Clicked): void {
  const driven = drive === null ? undefined : drives.drives[drive];
  const part = piece === null ? undefined : driven?.pieces[piece];
  const found = driven === undefined || part === undefined ? null : { drive: driven, piece: part };
  inspected = { ...inspected, piece: found };
  select(zone);
  askAt(latDeg, lonDeg);
}
