/** How an import of marks is spoken of. */
import type { MarkImport, MarkImportColumn, MarkImportOutcome } from '~/api/mark-imports';
import { type FieldChoice, type OutcomeChoice, usedTwice } from '~/components/import/import-file';
import { counted } from '~/school/words';

export type Field = NonNullable<MarkImportColumn['field']>;

export const FIELDS: readonly FieldChoice<Field>[] = [
  { value: 'upn', label: 'UPN' },
  { value: 'surname', label: 'Surname' },
  { value: 'forename', label: 'Forename' },
  { value: 'attainment', label: 'Attainment' },
  { value: 'effort', label: 'Effort' },
  { value: 'comment', label: 'Comment' },
];

export function fieldName(field: Field): string {
  return FIELDS.find(({ value }) => value === field)?.label ?? field;
}

export const OUTCOMES: readonly OutcomeChoice<MarkImportOutcome>[] = [
  { value: 'added', label: 'Added', color: 'leaf' },
  { value: 'updated', label: 'Changed', color: 'lagoon' },
  { value: 'unchanged', label: 'Unchanged', color: 'slate' },
  { value: 'rejected', label: 'Rejected', color: 'brick' },
];

/** What is wrong with a choice of columns; nothing where the server can look the file through. */
export function wrongColumns(chosen: readonly (Field | null)[]): string | undefined {
  const twice = usedTwice(chosen);
  if (twice) return `Two columns are ‘${fieldName(twice)}’. Choose one of them.`;
  const has = (field: Field) => chosen.includes(field);
  if (!has('upn') && !(has('forename') && has('surname'))) {
    return 'Say which column holds the UPN, or which hold forename and surname.';
  }
  if (!has('attainment') && !has('effort') && !has('comment')) {
    return 'Say which column holds the attainment, the effort or the comment.';
  }
  return undefined;
}

/** `28 marks will be added and 2 changed.` */
export function whatImportingDoes({ added, updated }: NonNullable<MarkImport['counts']>): string {
  if (added && updated) return `${counted(added, 'mark')} will be added and ${updated} changed.`;
  if (added) return `${counted(added, 'mark')} will be added.`;
  if (updated) return `${counted(updated, 'mark')} will be changed.`;
  return 'Nothing in this file adds or changes a mark.';
}
