/** A pupil's fields as a form holds them: all text, and only what is different is sent. */
import type { NewPupil, PupilChange, PupilDetail, PupilField } from '~/api/pupils';
import type { Pupil } from '~/api/roster';
import { YEAR_GROUPS } from '~/school/words';

/** Field → what stands in it; empty where there is nothing. */
export type PupilValues = Record<string, string>;

type Known = Readonly<Record<string, unknown>>;

export function valuesOf(fields: readonly PupilField[], pupil?: Known): PupilValues {
  return Object.fromEntries(fields.map(({ name }) => [name, asText(pupil?.[name])]));
}

function asText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : '';
}

function asValue(field: PupilField, text: string): string | boolean | null {
  const plain = text.trim();
  if (plain === '') return null;
  return field.kind === 'yes_no' ? plain === 'yes' : plain;
}

/** What is not as it was, as the server takes it. */
export function changesOf(
  fields: readonly PupilField[],
  before: PupilValues,
  now: PupilValues,
): Omit<PupilChange, 'expected_version'> {
  const different = fields.filter(({ name }) => now[name]?.trim() !== before[name]);
  return Object.fromEntries(
    different.map((field) => [field.name, asValue(field, now[field.name] ?? '')]),
  );
}

export function newPupilOf(fields: readonly PupilField[], values: PupilValues): NewPupil {
  return changesOf(fields, valuesOf(fields), values) as NewPupil;
}

const sameLetters = new Intl.Collator('en-GB', { sensitivity: 'base', ignorePunctuation: true });

/** Who has both names, legal or preferred, and no other date of birth than the one that is typed. */
export function namesakes<Known extends Named>(
  found: readonly Known[],
  typed: PupilValues,
): Known[] {
  const same = (one: string | null | undefined, other: string | undefined) =>
    Boolean(one && other) && sameLetters.compare(one ?? '', other?.trim() ?? '') === 0;
  return found.filter(
    (pupil) =>
      (same(pupil.legal_forename, typed.legal_forename) ||
        same(pupil.preferred_forename, typed.legal_forename)) &&
      (same(pupil.legal_surname, typed.legal_surname) ||
        same(pupil.preferred_surname, typed.legal_surname)) &&
      (!typed.date_of_birth || !pupil.date_of_birth || pupil.date_of_birth === typed.date_of_birth),
  );
}

type Named = Pick<
  Pupil,
  'legal_forename' | 'legal_surname' | 'preferred_forename' | 'preferred_surname' | 'date_of_birth'
>;

/** A field's value as an office reads it. */
export function inWords(field: PupilField, value: unknown): string {
  const text = asText(value);
  if (text === '') return 'empty';
  if (field.kind === 'yes_no') return text === 'yes' ? 'Yes' : 'No';
  if (field.kind === 'day') return text.split('-').reverse().join('/');
  return field.choices.find(({ code }) => code === text)?.label ?? text;
}

export interface Meanwhile {
  field: PupilField;
  now: unknown;
  /** It was changed here too, to something else: what is typed here will take its place. */
  alsoMine: boolean;
}

/** What somebody else made of the pupil since the form began. */
export function changedMeanwhile(
  fields: readonly PupilField[],
  before: Known,
  now: Known,
  typed: PupilValues,
): Meanwhile[] {
  const [was, is] = [valuesOf(fields, before), valuesOf(fields, now)];
  return fields
    .filter(({ name }) => was[name] !== is[name])
    .map((field) => ({
      field,
      now: now[field.name],
      alsoMine: typed[field.name] !== was[field.name] && typed[field.name] !== is[field.name],
    }));
}

/** What is there now, with what was typed here over it: nothing of either is lost. */
export function merged(
  fields: readonly PupilField[],
  before: PupilValues,
  now: PupilValues,
  typed: PupilValues,
): PupilValues {
  return Object.fromEntries(
    fields.map(({ name }) => {
      const mine = typed[name] !== before[name];
      return [name, (mine ? typed[name] : now[name]) ?? ''];
    }),
  );
}

/** How many years above (negative: below) their age the pupil is taught; null where unknown. */
export function yearsOff(pupil: Pick<PupilDetail, 'year_group' | 'year_group_of_age'>) {
  if (!pupil.year_group || !pupil.year_group_of_age) return null;
  return YEAR_GROUPS.indexOf(pupil.year_group) - YEAR_GROUPS.indexOf(pupil.year_group_of_age);
}

/** `1 year above`, `2 years below`. */
export function yearsApart(offset: number): string {
  const years = Math.abs(offset);
  return `${years} ${years === 1 ? 'year' : 'years'} ${offset > 0 ? 'above' : 'below'}`;
}
