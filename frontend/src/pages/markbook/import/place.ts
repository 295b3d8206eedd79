import type { MarkImport } from '~/api/mark-imports';
import type { Place } from '~/api/markbook';

/** Where the marks of a file belong. */
export function placeOf({ group_id, subject_id, term_id }: MarkImport): Place {
  return { group: group_id, subject: subject_id, term: term_id };
}
