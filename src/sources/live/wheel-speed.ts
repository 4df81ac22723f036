/** What the wheels say, a second opinion on what the receiver says. */
export interface WheelSpeed {
  /** When it was so, milliseconds since the Unix epoch on the shared clock. */
  readonly timeMs: number;
  /** Without its sign: 0 or more. */
  readonly speedMps: number;
}
