/** From when until when a file or a zone holds, under the names of the members that say so. */
export interface Times {
  readonly from: NamedTime;
  readonly until: NamedTime;
}

interface NamedTime {
  readonly name: string;
  /** undefined: since ever, or for ever. */
  readonly iso: string | undefined;
}
