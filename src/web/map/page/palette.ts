/** The map's colours; those of actions are the replay report's. */
export interface Palette {
  readonly sea: string;
  readonly land: string;
  /** Where coasts are too rough to be shown. */
  readonly ground: string;
  readonly border: string;
  readonly grid: string;
  readonly ink: string;
  readonly soft: string;
  readonly pass: string;
  readonly blur: string;
  readonly drop: string;
  readonly coverage: string;
  readonly region: string;
  readonly accent: string;
}

const LIGHT: Palette = {
  sea: "#dce6ec",
  land: "#f7f6f3",
  ground: "#f2f3f2",
  border: "#c3c8c9",
  grid: "#d3d9dc",
  ink: "#1b2026",
  soft: "#5d6772",
  pass: "#12796f",
  blur: "#a86200",
  drop: "#bd2541",
  coverage: "#3a7ca5",
  region: "#7a5ea8",
  accent: "#2a5bb8",
};

const DARK: Palette = {
  sea: "#10161c",
  land: "#1f262d",
  ground: "#1a2026",
  border: "#3d4750",
  grid: "#2a323a",
  ink: "#e7eaed",
  soft: "#9aa4ae",
  pass: "#4cc0b0",
  blur: "#f0b04f",
  drop: "#ff6f85",
  coverage: "#79b4d8",
  region: "#b7a0e0",
  accent: "#8db2f5",
};

const query = () => window.matchMedia("(prefers-color-scheme: dark)");

export const paletteNow = (): Palette => (query().matches ? DARK : LIGHT);

export function onPaletteChange(listener: (palette: Palette) => void): void {
  query().addEventListener("change", () => listener(paletteNow()));
}
