/** What is typed of a group is what is sent, and what others changed is told. */
import { expect, it } from 'vitest';
import type { GroupDetail } from '~/api/groups';
import { changedMeanwhile, detailsOf, MIXED, NO_GROUP, valuesOf } from './group-form';

const blue = {
  name: '3 Blue',
  kind: 'class',
  year_group: '3',
  active: true,
} as unknown as GroupDetail;

it('sends no year group where years are mixed', () => {
  expect(detailsOf({ ...NO_GROUP, name: ' Choir ', kind: 'set' })).toEqual({
    name: 'Choir',
    kind: 'set',
    year_group: null,
  });
  expect(valuesOf({ ...blue, year_group: null }).year_group).toBe(MIXED);
  expect(detailsOf(valuesOf(blue))).toEqual({ name: '3 Blue', kind: 'class', year_group: '3' });
});

it('tells what somebody else changed, and nothing else', () => {
  expect(changedMeanwhile(blue, { ...blue, name: '3 Green', year_group: null })).toEqual([
    'Name is now: 3 Green',
    'Year group is now: Mixed years',
  ]);
  expect(changedMeanwhile(blue, { ...blue, active: false, version: 9 })).toEqual([
    'It is inactive now',
  ]);
});
