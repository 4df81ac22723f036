import type { Summary } from "../../gate/summary.ts";
import type { Zone } from "../../zones/zone.ts";
import { MAX_VISITS_SHOWN } from "./map-marks.ts";
import type { Markup } from "../report/markup.ts";
import { isolated, markup } from "../report/markup.ts";
import { left, moreThan, right, table } from "./table.ts";
import type { Visit } from "./visits.ts";
import type { TimeText } from "./wording.ts";
import { countText } from "../report/count-text.ts";
import { durationText } from "./wording.ts";

const MAX_ZONES_LISTED = 100;

/** When the drive came to which zone; the numbers are those on the map. */
export function visitTable(visits: readonly Visit[], timeText: TimeText): Markup {
  if (visits.length === 0) return markup`<p class="note">No zone restricted a frame.</p>`;
  const rows = visits.slice(0, MAX_VISITS_SHOWN).map(
    (visit, i) =>
      markup`<tr>
        <td class="n"><span class="number">${i + 1}</span></td>
        <th scope="row"><b>${isolated(visit.zone)}</b></th>
        <td>${timeText(visit.fromMs)}</td>
        <td>${timeText(visit.toMs)}</td>
        <td class="n">${durationText(visit.untilMs - visit.atMs)}</td>
        <td class="n">${countText(visit.blurred)}</td>
        <td class="n">${countText(visit.dropped)}</td>
        <td class="wide">${visit.reasons.join(", ")} <span class="soft">${visit.cameras.join(", ")}</span></td>
      </tr>`,
  );
  const visitsTable = table({ caption: "Visits to zones", columns: VISIT_COLUMNS, rows });
  return markup`${visitsTable} ${moreThan(visits.length, MAX_VISITS_SHOWN, "visits")}`;
}

const VISIT_COLUMNS = [
  right("no."),
  left("zone"),
  left("from"),
  left("to"),
  right("time"),
  right("blurred"),
  right("dropped"),
  left("reasons, cameras"),
];

/** The zones that restricted a frame, most frames first. */
export function zoneTable({ zonesTouched }: Summary, zones: readonly Zone[]): Markup {
  if (zonesTouched.length === 0) return markup``;
  const shown = zonesTouched.slice(0, MAX_ZONES_LISTED);
  const ids = new Set(shown.map(({ id }) => id));
  const known = new Map(zones.filter(({ id }) => ids.has(id)).map((zone) => [zone.id, zone]));
  const rows = shown.map(({ id, dropped, blurred }) => {
    const zone = known.get(id);
    const facts = zone === undefined ? ["", "", "", ""] : factsOf(zone);
    return markup`<tr>
      <th scope="row"><b>${isolated(id)}</b></th>
      ${facts.map((fact, i) => markup`<td${i < 2 ? null : markup` class="n"`}>${fact}</td>`)}
      <td class="n">${countText(blurred)}</td>
      <td class="n">${countText(dropped)}</td>
    </tr>`;
  });
  return markup`${table({ caption: "Zones touched", columns: ZONE_COLUMNS, rows })}
    ${moreThan(zonesTouched.length, MAX_ZONES_LISTED, "zones")}
    <p class="note">A frame that several zones restricted counts for each of them.</p>`;
}

const ZONE_COLUMNS = [
  left("zone"),
  left("category"),
  left("action"),
  right("standoff"),
  right("view range"),
  right("blurred"),
  right("dropped"),
];

function factsOf({ category, action, standoffM, viewM }: Zone): readonly string[] {
  return [category, action, `${Math.round(standoffM)} m`, viewM === 0 ? "none" : `${Math.round(viewM)} m`];
}
