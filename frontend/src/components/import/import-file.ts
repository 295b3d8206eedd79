/** What an uploaded list has, whatever it is a list of. */

export interface ImportColumn<Field extends string> {
  column: number;
  letter: string;
  heading: string;
  field: Field | null;
  samples: readonly string[];
  /** Why it is passed over, and so not shown. */
  note?: string | null;
}

export interface ImportFault {
  detail: string;
  /** The column's letter and heading, where it is one of them. */
  column: string | null;
}

export interface ImportChange<Field extends string> {
  field: Field;
  before: string | null;
  after: string | null;
  by_hand: boolean;
}

/** A detail that a column can be used for. */
export interface FieldChoice<Field extends string> {
  value: Field;
  label: string;
}

/** What can become of a row, as it is shown. */
export interface OutcomeChoice<Outcome extends string> {
  value: Outcome;
  label: string;
  color: string;
}

/** What the server takes; asked here first, so that nobody waits for a refusal. */
export const MOST_BYTES = 20 * 1024 * 1024;

/** The field that two columns are both used for. */
export function usedTwice<Field extends string>(
  chosen: readonly (Field | null)[],
): Field | undefined {
  const used = chosen.filter((field) => field !== null);
  return used.find((field, place) => used.indexOf(field) < place);
}
