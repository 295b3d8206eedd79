/** How an import is spoken of. */
import type { ImportColumn, ImportOutcome, UserImport } from '~/api/user-imports';
import { type FieldChoice, type OutcomeChoice, usedTwice } from '~/components/import/import-file';
import { counted } from '~/school/words';

export type Field = NonNullable<ImportColumn['field']>;

export const FIELDS: readonly FieldChoice<Field>[] = [
  { value: 'title', label: 'Title' },
  { value: 'forename', label: 'First name' },
  { value: 'surname', label: 'Surname' },
  { value: 'email', label: 'E-mail address' },
  { value: 'role', label: 'Role' },
  { value: 'staff_code', label: 'Staff code' },
  { value: 'username', label: 'Username (of users who are here already)' },
];

const SHORT: Partial<Record<Field, string>> = { username: 'Username' };

export function fieldName(field: Field): string {
  return SHORT[field] ?? FIELDS.find(({ value }) => value === field)?.label ?? field;
}

export const OUTCOMES: readonly OutcomeChoice<ImportOutcome>[] = [
  { value: 'added', label: 'Added', color: 'leaf' },
  { value: 'updated', label: 'Updated', color: 'lagoon' },
  { value: 'unchanged', label: 'Unchanged', color: 'slate' },
  { value: 'rejected', label: 'Rejected', color: 'brick' },
];

/** What is wrong with a choice of columns; nothing where the server can look the file through. */
export function wrongColumns(chosen: readonly (Field | null)[]): string | undefined {
  const twice = usedTwice(chosen);
  if (twice) return `Two columns are ‘${fieldName(twice)}’. Choose one of them.`;
  const has = (field: Field) => chosen.includes(field);
  if (has('email') || has('staff_code') || has('username')) return undefined;
  if (has('forename') && has('surname')) return undefined;
  return 'Say which columns hold the first name and the surname.';
}

/** `12 users will be added and 3 updated.` */
export function whatImportingDoes({ added, updated }: NonNullable<UserImport['counts']>): string {
  if (added && updated) return `${counted(added, 'user')} will be added and ${updated} updated.`;
  if (added) return `${counted(added, 'user')} will be added.`;
  if (updated) return `${counted(updated, 'user')} will be updated.`;
  return 'Nothing in this file adds or changes a user.';
}
