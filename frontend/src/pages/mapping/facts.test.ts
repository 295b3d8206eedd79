/** Both sides of a difference, in words. */
import { expect, it } from 'vitest';
import { factsOf } from './facts';

it('sets the MIS and ours side by side and marks what differs', () => {
  const facts = factsOf(
    'Zoë O’Neill',
    { kind: 'pupil', upn: 'K801200001001', year_group: 'R', mis_id: 'x1', removed: false },
    { id: 'p1', upn: 'Y855218541923', year_group: 'R', active: true },
  );
  expect(facts).toEqual([
    { name: 'UPN', mis: 'K801200001001', here: 'Y855218541923', differs: true },
    { name: 'Year', mis: 'Reception', here: 'Reception', differs: false },
  ]);
});

it('reads the kind of a MIS group, and says no name twice', () => {
  const facts = factsOf(
    '3 Blue',
    { kind: 'group', group_kind: 'class', name: '3 Blue' },
    undefined,
  );
  expect(facts).toEqual([{ name: 'Kind', mis: 'Class', here: null, differs: false }]);
});

it('says when the record here is inactive', () => {
  expect(factsOf('', {}, { active: false })).toEqual([
    { name: 'Active', mis: null, here: 'No, inactive', differs: false },
  ]);
});
