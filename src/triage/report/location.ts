/** Where something stands that the report tells of. */

/** A range in a file; lines and columns start at 1, the end is exclusive. */
export interface Location {
  /** Relative to the working directory, forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Another line that has a part in a finding, and which. */
export interface Related {
  readonly location: Location;
  readonly label: string;
}
