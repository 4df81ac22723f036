import { REASON_TEXT } from "../../replay-report/wording.ts";
import type { Reason } from "../../../gate/verdict.ts";

export const reasonText = (reason: Reason): string => REASON_TEXT[reason];

export function metres(m: number): string {
  if (m >= 10_000) return `${(m / 1000).toFixed(m >= 100_000 ? 0 : 1)} km`;
  return `${m >= 100 ? Math.round(m) : m.toFixed(1).replace(/\.0$/, "")} m`;
}

export function squareMetres(m2: number): string {
  if (m2 >= 1e6) return `${(m2 / 1e6).toLocaleString("en-US", { maximumSignificantDigits: 3 })} km²`;
  return `${Math.round(m2).toLocaleString("en-US")} m²`;
}

export const place = (latDeg: number, lonDeg: number): string => `${latDeg.toFixed(6)}, ${lonDeg.toFixed(6)}`;

export const count = (number: number, noun: string): string =>
  `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;

/** Of a path, what tells one file from another at a glance. */
export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** `37.42, -122.08`; null for what is no place. */
export function placeIn(text: string): { readonly latDeg: number; readonly lonDeg: number } | null {
  const [, lat, lon] = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[, ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text) ?? [];
  if (lat === undefined || lon === undefined) return null;
  const [latDeg, lonDeg] = [Number(lat), Number(lon)];
  return Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 180 ? { latDeg, lonDeg } : null;
}
