/** From an answer to the rows of the table and the pieces of the chart (R26). */
import { expect, it } from 'vitest';
import type { AttainmentChoices, AttainmentFigures } from '~/api/attainment';
import { chartOption, colourOf } from './chart-option';
import { attainmentSearch, chosenOf, scopeOf } from './choices';
import { attainmentFigures, hasMarks, shareText, someHidden } from './figures';

const half = { pupils: 5, per_cent: 50 };
const nobody = { pupils: 0, per_cent: 0 };
const figures = {
  pupils: 10,
  recorded: 10,
  bands: [half, half],
  at_or_above: half,
  not_recorded: nobody,
};

function term(id: string, marked: boolean) {
  const day = `2026-09-0${id}`;
  return { id, name: `T${id}`, academic_year: '2026/27', first_day: day, last_day: day, marked };
}

const ANSWER: AttainmentFigures = {
  of: 'Whole school',
  term: term('1', true),
  bands: [
    { id: 'b', code: 'B', name: 'Below', at_or_above: false },
    { id: 'j', code: 'J', name: 'Just at', at_or_above: true },
  ],
  comparisons: [{ name: 'sex', label: 'Sex', sides: ['Girls', 'Boys'] }],
  subjects: [
    { subject_id: 'e', subject: 'English', total: figures, compared: { sex: [figures, figures] } },
    { subject_id: 'm', subject: 'Maths', total: figures, compared: { sex: null } },
  ],
};

it('has a row for each subject, and one for each side where pupils are compared', () => {
  expect(attainmentFigures(ANSWER, {}).rows.map(({ group }) => group)).toEqual([
    'All pupils',
    'All pupils',
  ]);
  const table = attainmentFigures(ANSWER, { by: 'sex' });
  expect(table.title).toBe('Attainment: Whole school, T1 2026/27, by sex');
  expect(table.rows.map(({ subject, group }) => `${subject} ${group}`)).toEqual([
    'English All pupils',
    'English Girls',
    'English Boys',
    'Maths All pupils',
    'Maths Girls',
    'Maths Boys',
  ]);
  expect(table.rows.map(({ shown }) => shown !== null)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  expect([someHidden(table), hasMarks(table)]).toEqual([true, true]);
  expect(attainmentFigures(ANSWER, { subject: 'e' }).rows).toHaveLength(1);
});

it('draws what is shown and leaves out what is hidden', () => {
  const table = attainmentFigures(ANSWER, { by: 'sex' });
  const option = chartOption(table, DRAWING) as { yAxis: { data: string[] }; series: object[] };
  expect(option.yAxis.data).toEqual([
    'English: All pupils (10)',
    'English: Girls (10)',
    'English: Boys (10)',
    'Maths: All pupils (10)',
  ]);
  expect(option.series).toHaveLength(2);
  expect(colourOf(table.parts, 0)).not.toBe(colourOf(table.parts, 1));
});

it('says how many and how much, and no per cent of nobody', () => {
  expect(shareText(half)).toBe('5 (50%)');
  expect(shareText({ pupils: 0, per_cent: null })).toBe('0');
});

const DRAWING = { fontFamily: 'serif', narrow: false, titled: false };

const CHOICES: AttainmentChoices = {
  whole_school: true,
  academic_year: '2026/27',
  year_groups: [{ code: '3', label: 'Year 3' }],
  groups: [{ id: 'g', name: '3 Blue', kind: 'class', year_group: '3', pupils: 30 }],
  terms: [term('1', true), term('2', true), term('3', false)],
  subjects: [{ id: 'e', name: 'English', active: true }],
  comparisons: [],
};

it('begins with the last term that has marks, and the one before it', () => {
  expect(chosenOf({}, CHOICES)).toMatchObject({ of: 'school', term: '2', from: '1', to: '2' });
  const teacher = { ...CHOICES, whole_school: false, year_groups: [] };
  expect(chosenOf({ of: 'school' }, teacher)).toMatchObject({ of: 'g' });
  expect(chosenOf({}, { ...teacher, groups: [] })).toBeUndefined();
  expect(chosenOf({}, { ...CHOICES, terms: [] })).toBeUndefined();
});

it('takes from the address what is there, and nothing else', () => {
  const search = attainmentSearch({ view: 'secret', of: 'year-3', term: 'x', from: '2', to: '2' });
  expect(chosenOf(search, CHOICES)).toMatchObject({
    view: 'attainment',
    of: 'year-3',
    term: '2',
    from: '1',
    to: '2',
  });
  expect(scopeOf('year-3')).toEqual({ year_group: '3' });
  expect(scopeOf('school')).toEqual({});
  expect(scopeOf('g')).toEqual({ group_id: 'g' });
});
