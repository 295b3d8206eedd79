import { describe, expect, test } from 'vitest';
import {
  confirmLabel,
  fieldsToChoose,
  howTheRowsAddUp,
  NONE,
  shareOfTheRoll,
  whatImportingDoes,
  wrongColumns,
} from './words';

describe('the columns of a file of pupils', () => {
  test('need names, or the UPN', () => {
    expect(wrongColumns(['legal_forename', 'legal_surname', null])).toBeUndefined();
    expect(wrongColumns(['upn', 'year_group'])).toBeUndefined();
    expect(wrongColumns(['legal_surname', 'class_name'])).toContain('forename and the surname');
  });

  test('are used for what the school keeps', () => {
    const values = fieldsToChoose([{ name: 'upn' }, { name: 'in_care' }]).map(({ value }) => value);
    expect(values).toContain('class_name');
    expect(values).toContain('in_care');
    expect(values).not.toContain('ethnicity');
  });

  test('are each one detail', () => {
    expect(wrongColumns(['upn', 'sex', 'sex'])).toContain('‘Sex’');
  });
});

describe('an import in numbers', () => {
  const counts = { ...NONE, added: 1, unchanged: 4, rejected: 2 };

  test('says what it does', () => {
    expect(whatImportingDoes(counts)).toBe('1 pupil will be added.');
    expect(whatImportingDoes({ ...counts, updated: 30, made_inactive: 2 })).toBe(
      '1 pupil will be added, 30 updated and 2 made inactive.',
    );
    expect(whatImportingDoes({ ...NONE, made_inactive: 3 })).toBe(
      '3 pupils will be made inactive.',
    );
    expect(whatImportingDoes(NONE)).toContain('Nothing');
  });

  test('adds up to the rows of the file', () => {
    expect(howTheRowsAddUp(7, counts)).toBe(
      '7 rows in the file: 1 added, 0 updated, 4 unchanged, 2 rejected.',
    );
    expect(howTheRowsAddUp(7, { ...counts, made_inactive: 1 })).toContain(
      '1 active pupil is not in it.',
    );
  });

  test('is confirmed by a button that says so', () => {
    expect(confirmLabel(counts)).toBe('Import 1 pupil');
    expect(confirmLabel({ ...counts, made_inactive: 2 })).toBe('Import 1 pupil, make 2 inactive');
    expect(confirmLabel({ ...NONE, made_inactive: 2 })).toBe('Make 2 pupils inactive');
    expect(confirmLabel(NONE)).toBeUndefined();
  });

  test('says how much of the roll it makes inactive', () => {
    expect(shareOfTheRoll(34, 120)).toBe('34 of 120 active pupils (28 %)');
  });
});
