/** How an import of pupils is spoken of. */
import type {
  How,
  PupilImport,
  PupilImportColumn,
  PupilImportCounts,
  PupilImportRow,
  PupilOutcome,
} from '~/api/pupil-imports';
import { type FieldChoice, type OutcomeChoice, usedTwice } from '~/components/import/import-file';
import { counted, formatNumber } from '~/school/words';

export type Field = NonNullable<PupilImportColumn['field']>;
type ChangedField = PupilImportRow['changes'][number]['field'];

/** What a school keeps only if it chose to (R29). */
const OPTIONAL_FIELDS: readonly FieldChoice<Field>[] = [
  { value: 'ethnicity', label: 'Ethnicity' },
  { value: 'first_language', label: 'First language' },
  { value: 'sen_provision', label: 'SEN' },
  { value: 'free_school_meals', label: 'Free school meals' },
  { value: 'pupil_premium', label: 'Pupil premium' },
  { value: 'in_care', label: 'In care' },
];

const ALWAYS_KEPT: readonly FieldChoice<Field>[] = [
  { value: 'upn', label: 'UPN' },
  { value: 'former_upns', label: 'Former UPN' },
  { value: 'legal_surname', label: 'Surname' },
  { value: 'legal_forename', label: 'Forename' },
  { value: 'preferred_surname', label: 'Preferred surname' },
  { value: 'preferred_forename', label: 'Preferred forename' },
  { value: 'middle_names', label: 'Middle names' },
  { value: 'date_of_birth', label: 'Date of birth' },
  { value: 'sex', label: 'Sex' },
  { value: 'year_group', label: 'Year group' },
  { value: 'class_name', label: 'Class' },
];

const FIELDS = [...ALWAYS_KEPT, ...OPTIONAL_FIELDS];

/** What a column can be used for, in a school that keeps fields of these names. */
export function fieldsToChoose(kept: readonly { name: string }[]): readonly FieldChoice<Field>[] {
  const names = new Set(kept.map(({ name }) => name));
  return [...ALWAYS_KEPT, ...OPTIONAL_FIELDS.filter(({ value }) => names.has(value))];
}

const OTHERS: Partial<Record<ChangedField, string>> = { active: 'State', class_name: 'Classes' };

export function fieldName(field: ChangedField): string {
  return OTHERS[field] ?? FIELDS.find(({ value }) => value === field)?.label ?? field;
}

export const OUTCOMES = [
  { value: 'added', label: 'Added', color: 'leaf' },
  { value: 'updated', label: 'Updated', color: 'lagoon' },
  { value: 'unchanged', label: 'Unchanged', color: 'slate' },
  { value: 'made_inactive', label: 'Made inactive', color: 'amber' },
  { value: 'rejected', label: 'Rejected', color: 'brick' },
  { value: 'changed_since', label: 'Left as it is', color: 'amber' },
] as const satisfies readonly OutcomeChoice<PupilOutcome>[];

/** The outcomes that a file can have as things are, each once, with how many there are. */
export function outcomesOf(made: PupilImport): {
  counts: Record<PupilOutcome, number>;
  shown: readonly OutcomeChoice<PupilOutcome>[];
} {
  const counts = { ...(made.counts ?? NONE), changed_since: made.undone?.changed_since ?? 0 };
  const full = made.how.scope === 'full';
  const shown = OUTCOMES.filter(({ value }) => {
    if (value === 'made_inactive') return full || counts.made_inactive > 0;
    return value !== 'changed_since' || counts.changed_since > 0;
  });
  return { counts, shown };
}

export const NONE: PupilImportCounts = {
  added: 0,
  updated: 0,
  unchanged: 0,
  rejected: 0,
  made_inactive: 0,
  made_active: 0,
  probable: 0,
};

