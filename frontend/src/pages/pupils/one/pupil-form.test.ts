import { expect, test } from 'vitest';
import type { PupilField } from '~/api/pupils';
import {
  changedMeanwhile,
  changesOf,
  inWords,
  merged,
  namesakes,
  newPupilOf,
  valuesOf,
  yearsApart,
  yearsOff,
} from './pupil-form';

const field = (name: string, given: Partial<PupilField> = {}): PupilField => ({
  name,
  label: name,
  kind: 'text',
  required: false,
  optional: false,
  help: '',
  choices: [],
  open_choices: false,
  ...given,
});

const FIELDS = [
  field('legal_forename', { required: true }),
  field('upn', { kind: 'upn' }),
  field('date_of_birth', { kind: 'day' }),
  field('sex', { kind: 'choice', choices: [{ code: 'F', label: 'Female' }] }),
  field('in_care', { kind: 'yes_no' }),
];
const ZOE = { legal_forename: 'Zoë', upn: null, date_of_birth: '2019-08-31', in_care: false };

test('a namesake has both names, whatever their accents, and no other birthday', () => {
  const found = [
    { legal_forename: 'Zoë', legal_surname: 'O’Neill', date_of_birth: '2019-08-31' },
    { legal_forename: 'Zoe', legal_surname: 'Oneill', date_of_birth: null },
    { legal_forename: 'Elizabeth', preferred_forename: 'Zoe', legal_surname: 'ONEILL' },
    { legal_forename: 'Zoe', legal_surname: 'Oneill-Hall' },
  ].map((one) => ({
    preferred_forename: null,
    preferred_surname: null,
    date_of_birth: null,
    ...one,
  }));
  const typed = { legal_forename: 'zoe ', legal_surname: "O'Neill", date_of_birth: '' };
  expect(namesakes(found, typed)).toEqual(found.slice(0, 3));
  expect(namesakes(found, { ...typed, date_of_birth: '2018-01-01' })).toEqual(found.slice(1, 3));
  expect(namesakes(found, { ...typed, legal_surname: '' })).toEqual([]);
});

test('only what is different is sent, in the kinds that the server takes', () => {
  const before = valuesOf(FIELDS, ZOE);
  expect(changesOf(FIELDS, before, { ...before, legal_forename: ' Zoë ' })).toEqual({});
  const typed = { ...before, upn: ' H801200001001', date_of_birth: '', in_care: 'yes' };
  expect(changesOf(FIELDS, before, typed)).toEqual({
    upn: 'H801200001001',
    date_of_birth: null,
    in_care: true,
  });
  expect(newPupilOf(FIELDS, { ...valuesOf(FIELDS), legal_forename: 'Ann', in_care: 'no' })).toEqual(
    {
      legal_forename: 'Ann',
      in_care: false,
    },
  );
});

test('values read as an office says them', () => {
  const [forename, , born, sex, care] = FIELDS as [PupilField, ...PupilField[]] as PupilField[];
  expect(inWords(born as PupilField, '2019-08-31')).toBe('31/08/2019');
  expect(inWords(sex as PupilField, 'F')).toBe('Female');
  expect(inWords(sex as PupilField, 'Q')).toBe('Q');
  expect(inWords(care as PupilField, false)).toBe('No');
  expect(inWords(forename as PupilField, null)).toBe('empty');
});

test('of two who change a pupil, neither loses anything', () => {
  const before = valuesOf(FIELDS, ZOE);
  const now = { ...ZOE, sex: 'F', in_care: true };
  const typed = { ...before, legal_forename: 'Zoe', sex: 'M' };
  const told = changedMeanwhile(FIELDS, ZOE, now, typed);
  expect(told.map((one) => [one.field.name, one.now, one.alsoMine])).toEqual([
    ['sex', 'F', true],
    ['in_care', true, false],
  ]);
  expect(merged(FIELDS, before, valuesOf(FIELDS, now), typed)).toEqual({
    legal_forename: 'Zoe',
    upn: '',
    date_of_birth: '2019-08-31',
    sex: 'M',
    in_care: 'yes',
  });
});

test('years above and below one’s age', () => {
  expect(yearsOff({ year_group: '3', year_group_of_age: '2' })).toBe(1);
  expect(yearsOff({ year_group: 'R', year_group_of_age: '1' })).toBe(-1);
  expect(yearsOff({ year_group: 'R', year_group_of_age: null })).toBeNull();
  expect([yearsApart(1), yearsApart(-2)]).toEqual(['1 year above', '2 years below']);
});
