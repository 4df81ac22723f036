/** Why the receiver does not take something, with the HTTP status that says so. */
export const REFUSALS = {
  /** Already held with this hash: ask for the receipt. Not an error. */
  held: 208,
  "bad-creation": 400,
  "no-access": 401,
  unknown: 404,
  "bad-method": 405,
  /** The id is taken by another content. */
  taken: 409,
  /** This is not the data centre of the segment's region. */
  "wrong-region": 421,
  /** Cannot be opened with the data centre's key, or is no segment. */
  unopenable: 422,
  /** Complete, but not what its hash says (tus checksum extension's status). */
  "wrong-hash": 460,
  fault: 500,
  "too-many-uploads": 503,
  full: 507,
} as const;
export type Refusal = keyof typeof REFUSALS;

/** As the tus server wants it thrown. */
export function tusRefusal(refusal: Refusal, message: string) {
  return { status_code: REFUSALS[refusal], body: refusalBody(refusal, message) };
}

export function refusalBody(refusal: Refusal, message: string): string {
  return `${JSON.stringify({ error: refusal, message })}\n`;
}