/** What is wrong with a choice of columns; nothing where the server can look the file through. */
export function wrongColumns(chosen: readonly (Field | null)[]): string | undefined {
  const twice = usedTwice(chosen);
  if (twice) return `Two columns are ‘${fieldName(twice)}’. Choose one of them.`;
  if (chosen.includes('upn')) return undefined;
  if (chosen.includes('legal_forename') && chosen.includes('legal_surname')) return undefined;
  return 'Say which columns hold the forename and the surname.';
}

export const DATE_ORDERS: readonly { value: NonNullable<How['date_order']>; label: string }[] = [
  { value: 'dmy', label: 'Day first, as in 31/12/2018' },
  { value: 'ymd', label: 'Year first, as in 2018-12-31' },
  { value: 'mdy', label: 'Month first, as in 12/31/2018 (American)' },
];

/** What the button that imports says; nothing where there is nothing to do. */
export function confirmLabel({ added, updated, made_inactive }: PupilImportCounts) {
  const imported = added + updated;
  if (imported && made_inactive) {
    return `Import ${counted(imported, 'pupil')}, make ${formatNumber(made_inactive)} inactive`;
  }
  if (made_inactive) return `Make ${counted(made_inactive, 'pupil')} inactive`;
  return imported ? `Import ${counted(imported, 'pupil')}` : undefined;
}

/** `12 pupils will be added, 3 updated and 1 made inactive.` */
export function whatImportingDoes(counts: PupilImportCounts): string {
  const parts = [
    [counts.added, 'added'],
    [counts.updated, 'updated'],
    [counts.made_inactive, 'made inactive'],
  ] as const;
  const [first, ...others] = parts.filter(([count]) => count > 0);
  if (!first) return 'Nothing in this file adds or changes a pupil.';
  const [count, done] = first;
  const said = [
    `${counted(count, 'pupil')} will be ${done}`,
    ...others.map(([more, also]) => `${formatNumber(more)} ${also}`),
  ];
  return `${lists.format(said)}.`;
}

/** `120 rows in the file: 3 added, 110 updated, 5 unchanged, 2 rejected.` */
export function howTheRowsAddUp(rows: number, counts: PupilImportCounts): string {
  const parts = (['added', 'updated', 'unchanged', 'rejected'] as const).map(
    (outcome) => `${formatNumber(counts[outcome])} ${outcome}`,
  );
  const gone = counts.made_inactive;
  const others =
    gone > 0 ? ` ${counted(gone, 'active pupil')} ${gone === 1 ? 'is' : 'are'} not in it.` : '';
  return `${counted(rows, 'row')} in the file: ${parts.join(', ')}.${others}`;
}

/** `34 of 120 active pupils (28 %)`. */
export function shareOfTheRoll(count: number, roll: number): string {
  const share = roll > 0 ? Math.floor((100 * count) / roll) : 100;
  return `${formatNumber(count)} of ${counted(roll, 'active pupil')} (${share} %)`;
}

const lists = new Intl.ListFormat('en-GB');

/** How far an import has come. */
export const STATES: Record<PupilImport['state'], { label: string; color: string }> = {
  reading: { label: 'Being read', color: 'lagoon' },
  interrupted: { label: 'Not read', color: 'brick' },
  uploaded: { label: 'Begun', color: 'slate' },
  previewed: { label: 'Waits for you', color: 'amber' },
  applying: { label: 'Being imported', color: 'lagoon' },
  confirmed: { label: 'Imported', color: 'leaf' },
  undone: { label: 'Undone', color: 'slate' },
};

/** `Partial: 3 added, 110 updated, 2 rejected`. */
export function countsInShort({ counts, how, rows }: PupilImport): string {
  if (!counts) return counted(rows, 'row');
  const parts = (['added', 'updated', 'made_inactive', 'rejected'] as const)
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${formatNumber(counts[outcome])} ${outcome.replace('_', ' ')}`);
  const scope = how.scope === 'full' ? 'Full' : 'Partial';
  return `${scope}: ${parts.join(', ') || 'nothing to change'}`;
}
