/** Differences found by what an office would type (R19). */
import { expect, it } from 'vitest';
import type { Difference } from '~/api/mapping';
import { found, mappingSearch } from './mapping-search';

const DIFFERENCES = [
  {
    id: 'd1',
    kind: 'group_unmapped',
    match: 'new',
    label: '3 Blue',
    mis: { teachers: ['Ms Zoë O’Neill'] },
    suggestion: null,
  },
  {
    id: 'd2',
    kind: 'pupil_suggestion',
    match: 'may_match',
    label: 'Maya Patel',
    mis: { upn: 'K801200001001' },
    suggestion: { id: 'p1', label: 'Maya Patel', values: {} },
  },
] as unknown as Difference[];

function ids(search: Parameters<typeof found>[1]): string[] {
  return found(DIFFERENCES, search).map(({ id }) => id);
}

it('finds by name, by teacher without accents, by UPN, by kind and by state', () => {
  expect(ids({})).toEqual(['d1', 'd2']);
  expect(ids({ search: 'zoe' })).toEqual(['d1']);
  expect(ids({ search: 'k8012' })).toEqual(['d2']);
  expect(ids({ kind: 'pupil_suggestion' })).toEqual(['d2']);
  expect(ids({ match: 'new', search: 'maya' })).toEqual([]);
});

it('takes nothing from the address that is not a filter', () => {
  expect(mappingSearch({ tab: 'mapped', kind: 'x', match: 'new', of: 7 })).toMatchObject({
    tab: 'mapped',
    match: 'new',
  });
  expect(mappingSearch({ kind: 'x' }).kind).toBeUndefined();
});
