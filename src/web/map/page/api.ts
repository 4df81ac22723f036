import type { Explanation } from "../../../cli/explain.ts";
import type { EditAnswer } from "../edit/edit-answer.ts";
import type { EditRequest } from "../edit/edit-request.ts";
import type { DrivesOnMap, MapState, Reaches } from "../map-state.ts";

/** What the server was asked and could not answer. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

async function ask<T>(name: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
  const response = await fetch(`${name}?${new URLSearchParams(query).toString()}`);
  return answerOf<T>(response);
}

async function answerOf<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const text = await response.text();
  throw new Refusal(messageIn(text));
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { error?: string }).error ?? text;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return text;
    throw thrown;
  }
}

export interface Question {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly headingDeg: number | null;
  readonly accuracyM: number | null;
}

export const fetchState = () => ask<MapState>("state");
export const fetchDrives = () => ask<DrivesOnMap>("drives");

export const fetchReaches = (areas: readonly number[], revision: number) =>
  ask<Readonly<Record<string, Reaches>>>("outlines", { of: areas.join(","), revision: String(revision) });

export const fetchVerdict = ({ latDeg, lonDeg, headingDeg, accuracyM }: Question) =>
  ask<Explanation>("verdict", {
    lat: String(latDeg),
    lon: String(lonDeg),
    ...(headingDeg !== null && { heading: String(headingDeg) }),
    ...(accuracyM !== null && { accuracy: String(accuracyM) }),
  });

export async function sendEdit(request: EditRequest): Promise<EditAnswer> {
  const headers = { "content-type": "application/json" };
  const response = await fetch("save", { method: "POST", headers, body: JSON.stringify(request) });
  return answerOf<EditAnswer>(response);
}

/** Calls back when zones or drives changed on the server; `isThere` tells of the connection. */
export function listen(
  onChange: (kind: "zones" | "drives", revision: number) => void,
  isThere: (there: boolean) => void,
): void {
  const events = new EventSource("events");
  for (const kind of ["zones", "drives"] as const)
    events.addEventListener(kind, (event) => onChange(kind, Number(event.data)));
  events.addEventListener("open", () => isThere(true));
  events.addEventListener("error", () => isThere(false));
}
